package cloudapi_test

import (
	"crypto/hmac"
	"crypto/sha256"
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

	"github.com/google/go-cmp/cmp"
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

// tc3 computes the Authorization header by the four steps of the API's
// documentation.
func tc3(secretID, secretKey, service, host, body string, at time.Time) string {
	mac := func(key []byte, text string) []byte {
		hash := hmac.New(sha256.New, key)
		_, _ = hash.Write([]byte(text))
		return hash.Sum(nil)
	}
	date := at.UTC().Format("2006-01-02")
	canonical := fmt.Sprintf("POST\n/\n\ncontent-type:application/json\nhost:%s\n\ncontent-type;host\n%x", host, sha256.Sum256([]byte(body)))
	toSign := fmt.Sprintf("TC3-HMAC-SHA256\n%d\n%s/%s/tc3_request\n%x", at.Unix(), date, service, sha256.Sum256([]byte(canonical)))
	key := mac(mac(mac([]byte("TC3"+secretKey), date), service), "tc3_request")
	return fmt.Sprintf("TC3-HMAC-SHA256 Credential=%s/%s/%s/tc3_request, SignedHeaders=content-type;host, Signature=%x",
		secretID, date, service, mac(key, toSign))
}

func TestRequestIsSignedAsDocumented(t *testing.T) {
	t.Parallel()
	const body = `{"SdkAppId":1400000001,"StreamUrl":"https://example.com/a?b=1\u0026c=\u003cd\u003e"}`
	signed := tc3(canaryID, canaryKey, "trtc", "trtc.intl.tencentcloudapi.com", body, startOfTime)
	headers := func(changes ...string) http.Header {
		header := http.Header{
			"Authorization": {signed}, "Content-Type": {"application/json"}, "X-Tc-Action": {"StartStreamIngest"},
			"X-Tc-Version": {"2019-07-22"}, "X-Tc-Region": {"ap-singapore"}, "X-Tc-Language": {"en-US"},
			"X-Tc-Timestamp": {strconv.FormatInt(startOfTime.Unix(), 10)}, "X-Tc-Requestclient": {"test"},
		}
		for change := range len(changes) / 2 {
			name, value := changes[2*change], changes[2*change+1]
			header.Set(name, value)
			if value == "" {
				header.Del(name)
			}
		}
		return header
	}
	cases := map[string]struct {
		credential cloudapi.Credential
		change     func(*cloudapi.Request)
		want       http.Header
	}{
		"permanent key": {credential: permanentKey(), want: headers()},
		"temporary key": {credential: temporaryKey(), want: headers("X-TC-Token", canaryToken)},
		"no region": {
			credential: permanentKey(), change: func(r *cloudapi.Request) { r.Region = "" },
			want: headers("X-TC-Region", ""),
		},
		"without a signature": {
			change: func(r *cloudapi.Request) { r.Unsigned = true },
			want:   headers("Authorization", "SKIP"),
		},
		"another service": {
			credential: permanentKey(),
			change:     func(r *cloudapi.Request) { r.Service, r.Version, r.Action = "sts", "2018-08-13", "AssumeRole" },
			want: headers("X-TC-Version", "2018-08-13", "X-TC-Action", "AssumeRole", "Authorization",
				tc3(canaryID, canaryKey, "sts", "trtc.intl.tencentcloudapi.com", body, startOfTime)),
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var kept journal
			request := start()
			if c.change != nil {
				c.change(&request)
			}
			var out taskAnswer
			requestID, err := inMemory(answering(t, &kept, http.StatusOK, goodAnswer)).Call(t.Context(), c.credential, request, &out)
			if err != nil || out.TaskID != "task-1" || requestID != "6c924bfe-1e6b-4bc3-9b93-000000000001" {
				t.Fatalf("Call = %q, %v with %+v, want the answer's fields", requestID, err, out)
			}
			sent := kept.all()
			if len(sent) != 1 {
				t.Fatalf("%d requests were sent, want 1", len(sent))
			}
			want := received{header: c.want, host: "trtc.intl.tencentcloudapi.com", url: "https://trtc.intl.tencentcloudapi.com/", body: body}
			if difference := cmp.Diff(want, sent[0], cmp.AllowUnexported(received{})); difference != "" {
				t.Errorf("request (-want +got):\n%s", difference)
			}
		})
	}
}

func TestEveryCallIsSignedAnew(t *testing.T) {
	t.Parallel()
	var kept journal
	fake := clocktest.New(startOfTime)
	client := cloudapi.NewClient(cloudapi.Config{Transport: answering(t, &kept, http.StatusOK, goodAnswer), Clock: fake})
	for range 3 {
		if _, err := client.Call(t.Context(), permanentKey(), start(), &taskAnswer{}); err != nil {
			t.Fatal(err)
		}
		// Across midnight, so that the date of the scope changes too.
		fake.Advance(90 * time.Second)
	}
	for number, sent := range kept.all() {
		at := startOfTime.Add(time.Duration(number) * 90 * time.Second)
		if got, want := sent.header.Get("X-TC-Timestamp"), strconv.FormatInt(at.Unix(), 10); got != want {
			t.Errorf("timestamp of call %d = %s, want %s", number, got, want)
		}
		if got, want := sent.header.Get("Authorization"), tc3(canaryID, canaryKey, "trtc", sent.host, sent.body, at); got != want {
			t.Errorf("signature of call %d:\n got %s\nwant %s", number, got, want)
		}
	}
}

func TestNewCredentialSignsTheNextCall(t *testing.T) {
	t.Parallel()
	var kept journal
	client := inMemory(answering(t, &kept, http.StatusOK, goodAnswer))
	renewed := temporaryKey()
	renewed.SecretID = "AKIDrenewed"
	for _, credential := range []cloudapi.Credential{temporaryKey(), renewed, permanentKey()} {
		for _, region := range []string{"ap-singapore", "ap-mumbai"} {
			request := start()
			request.Region = region
			if _, err := client.Call(t.Context(), credential, request, &taskAnswer{}); err != nil {
				t.Fatal(err)
			}
			sent := kept.all()
			last := sent[len(sent)-1]
			if got := last.header.Get("Authorization"); !strings.Contains(got, "Credential="+credential.SecretID+"/") {
				t.Errorf("signed with %s, want %s", got, credential.SecretID)
			}
			if got, want := last.header.Get("X-TC-Token"), credential.Token.Reveal(); got != want {
				t.Errorf("token = %q, want %q", got, want)
			}
			if got := last.header.Get("X-TC-Region"); got != region {
				t.Errorf("region = %q, want %q", got, region)
			}
		}
	}
}

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
			if got, want := second.header.Get("Authorization"), tc3(canaryID, canaryKey, "trtc", second.host, second.body, startOfTime.Add(c.skew)); got != want {
				t.Errorf("signature of the next call:\n got %s\nwant %s", got, want)
			}
		})
	}
}
