package chaos

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// ground is what the sequences of one worker share: sockets.
type ground struct {
	url       string
	transport *http.Transport
	// stage is the sequence that is being played.
	stage atomic.Pointer[universe]
	// answering is held by every call that is being answered.
	answering sync.RWMutex
	// turn numbers the operations. It changes while no call is being answered.
	turn atomic.Int64
	// panics counts those of the mock's handler.
	panics atomic.Int64
}

func newGround(t *testing.T) *ground {
	t.Helper()
	shared := &ground{}
	server := httptest.NewUnstartedServer(shared)
	server.Config.ErrorLog = log.New(panicCounter{&shared.panics}, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	shared.url = server.URL
	shared.transport = &http.Transport{DialContext: dial}
	t.Cleanup(shared.transport.CloseIdleConnections)
	return shared
}

// panicCounter is a log that counts the panics it is told of.
type panicCounter struct{ count *atomic.Int64 }

// Write looks for the word.
func (p panicCounter) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "panic") {
		p.count.Add(1)
	}
	return len(line), nil
}

// turnHeader says which operation a call belongs to.
const turnHeader = "X-Chaos-Turn"

// ServeHTTP gives a call to the sequence that is being played. A call of an
// operation that is over, on which its caller gave up before it was accepted,
// gets lost: it would be taken for one of the operation that follows.
func (g *ground) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.answering.RLock()
	defer g.answering.RUnlock()
	if r.Header.Get(turnHeader) != g.currentTurn() {
		return
	}
	g.stage.Load().serve(w, r)
}

// nextTurn waits until no call is being answered, and begins another operation.
func (g *ground) nextTurn() {
	g.answering.Lock()
	defer g.answering.Unlock()
	g.turn.Add(1)
}

func (g *ground) currentTurn() string { return strconv.FormatInt(g.turn.Load(), 10) }

// road carries the requests of one sequence, or refuses to.
type road struct {
	ground *ground
	script *script
}

type refusal struct{}

var errRefused = errors.New("connection refused by the script")

// RoundTrip refuses to connect when the script says so.
func (r road) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set(turnHeader, r.ground.currentTurn())
	if r.script.departing(request.Header.Get("X-TC-Action")) {
		r.ground.transport.CloseIdleConnections()
		request = request.WithContext(context.WithValue(request.Context(), refusal{}, true))
	}
	return r.ground.transport.RoundTrip(request)
}

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	if ctx.Value(refusal{}) != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errRefused}
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// interrupting cancels an operation when its answer begins.
type interrupting struct {
	http.ResponseWriter

	cancel func()
}

// WriteHeader cancels first.
func (i interrupting) WriteHeader(status int) {
	i.cancel()
	i.ResponseWriter.WriteHeader(status)
}

// Unwrap leads to what can be flushed and hijacked.
func (i interrupting) Unwrap() http.ResponseWriter { return i.ResponseWriter }
