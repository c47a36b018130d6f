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
	// and open by whoever lets it pass.
	reached, gone, open chan struct{}
}

func newGate(mock http.Handler, at moment) *gate {
	return &gate{
		mock: mock, at: at,
		reached: make(chan struct{}), gone: make(chan struct{}), open: make(chan struct{}),
	}
}

// ServeHTTP gives the call to the mock, whether its caller still waits or not.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	hold := func() {}
	if r.Header.Get("X-TC-Action") == g.at.action {
		g.once.Do(func() { hold = func() { g.hold(r) } })
	}
	if !g.at.ran {
		hold()
	}
	answer := httptest.NewRecorder()
	g.mock.ServeHTTP(answer, r)
	if g.at.ran {
		hold()
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
		<-g.open
	case <-g.open:
	}
}

// passes opens the gate; for a call that is cancelled, not before its caller
// has given up.
func (g *gate) passes(cancelled bool) {
	if cancelled {
		select {
		case <-g.gone:
		case <-time.After(10 * time.Second):
		}
	}
	close(g.open)
}
