package cloudapi_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	canaryID    = "AKIDcanary0000000000"
	canaryKey   = "canary-secret-key"
	canaryToken = "canary-security-token"
	canaryBody  = "canary-response-body"

	goodID       = "6c924bfe-1e6b-4bc3-9b93-000000000001"
	goodResponse = `{"Response":{"TaskId":"task-1","RequestId":"` + goodID + `"}}`
)

// clockStart is the time of the tests' clocks: far from the system's, so that a
// timestamp shows which clock it is from.
var clockStart = time.Date(2031, 7, 4, 23, 59, 58, 0, time.UTC)

func permanentKey() cloudapi.Credential {
	return cloudapi.Credential{SecretID: secret.New(canaryID), SecretKey: secret.New(canaryKey)}
}

func temporaryKey() cloudapi.Credential {
	credential := permanentKey()
	credential.Token = secret.New(canaryToken)
	return credential
}

// taskOutput is an output with a required field.
type taskOutput struct {
	TaskID string `json:"TaskId"`
}

func (o taskOutput) IsComplete() bool { return o.TaskID != "" }

func refusal(code string) string {
	return `{"Response":{"Error":{"Code":"` + code + `","Message":"Because."},"RequestId":"6c924bfe-1e6b-4bc3-9b93-000000000002"}}`
}

// outcomeOf returns the outcome of a call that returned err.
func outcomeOf(err error) cloudapi.Outcome {
	var refused *cloudapi.APIError
	var failed *cloudapi.ExchangeError
	switch {
	case err == nil:
		return cloudapi.Answered
	case errors.As(err, &refused):
		return cloudapi.Refused
	case errors.As(err, &failed):
		return failed.Outcome
	default:
		return "unknown"
	}
}

// expectFailure checks the ExchangeError that err must be, and that neither it nor
// what it wraps quotes a canary or is long.
func expectFailure(t testing.TB, err error, outcome cloudapi.Outcome, reason cloudapi.Reason, status int) *cloudapi.ExchangeError {
	t.Helper()
	failed, ok := errors.AsType[*cloudapi.ExchangeError](err)
	if !ok || failed.Outcome != outcome || failed.Reason != reason || failed.Status != status || failed.Action != "StartStreamIngest" {
		t.Fatalf("error = %T %+v, want %v, %q, status %d", err, err, outcome, reason, status)
	}
	for err := err; err != nil; err = errors.Unwrap(err) {
		if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, "canary") || len(err.Error()) > 1<<10 {
			t.Errorf("%T quotes a canary, or is too long: %.300s", err, text)
		}
	}
	return failed
}

// received is one request as a transport receives it.
type received struct {
	header    http.Header
	host, url string
	body      string
}

// roundTrip is a transport in memory.
type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// wire is a roundTrip that keeps the requests. It is safe for concurrent use.
type wire struct {
	roundTrip

	mu   sync.Mutex
	seen []received
}

// RoundTrip keeps the request and responds.
func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.seen = append(w.seen, received{header: request.Header.Clone(), host: request.Host, url: request.URL.String(), body: string(body)})
	w.mu.Unlock()
	return w.roundTrip(request)
}

func (w *wire) requests() []received {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.seen)
}

// connect calls the trace of request as a transport does before it writes.
func connect(request *http.Request) {
	httptrace.ContextClientTrace(request.Context()).GotConn(httptrace.GotConnInfo{})
}

func response(request *http.Request, status int, body io.Reader) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(body), Request: request}
}

// respond is a wire that always has the same response.
func respond(status int, body string) *wire {
	return &wire{roundTrip: func(request *http.Request) (*http.Response, error) {
		connect(request)
		return response(request, status, strings.NewReader(body)), nil
	}}
}

func newClient(transport http.RoundTripper) *cloudapi.Client {
	return cloudapi.NewClient(cloudapi.Config{Transport: transport, Clock: clocktest.New(clockStart), UserAgent: "test"})
}

// start returns a request like the provider's.
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

// call sends request with a temporary key.
func call(t testing.TB, transport http.RoundTripper, request cloudapi.Request) error {
	t.Helper()
	_, err := newClient(transport).Call(t.Context(), temporaryKey(), request, &taskOutput{})
	return err
}

// newTransport returns a transport whose connections end with the test.
func newTransport(t testing.TB) *http.Transport {
	t.Helper()
	transport := cloudapi.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// newServer starts a server, and returns a request to it.
func newServer(t testing.TB, handler http.HandlerFunc) cloudapi.Request {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A server notices that its client is gone only when it has read all.
		_, _ = io.Copy(io.Discard, r.Body)
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	request := start()
	request.Endpoint = cloudapi.Endpoint{Scheme: "http", Host: server.Listener.Addr().String()}
	return request
}

// raw writes bytes as the response, waits for over unless it is nil, and closes the
// connection.
func raw(t testing.TB, w http.ResponseWriter, bytes string, over <-chan struct{}) {
	t.Helper()
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = connection.Close() }()
	// The client may be gone before it has read everything.
	_, _ = io.WriteString(connection, bytes)
	if over != nil {
		<-over
	}
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestCall_RequestClient fits user agents to the set that the API documents.
func TestCall_RequestClient(t *testing.T) {
	t.Parallel()
	for userAgent, want := range map[string]string{
		"a-Z_0 ,;.":                     "a-Z_0 ,;.",
		"Terraform/1.14.0 (+https://x)": "Terraform_1.14.0 __https___x_",
		"a\r\nX-Evil: 1":                "a__X-Evil_ 1",
		"é中\xff":                        "___",
		strings.Repeat("é", 200):        strings.Repeat("_", 128),
		"":                              "terraform-provider-trtc",
	} {
		wire := respond(http.StatusOK, goodResponse)
		client := cloudapi.NewClient(cloudapi.Config{Transport: wire, UserAgent: userAgent})
		if _, err := client.Call(t.Context(), permanentKey(), start(), &taskOutput{}); err != nil {
			t.Fatal(err)
		}
		if got := wire.requests()[0].header.Get("X-TC-RequestClient"); got != want {
			t.Errorf("X-TC-RequestClient of %q = %q, want %q", userAgent, got, want)
		}
	}
}

// TestCall_CorrectsClock lets the service refuse a signature for its time, with the
// service's time in the head of the response.
func TestCall_CorrectsClock(t *testing.T) {
	t.Parallel()
	const expired = "AuthFailure.SignatureExpire"
	at := func(skew time.Duration) string { return clockStart.Add(skew).Format(http.TimeFormat) }
	for name, c := range map[string]struct {
		code, date string
		skew       time.Duration
	}{
		"behind":          {expired, at(-time.Hour), -time.Hour},
		"ahead":           {expired, at(7 * time.Minute), 7 * time.Minute},
		"nearly the same": {expired, at(30 * time.Second), 0},
		"no date":         {expired, "", 0},
		"another refusal": {"AuthFailure.SignatureFailure", at(-time.Hour), 0},
		"without refusal": {"", at(-time.Hour), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wire := &wire{roundTrip: func(request *http.Request) (*http.Response, error) {
				body := goodResponse
				if c.code != "" {
					body = refusal(c.code)
				}
				response := response(request, http.StatusOK, strings.NewReader(body))
				response.Header.Set("Date", c.date)
				return response, nil
			}}
			client := newClient(wire)
			for number, want := range []bool{c.skew != 0, false} {
				_, err := client.Call(t.Context(), permanentKey(), start(), &taskOutput{})
				if refused, ok := errors.AsType[*cloudapi.APIError](err); ok && refused.ClockCorrected != want {
					t.Errorf("call %d: ClockCorrected = %t, want %t", number+1, refused.ClockCorrected, want)
				}
			}
			if got := client.ClockSkew(); got != c.skew {
				t.Errorf("ClockSkew = %v, want %v", got, c.skew)
			}
			second := wire.requests()[1]
			if got, want := second.header.Get("X-TC-Timestamp"), strconv.FormatInt(clockStart.Add(c.skew).Unix(), 10); got != want {
				t.Errorf("timestamp of the next call = %s, want %s", got, want)
			}
		})
	}
}
