package cloudapi_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	canaryID    = "AKIDcanary0000000000"
	canaryKey   = "canary-secret-key"
	canaryToken = "canary-security-token"
	canaryBody  = "canary-answer-body"
)

// startOfTime is where the clocks of the tests stand: far from the system's,
// so that a timestamp shows which clock it is from.
var startOfTime = time.Date(2031, 7, 4, 23, 59, 58, 0, time.UTC)

func permanentKey() cloudapi.Credential {
	return cloudapi.Credential{SecretID: canaryID, SecretKey: secret.New(canaryKey)}
}

func temporaryKey() cloudapi.Credential {
	credential := permanentKey()
	credential.Token = secret.New(canaryToken)
	return credential
}

// taskAnswer is an output with a field that must be there.
type taskAnswer struct {
	TaskID string `json:"TaskId"`
}

func (a taskAnswer) Validate() error {
	if a.TaskID == "" {
		return io.ErrUnexpectedEOF
	}
	return nil
}

const goodAnswer = `{"Response":{"TaskId":"task-1","RequestId":"6c924bfe-1e6b-4bc3-9b93-000000000001"}}`

// received is one request as a transport or server saw it.
type received struct {
	header    http.Header
	host, url string
	body      string
}

// journal keeps requests. It is safe for concurrent use.
type journal struct {
	mu   sync.Mutex
	seen []received
}

func (j *journal) note(t testing.TB, request *http.Request) {
	t.Helper()
	body, err := io.ReadAll(request.Body)
	if err != nil {
		t.Errorf("the request's body cannot be read: %v", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seen = append(j.seen, received{header: request.Header.Clone(), host: request.Host, url: request.URL.String(), body: string(body)})
}

func (j *journal) all() []received {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]received(nil), j.seen...)
}

// roundTrip is a transport in memory.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// connected tells the trace of request what a transport tells it before it
// writes.
func connected(request *http.Request) {
	httptrace.ContextClientTrace(request.Context()).GotConn(httptrace.GotConnInfo{})
}

// answering is a transport that gives every request the same answer.
func answering(t testing.TB, kept *journal, status int, body string) roundTrip {
	t.Helper()
	return func(request *http.Request) (*http.Response, error) {
		kept.note(t, request)
		connected(request)
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: request}, nil
	}
}

// inMemory returns a caller whose requests are answered by transport.
func inMemory(transport http.RoundTripper) *cloudapi.Caller {
	return cloudapi.NewCaller(cloudapi.Config{Transport: transport, Clock: clocktest.New(startOfTime), UserAgent: "test"})
}

// start is a request like the provider's.
func start() cloudapi.Request {
	return cloudapi.Request{
		Endpoint:   cloudapi.Endpoint{Scheme: "https", Host: "trtc.intl.tencentcloudapi.com"},
		Service:    "trtc",
		Version:    "2019-07-22",
		Action:     "StartStreamIngest",
		Region:     "ap-singapore",
		Parameters: map[string]any{"SdkAppId": 1400000001, "StreamUrl": "https://example.com/a?b=1&c=<d>"},
	}
}

// onServer starts a server for the test, and returns a request to it and a
// caller whose connections end with the test.
func onServer(t testing.TB, handler http.HandlerFunc) (*cloudapi.Caller, cloudapi.Request) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A server notices that its client is gone only when it has read all.
		_, _ = io.Copy(io.Discard, r.Body)
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	transport := cloudapi.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	request := start()
	request.Endpoint = cloudapi.Endpoint{Scheme: "http", Host: server.Listener.Addr().String()}
	return inMemory(transport), request
}

// raw answers with bytes of the handler's own making and closes the connection.
func raw(t testing.TB, w http.ResponseWriter, answer string) {
	t.Helper()
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Errorf("the connection cannot be taken over: %v", err)
		return
	}
	defer func() { _ = connection.Close() }()
	// The client may be gone before it has read everything.
	_, _ = io.WriteString(connection, answer)
}

// quiet keeps what a server thinks of its clients out of the tests' output.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
