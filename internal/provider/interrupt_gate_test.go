//go:build !windows

package provider_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// moment is a point on the way of a call.
type moment struct {
	action string
	// ran is the point after the service has run the call and before its answer
	// leaves; else it is the one before the call is run.
	ran bool
}

// gate holds the first call of an action at a moment.
type gate struct {
	mock http.Handler
	at   moment

	once sync.Once
	// reached is closed when the call is there, gone when its caller gave up,
	// opened by whoever lets it pass, and done when it is run and answered.
	reached, gone, opened, done chan struct{}
	open                        func()
}

func newGate(mock http.Handler, at moment) *gate {
	opened := make(chan struct{})
	return &gate{
		mock: mock, at: at,
		reached: make(chan struct{}), gone: make(chan struct{}), done: make(chan struct{}),
		opened: opened, open: sync.OnceFunc(func() { close(opened) }),
	}
}

// ServeHTTP gives the call to the mock, whether its caller still waits or not.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	held := false
	if r.Header.Get("X-TC-Action") == g.at.action {
		g.once.Do(func() { held = true })
	}
	if held {
		defer close(g.done)
	}
	if held && !g.at.ran {
		g.hold(r)
	}
	answer := httptest.NewRecorder()
	g.mock.ServeHTTP(answer, r)
	if held && g.at.ran {
		g.hold(r)
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // Who has gone is told nothing.
}

// hold waits until the gate opens, and notes when the caller gives up.
func (g *gate) hold(r *http.Request) {
	close(g.reached)
	select {
	case <-r.Context().Done():
		close(g.gone)
		<-g.opened
	case <-g.opened:
	}
}

// passes opens the gate and waits until the call is through; for a call that is
// cancelled, the gate stays closed until its caller has given up.
func (g *gate) passes(cancelled bool) {
	if cancelled {
		select {
		case <-g.gone:
		case <-time.After(10 * time.Second):
		}
	}
	g.open()
	<-g.done
}
