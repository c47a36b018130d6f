package chaos

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// harness has the sockets that the sequences of one worker share.
type harness struct {
	url       string
	transport *http.Transport
	// current is the current sequence.
	current atomic.Pointer[simulation]
	// serving is read-locked during each call.
	serving sync.RWMutex
	// turn is the number of the operation. It does not change during a call.
	turn atomic.Int64
	// journals has the start journal of each sequence.
	journals  string
	sequences atomic.Int64
	// tally is shared by all workers. broken is set when a promise was broken: after
	// that, rapid only shrinks the same sequence.
	tally  *tally
	broken bool
}

// count adds to the tally.
func (h *harness) count(name string, count int) {
	if !h.broken {
		h.tally.add(name, count)
	}
}

func newHarness(t *testing.T, total *tally) *harness {
	t.Helper()
	shared := &harness{journals: t.TempDir(), tally: total}
	server := httptest.NewServer(shared)
	t.Cleanup(server.Close)
	shared.url = server.URL
	shared.transport = &http.Transport{DialContext: dial}
	t.Cleanup(shared.transport.CloseIdleConnections)
	return shared
}

// turnHeader has the number of the operation of a call.
const turnHeader = "X-Chaos-Turn"

// ServeHTTP passes a call to the current sequence. A call of an earlier operation,
// whose caller gave up before it was accepted, is dropped, because it would be
// attributed to the current operation.
func (h *harness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.serving.RLock()
	defer h.serving.RUnlock()
	if r.Header.Get(turnHeader) != h.currentTurn() {
		return
	}
	h.current.Load().serve(w, r)
}

// nextTurn waits until no call is in flight and starts the next operation.
func (h *harness) nextTurn() {
	h.serving.Lock()
	defer h.serving.Unlock()
	h.turn.Add(1)
}

func (h *harness) currentTurn() string { return strconv.FormatInt(h.turn.Load(), 10) }

// transport sends the requests of one sequence.
type transport struct {
	harness *harness
	script  *script
	// kill cancels the operation.
	kill func()
}

// errKilled is the panic value of a killed provider. The context of the operation is
// canceled first, so that the provider records nothing more.
var errKilled = errors.New("killed by the script")

// refusedConnection is the context key of a refused connection.
type refusedConnection struct{}

var errRefused = errors.New("connection refused by the script")

// RoundTrip refuses to connect if the script has such a fault.
func (t transport) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set(turnHeader, t.harness.currentTurn())
	action := request.Header.Get("X-TC-Action")
	if t.script.hits(action, killBefore) {
		t.kill()
		panic(errKilled) //nolint:forbidigo // A process that is killed does not return.
	}
	if t.script.hits(action, noConnection) {
		t.harness.transport.CloseIdleConnections()
		request = request.WithContext(context.WithValue(request.Context(), refusedConnection{}, true))
	}
	response, err := t.harness.transport.RoundTrip(request)
	if err == nil && t.script.hits(action, killAfter) {
		_ = response.Body.Close()
		t.kill()
		panic(errKilled) //nolint:forbidigo // A process that is killed does not return.
	}
	return response, err
}

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	if ctx.Value(refusedConnection{}) != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errRefused}
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// interrupting cancels an operation when its response begins.
type interrupting struct {
	http.ResponseWriter

	cancel func()
}

// WriteHeader cancels the operation first.
func (i interrupting) WriteHeader(status int) {
	i.cancel()
	i.ResponseWriter.WriteHeader(status)
}

// Unwrap returns the writer that can be flushed and hijacked.
func (i interrupting) Unwrap() http.ResponseWriter { return i.ResponseWriter }
