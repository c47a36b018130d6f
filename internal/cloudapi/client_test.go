package cloudapi_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
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
	canaryBody  = "canary-answer-body"
)

// startOfTime is where the clocks of the tests stand: far from the system's,
// so that a timestamp shows which clock it is from.
var startOfTime = time.Date(2031, 7, 4, 23, 59, 58, 0, time.UTC)

func permanentKey() cloudapi.Credential {
	return cloudapi.Credential{SecretID: secret.New(canaryID), SecretKey: secret.New(canaryKey)}
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

// outcomeOf returns what an error of Call says about the call.
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
		return -1
	}
}

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

// connected calls the trace of request as a transport does before it writes.
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

// inMemory returns a client whose requests are answered by transport.
func inMemory(transport http.RoundTripper) *cloudapi.Client {
	return cloudapi.NewClient(cloudapi.Config{Transport: transport, Clock: clocktest.New(startOfTime), UserAgent: "test"})
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
// client whose connections end with the test.
func onServer(t testing.TB, handler http.HandlerFunc) (*cloudapi.Client, cloudapi.Request) {
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

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRequestClientFitsTheDocumentedSet(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ userAgent, want string }{
		"as it is":        {userAgent: "a-Z_0 ,;.", want: "a-Z_0 ,;."},
		"slashes":         {userAgent: "Terraform/1.14.0 (+https://x)", want: "Terraform_1.14.0 __https___x_"},
		"header injector": {userAgent: "a\r\nX-Evil: 1", want: "a__X-Evil_ 1"},
		"not ASCII":       {userAgent: "é中\xff", want: "___"},
		"longest":         {userAgent: strings.Repeat("a", 128), want: strings.Repeat("a", 128)},
		"too long":        {userAgent: strings.Repeat("é", 200), want: strings.Repeat("_", 128)},
		"nothing":         {userAgent: "", want: "terraform-provider-trtc"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, unsigned := range []bool{false, true} {
				var kept journal
				client := cloudapi.NewClient(cloudapi.Config{Transport: answering(t, &kept, http.StatusOK, goodAnswer), UserAgent: c.userAgent})
				request := start()
				request.Unsigned = unsigned
				if _, err := client.Call(t.Context(), permanentKey(), request, &taskAnswer{}); err != nil {
					t.Fatal(err)
				}
				if got := kept.all()[0].header.Get("X-TC-RequestClient"); got != c.want {
					t.Errorf("X-TC-RequestClient = %q, want %q", got, c.want)
				}
			}
		})
	}
}

// TestParallelCallsKeepApart checks that each call gets the answer to its own
// request, signed with its own key, while keys and regions change.
func TestParallelCallsKeepApart(t *testing.T) {
	t.Parallel()
	const callers, calls = 8, 25
	client, request := onServer(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"Response":{"TaskId":"%s %s","RequestId":"r"}}`, r.Header.Get("X-TC-Region"), r.Header.Get("X-TC-Token"))
	})
	var group sync.WaitGroup
	for number := range callers {
		group.Go(func() {
			for call := range calls {
				own := request
				own.Region = fmt.Sprintf("region-%d", number%3)
				credential := permanentKey()
				credential.Token = secret.New(fmt.Sprintf("token-%d", call%2))
				var out taskAnswer
				_, err := client.Call(t.Context(), credential, own, &out)
				if want := own.Region + " " + credential.Token.Reveal(); err != nil || out.TaskID != want {
					t.Errorf("Call = %q, %v, want %q", out.TaskID, err, want)
				}
			}
		})
	}
	group.Wait()
}

// TestSystemDefaults lets a client without a configuration fail without having
// sent anything.
func TestSystemDefaults(t *testing.T) {
	t.Parallel()
	request := start()
	request.Endpoint = cloudapi.Endpoint{}
	_, err := cloudapi.NewClient(cloudapi.Config{}).Call(t.Context(), permanentKey(), request, io.Discard)
	if got := outcomeOf(err); got != cloudapi.NotSent {
		t.Errorf("outcome = %v, want not sent", got)
	}
}

// TestClockIsCorrected lets the service refuse a signature for its time, with
// the service's time in the answer's head.
func TestClockIsCorrected(t *testing.T) {
	t.Parallel()
	const expired = "AuthFailure.SignatureExpire"
	for name, c := range map[string]struct {
		code, date string
		skew       time.Duration // of the service, 0 when it is not believed
	}{
		"behind":            {code: expired, date: startOfTime.Add(-time.Hour).Format(http.TimeFormat), skew: -time.Hour},
		"ahead":             {code: expired, date: startOfTime.Add(7 * time.Minute).Format(http.TimeFormat), skew: 7 * time.Minute},
		"the same":          {code: expired, date: startOfTime.Add(30 * time.Second).Format(http.TimeFormat)},
		"no date":           {code: expired},
		"no time":           {code: expired, date: "canary"},
		"another refusal":   {code: "AuthFailure.SignatureFailure", date: startOfTime.Add(-time.Hour).Format(http.TimeFormat)},
		"no refusal at all": {date: startOfTime.Add(-time.Hour).Format(http.TimeFormat)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var kept journal
			client := inMemory(roundTrip(func(r *http.Request) (*http.Response, error) {
				kept.note(t, r)
				body := goodAnswer
				if c.code != "" {
					body = refusal(c.code)
				}
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Date": {c.date}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
			}))
			for call, want := range []bool{c.skew != 0, false} {
				_, err := client.Call(t.Context(), permanentKey(), start(), &taskAnswer{})
				var refused *cloudapi.APIError
				if errors.As(err, &refused) && refused.ClockCorrected != want {
					t.Errorf("call %d: ClockCorrected = %v, want %v", call+1, refused.ClockCorrected, want)
				}
			}
			if got := client.ClockSkew(); got != c.skew {
				t.Errorf("ClockSkew = %v, want %v", got, c.skew)
			}
			second := kept.all()[1]
			if got, want := second.header.Get("X-TC-Timestamp"), strconv.FormatInt(startOfTime.Add(c.skew).Unix(), 10); got != want {
				t.Errorf("timestamp of the next call = %s, want %s", got, want)
			}
			if got, want := second.header.Get("Authorization"), tc3("trtc", second.host, second.body, startOfTime.Add(c.skew)); got != want {
				t.Errorf("signature of the next call:\n got %s\nwant %s", got, want)
			}
		})
	}
}
