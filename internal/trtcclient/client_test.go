package trtcclient_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const (
	region   = "ap-singapore"
	sdkAppID = 1400000001

	canaryID      = "AKIDcanary0000000000"
	canaryKey     = "canary-secret-key"
	canaryToken   = "canary-security-token"
	canaryUserSig = "canary-user-sig"
	canaryMapKey  = "canary-private-map-key"
	canaryURL     = "https://user:canary-password@example.com/live.flv?sign=canary-query"
)

var international = cloudapi.Endpoint{Scheme: "https", Host: "trtc.intl.tencentcloudapi.com"}

// keys is a credential source that always has the same key.
type keys struct{ cloudapi.Credential }

func (k keys) Retrieve(context.Context) (cloudapi.Credential, error) { return k.Credential, nil }

func canaryKeys() keys {
	return keys{cloudapi.Credential{SecretID: secret.New(canaryID), SecretKey: secret.New(canaryKey), Token: secret.New(canaryToken)}}
}

func startInput() trtcclient.StartInput {
	return trtcclient.StartInput{
		SdkAppID: sdkAppID, RoomID: "1001", RoomIDType: 1, UserID: "robot-1",
		StreamURL: secret.New(canaryURL),
	}
}

// canaryTickets returns the tickets of every attempt of a start.
func canaryTickets(ctx context.Context) (context.Context, trtcclient.Tickets) {
	return ctx, trtcclient.Tickets{UserSig: secret.New(canaryUserSig), PrivateMapKey: secret.New(canaryMapKey)}
}

// startTask starts a task with canaryTickets and returns its TaskId.
func startTask(ctx context.Context, client *trtcclient.Client, in trtcclient.StartInput) (string, error) {
	started, err := client.Start(ctx, region, in, canaryTickets, func(string) {})
	return started.TaskID, err
}

func updateInput() trtcclient.UpdateInput {
	return trtcclient.UpdateInput{StreamURL: secret.New(canaryURL)}
}

func task() trtcclient.Task {
	return trtcclient.Task{Region: region, SdkAppID: sdkAppID, TaskID: "task-1"}
}

const (
	startAction    = "StartStreamIngest"
	describeAction = "DescribeStreamIngest"
	updateAction   = "UpdateStreamIngest"
	stopAction     = "StopStreamIngest"
)

// actions are the four calls.
var actions = map[string]func(context.Context, *trtcclient.Client) error{
	startAction: func(ctx context.Context, client *trtcclient.Client) error {
		taskID, err := startTask(ctx, client, startInput())
		return wantResponse(taskID, "task-1", err)
	},
	describeAction: func(ctx context.Context, client *trtcclient.Client) error {
		status, err := client.Describe(ctx, task())
		return wantResponse(string(status), "InProgress", err)
	},
	updateAction: func(ctx context.Context, client *trtcclient.Client) error {
		status, err := client.Update(ctx, task(), updateInput())
		return wantResponse(string(status), "InProgress", err)
	},
	stopAction: func(ctx context.Context, client *trtcclient.Client) error {
		return client.Stop(ctx, task())
	},
}

var errWrongResponse = errors.New("the call succeeded with a wrong response")

func wantResponse(got, want string, err error) error {
	if err == nil && got != want {
		return errWrongResponse
	}
	return err
}

// goodResponse is a success for each of the four actions.
const goodResponse = `{"Response":{"TaskId":"task-1","Status":"InProgress","RequestId":"` + goodID + `"}}`

const goodID, refusedID = "6c924bfe-0000-0000-0000-000000000001", "6c924bfe-0000-0000-0000-000000000002"

// refusal is a response with an error code.
func refusal(code string) string {
	return `{"Response":{"Error":{"Code":"` + code + `","Message":"No."},"RequestId":"` + refusedID + `"}}`
}

// failure returns the Error that err must be.
func failure(t testing.TB, err error) *trtcclient.Error {
	t.Helper()
	failed, ok := errors.AsType[*trtcclient.Error](err)
	if !ok {
		t.Fatalf("error = %T %v, want an Error", err, err)
	}
	return failed
}

// expectRun checks that err reports whether the service may have run the call.
func expectRun(t testing.TB, err error, want bool) *trtcclient.Error {
	t.Helper()
	failed := failure(t, err)
	if failed.MayHaveRun != want || failed.Since.IsZero() == want {
		t.Errorf("error = %+v, want it to report that the call may have run: %t", failed, want)
	}
	return failed
}

// expectNoCanary checks that no form of value, or of an error that it wraps, shows a
// secret or a part of a body, and that errors are short.
func expectNoCanary(t *testing.T, value any) {
	t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		if shown := fmt.Sprintf(verb, value); strings.Contains(shown, "canary") {
			t.Errorf("%T in %s shows a canary: %.400s", value, verb, shown)
		}
	}
	err, ok := value.(error)
	if !ok {
		return
	}
	if len(err.Error()) >= 1<<10 {
		t.Errorf("%T has a text of %d bytes: %.200s", err, len(err.Error()), err)
	}
	switch wrapping := value.(type) {
	case interface{ Unwrap() error }:
		expectNoCanary(t, wrapping.Unwrap())
	case interface{ Unwrap() []error }:
		for _, wrapped := range wrapping.Unwrap() {
			expectNoCanary(t, wrapped)
		}
	}
}

// inBubble runs a parallel subtest in a synctest bubble, whose clock only waits
// advance.
func inBubble(t *testing.T, name string, test func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, test)
	})
}

// forEachAction runs test in a bubble for each of the four calls.
func forEachAction(t *testing.T, name string, test func(t *testing.T, action string, run func(context.Context, *trtcclient.Client) error)) {
	t.Helper()
	for action, run := range actions {
		inBubble(t, name+"/"+action, func(t *testing.T) { test(t, action, run) })
	}
}

// reply is the fate of one request: whether it is written, and the response.
type reply struct {
	written bool
	respond func(*http.Request) (*http.Response, error)
}

// RoundTrip plays the reply.
func (r reply) RoundTrip(request *http.Request) (*http.Response, error) {
	if r.written {
		if write(request); request.Context().Err() != nil {
			return nil, context.Cause(request.Context())
		}
	}
	return r.respond(request)
}

// write calls the trace of a request as net/http does when it writes a request.
func write(request *http.Request) {
	trace := httptrace.ContextClientTrace(request.Context())
	trace.GotConn(httptrace.GotConnInfo{})
	if request.Context().Err() == nil {
		trace.WroteHeaders()
	}
}

// service is the API as a transport in memory, for tests in a bubble. It plays a
// script, whose last reply it repeats.
type service struct {
	t      testing.TB
	mu     sync.Mutex
	script []reply
	seen   []sent
	// attempts are those that a client of the service observed.
	attempts []trtcclient.Attempt
}

// sent is one request as the service receives it.
type sent struct {
	at                                      time.Time
	action, region, timestamp, signed, body string
}

func newService(t testing.TB, script ...reply) *service {
	t.Helper()
	return &service{t: t, script: script}
}

// RoundTrip plays the next reply.
func (s *service) RoundTrip(request *http.Request) (*http.Response, error) {
	s.mu.Lock()
	next := s.script[0]
	if len(s.script) > 1 {
		s.script = s.script[1:]
	}
	s.mu.Unlock()
	return reply{next.written, func(request *http.Request) (*http.Response, error) {
		s.note(request)
		return next.respond(request)
	}}.RoundTrip(request)
}

func (s *service) note(request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		s.t.Errorf("the body of a request cannot be read: %v", err)
	}
	header := request.Header
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, sent{
		at: time.Now(), action: header.Get("X-TC-Action"), region: header.Get("X-TC-Region"),
		timestamp: header.Get("X-TC-Timestamp"), signed: header.Get("Authorization"), body: string(body),
	})
}

func (s *service) requests() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// times returns when the requests arrived.
func (s *service) times() []time.Time {
	var times []time.Time
	for _, request := range s.requests() {
		times = append(times, request.at)
	}
	return times
}

// gaps returns the times between one request and the next.
func (s *service) gaps() []time.Duration {
	var gaps []time.Duration
	for times := s.times(); len(times) > 1; times = times[1:] {
		gaps = append(gaps, times[1].Sub(times[0]))
	}
	return gaps
}

// over returns a client of the API with a transport.
func over(transport http.RoundTripper) *cloudapi.Client {
	return cloudapi.NewClient(cloudapi.Config{Transport: transport})
}

// client returns a client of the service.
func (s *service) client(changes ...func(*trtcclient.Config)) *trtcclient.Client {
	config := trtcclient.Config{
		Endpoint: international, Credentials: canaryKeys(), API: over(s),
		Observe: func(_ context.Context, attempt trtcclient.Attempt) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.attempts = append(s.attempts, attempt)
		},
	}
	for _, change := range changes {
		change(&config)
	}
	return trtcclient.New(config)
}

func answer(status int, body io.Reader, request *http.Request) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(body), Request: request}
}

// body responds with a status and a body.
func body(status int, text string) reply {
	return reply{true, func(request *http.Request) (*http.Response, error) {
		return answer(status, strings.NewReader(text), request), nil
	}}
}

func success() reply { return body(http.StatusOK, goodResponse) }

func code(name string) reply { return body(http.StatusOK, refusal(name)) }

// fail loses the exchange with err, before or after the request is written.
func fail(written bool, err error) reply {
	return reply{written, func(*http.Request) (*http.Response, error) { return nil, err }}
}

func unsent() reply {
	return fail(false, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED})
}

func reset() reply { return fail(true, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}) }

// slow responds after d, unless the request's context ends first.
func slow(d time.Duration, then reply) reply {
	return reply{true, func(request *http.Request) (*http.Response, error) {
		if err := clock.System().Sleep(request.Context(), d); err != nil {
			return nil, context.Cause(request.Context())
		}
		return then.respond(request)
	}}
}

// hang never responds.
func hang() reply { return slow(24*time.Hour, success()) }

// stall never connects.
func stall() reply { return reply{respond: hang().respond} }

// cancelAfter returns a context that is canceled after d.
func cancelAfter(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	if d == 0 {
		cancel()
	}
	time.AfterFunc(d, cancel)
	return ctx
}

// slowKeys is a credential source that takes its time.
type slowKeys struct {
	keys

	takes time.Duration
}

func (k slowKeys) Retrieve(ctx context.Context) (cloudapi.Credential, error) {
	return k.Credential, clock.System().Sleep(ctx, k.takes)
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
