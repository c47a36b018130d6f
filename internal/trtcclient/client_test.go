package trtcclient_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

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

// fakeStart is what fake clocks show first.
var fakeStart = time.Date(2031, 7, 4, 12, 0, 0, 0, time.UTC)

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
		return expectAnswer(taskID, "task-1", err)
	},
	describeAction: func(ctx context.Context, client *trtcclient.Client) error {
		status, err := client.Describe(ctx, task())
		return expectAnswer(string(status), "InProgress", err)
	},
	updateAction: func(ctx context.Context, client *trtcclient.Client) error {
		status, err := client.Update(ctx, task(), updateInput())
		return expectAnswer(string(status), "InProgress", err)
	},
	stopAction: func(ctx context.Context, client *trtcclient.Client) error {
		return client.Stop(ctx, task())
	},
}

var errWrongAnswer = errors.New("the call succeeded with a wrong answer")

func expectAnswer(got, want string, err error) error {
	if err == nil && got != want {
		return errWrongAnswer
	}
	return err
}

// goodAnswer answers each of the four actions.
const goodAnswer = `{"Response":{"TaskId":"task-1","Status":"InProgress","RequestId":"6c924bfe-0000-0000-0000-000000000001"}}`

// refusal is an answer with an error code.
func refusal(code string) string {
	return `{"Response":{"Error":{"Code":"` + code + `","Message":"No."},"RequestId":"6c924bfe-0000-0000-0000-000000000002"}}`
}

// failure is the Error that err must be.
func failure(t testing.TB, err error) *trtcclient.Error {
	t.Helper()
	var failed *trtcclient.Error
	if !errors.As(err, &failed) {
		t.Fatalf("error = %T %v, want an Error", err, err)
	}
	return failed
}

// mayHaveRun is the Error that err must be, of a call that the service may have
// run.
func mayHaveRun(t testing.TB, err error) *trtcclient.Error {
	t.Helper()
	failed := failure(t, err)
	if !failed.MayHaveRun || failed.Since.IsZero() {
		t.Fatalf("error = %+v, want one of a call that may have run", failed)
	}
	return failed
}

// expectNotRun checks that an error says that the service did not run the call.
func expectNotRun(t testing.TB, err error) {
	t.Helper()
	if failed := failure(t, err); failed.MayHaveRun || !failed.Since.IsZero() {
		t.Errorf("error = %+v, want one of a call that did not run", failed)
	}
}

// reply is what becomes of one request: whether it is written, and the answer.
type reply struct {
	connect bool
	answer  func(*http.Request) (*http.Response, error)
}

func written(answer func(*http.Request) (*http.Response, error)) reply {
	return reply{connect: true, answer: answer}
}

// service is the API as a transport in memory, for tests in a synctest bubble.
// It plays a script, whose last reply is repeated.
type service struct {
	t      testing.TB
	mu     sync.Mutex
	script []reply
	seen   []sent
}

// sent is one request as the service saw it.
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
	if next.connect {
		if write(request); request.Context().Err() != nil {
			return nil, context.Cause(request.Context())
		}
	}
	s.note(request)
	return next.answer(request)
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
	return append([]sent(nil), s.seen...)
}

// gaps are the times between one request and the next.
func (s *service) gaps() []time.Duration {
	var gaps []time.Duration
	requests := s.requests()
	for i := 1; i < len(requests); i++ {
		gaps = append(gaps, requests[i].at.Sub(requests[i-1].at))
	}
	return gaps
}

// client returns a client of the service.
func (s *service) client(changes ...func(*trtcclient.Config)) *trtcclient.Client {
	config := trtcclient.Config{Endpoint: international, Credentials: canaryKeys(), Transport: s, UserAgent: "test"}
	for _, change := range changes {
		change(&config)
	}
	return trtcclient.New(config)
}

// write calls the trace of a request as net/http does when it writes one.
func write(request *http.Request) {
	trace := httptrace.ContextClientTrace(request.Context())
	trace.GotConn(httptrace.GotConnInfo{})
	if request.Context().Err() == nil {
		trace.WroteHeaders()
	}
}

// body answers with a status and a body.
func body(status int, text string) reply {
	return written(func(request *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: request}, nil
	})
}

func success() reply { return body(http.StatusOK, goodAnswer) }

func code(name string) reply { return body(http.StatusOK, refusal(name)) }

// unsent fails to connect.
func unsent() reply {
	return reply{answer: func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}}
}

// reset loses the connection after the request was written.
func reset() reply {
	return written(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	})
}

// hang never answers.
func hang() reply { return written(untilEnd) }

// stall never connects.
func stall() reply { return reply{answer: untilEnd} }

func untilEnd(request *http.Request) (*http.Response, error) {
	<-request.Context().Done()
	return nil, context.Cause(request.Context())
}

// slow answers after d, or not when the caller goes away before.
func slow(d time.Duration, then reply) reply {
	return written(func(request *http.Request) (*http.Response, error) {
		select {
		case <-time.After(d):
			return then.answer(request)
		case <-request.Context().Done():
			return nil, context.Cause(request.Context())
		}
	})
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
