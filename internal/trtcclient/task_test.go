package trtcclient_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// world is a mock service with a client, on one clock.
type world struct {
	mock   *trtcmock.Server
	clock  *clocktest.Clock
	client *trtcclient.Client
}

func newWorld(t *testing.T, changes ...func(*trtcmock.Options)) *world {
	t.Helper()
	fake := clocktest.New(fakeStart)
	options := trtcmock.Options{
		Credentials: map[string]string{canaryID: canaryKey}, Tokens: map[string]string{canaryID: canaryToken}, Now: fake.Now,
	}
	for _, change := range changes {
		change(&options)
	}
	mock := trtcmock.New(options)
	server := httptest.NewServer(mock)
	t.Cleanup(server.Close)
	return &world{mock: mock, clock: fake, client: clientOf(t, server.URL, func(c *trtcclient.Config) { c.Clock = fake })}
}

// calls are the journal's actions, each with the code that it was answered.
func (w *world) calls() []string {
	var names []string
	for _, call := range w.mock.Journal() {
		name := call.Action
		if call.Code != "" {
			name += ":" + call.Code
		}
		names = append(names, name)
	}
	return names
}

func (w *world) start(t *testing.T) trtcclient.Task {
	t.Helper()
	taskID, err := startTask(t.Context(), w.client, startInput())
	if err != nil {
		t.Fatal(err)
	}
	return trtcclient.Task{Region: region, SdkAppID: sdkAppID, TaskID: taskID}
}

// TestLifeOfATask runs against the mock, which checks signatures, tokens and
// parameters with code of its own.
func TestLifeOfATask(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	task := w.start(t)
	expectStatus := func(want trtcclient.Status) {
		t.Helper()
		if status, err := w.client.Describe(t.Context(), task); err != nil || status != want {
			t.Errorf("Describe = %q, %v, want %q", status, err, want)
		}
	}
	expectStatus(trtcclient.InProgress)
	change := trtcclient.UpdateInput{
		StreamURL: secret.New("https://example.com/b.flv"), Volume: new(int64(0)), IsPause: new(true),
	}
	if status, err := w.client.Update(t.Context(), task, change); err != nil || status != trtcclient.InProgress {
		t.Errorf("Update = %q, %v, want InProgress", status, err)
	}
	if ran := w.mock.Tasks()[0]; ran.StreamURL != "https://example.com/b.flv" || ran.Volume != 0 || !ran.Paused {
		t.Errorf("the task is %+v, want it as the update said", ran)
	}
	if err := w.client.Stop(t.Context(), task); err != nil {
		t.Errorf("Stop = %v", err)
	}
	expectStatus(trtcclient.NotExist)
	if err := w.client.Stop(t.Context(), task); !trtcclient.IsGone(err) {
		t.Errorf("Stop of a task that is gone = %v, want an error that says so", err)
	}
	if _, err := w.client.Update(t.Context(), task, change); !trtcclient.IsGone(err) {
		t.Errorf("Update of a task that is gone = %v, want an error that says so", err)
	}
	want := []string{
		startAction, describeAction, updateAction, stopAction, describeAction,
		stopAction + ":" + trtcclient.CodeTaskFinished, updateAction + ":" + trtcclient.CodeTaskNotExist,
	}
	if got := w.calls(); !slices.Equal(got, want) {
		t.Errorf("calls = %v, want %v", got, want)
	}
}

func TestTaskJustStoppedIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *trtcmock.Options) { o.Linger = 6 * time.Second })
	if err := w.client.Stop(t.Context(), w.start(t)); err != nil {
		t.Fatal(err)
	}
	w.start(t)
	if got := len(w.mock.Alive()); got != 1 {
		t.Errorf("%d tasks run, want 1", got)
	}
}

// faultOf makes the next call of action go wrong.
func faultOf(kind, action string) trtcmock.Fault {
	fault := trtcmock.Fault{Kind: kind, Action: action}
	switch kind {
	case trtcmock.FaultCode, trtcmock.FaultCodeAfter:
		fault.Code = "InternalError"
	case trtcmock.FaultDelay:
		fault.Delay = trtcmock.Duration(time.Millisecond)
	}
	return fault
}

// TestOneStartForOneCall plays each fault of the mock against a start: whatever
// happens, no second task runs, and none runs that nobody knows of.
func TestOneStartForOneCall(t *testing.T) {
	t.Parallel()
	for _, kind := range trtcmock.FaultKinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if err := w.mock.Inject(faultOf(kind, startAction)); err != nil {
				t.Fatal(err)
			}
			taskID, err := startTask(t.Context(), w.client, startInput())
			tasks := w.mock.Tasks()
			switch {
			case len(tasks) > 1:
				t.Errorf("%d tasks were started", len(tasks))
			case err == nil && (len(tasks) != 1 || tasks[0].ID != taskID):
				t.Errorf("the start gave %q, but %v runs", taskID, tasks)
			case err != nil && len(tasks) == 1 && !failure(t, err).MayHaveRun:
				t.Errorf("a task runs, but the error does not say so: %v", err)
			}
			// Only InternalError, which asks for it, is followed by another start.
			want := 1
			if kind == trtcmock.FaultCode || kind == trtcmock.FaultCodeAfter {
				want = 2
			}
			if got := len(w.mock.Journal()); got != want {
				t.Errorf("%d starts were sent, want %d: %v", got, want, w.calls())
			}
			expectClean(t, err)
		})
	}
}

// TestOtherCallsSurviveAFault plays each fault against the calls that may run
// twice.
func TestOtherCallsSurviveAFault(t *testing.T) {
	t.Parallel()
	calls := map[string]func(*testing.T, *world, trtcclient.Task) error{
		describeAction: func(t *testing.T, w *world, task trtcclient.Task) error {
			t.Helper()
			status, err := w.client.Describe(t.Context(), task)
			return expectAnswer(string(status), "InProgress", err)
		},
		updateAction: func(t *testing.T, w *world, task trtcclient.Task) error {
			t.Helper()
			in := trtcclient.UpdateInput{IsPause: new(true)}
			status, err := w.client.Update(t.Context(), task, in)
			return expectAnswer(string(status), "InProgress", err)
		},
		stopAction: func(t *testing.T, w *world, task trtcclient.Task) error {
			t.Helper()
			err := w.client.Stop(t.Context(), task)
			if trtcclient.IsGone(err) {
				return nil // the first attempt, whose answer was lost, ended it
			}
			return err
		},
	}
	for action, run := range calls {
		for _, kind := range trtcmock.FaultKinds() {
			t.Run(fmt.Sprintf("%s/%s", action, kind), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				task := w.start(t)
				if err := w.mock.Inject(faultOf(kind, action)); err != nil {
					t.Fatal(err)
				}
				err := run(t, w, task)
				if kind == trtcmock.FaultRedirect307 {
					var failed *cloudapi.ExchangeError
					if !errors.As(err, &failed) || failed.Reason != cloudapi.Redirected || len(w.mock.Journal()) != 2 {
						t.Errorf("error = %v after %v, want a redirect after one call", err, w.calls())
					}
					return
				}
				if err != nil {
					t.Errorf("error = %v, want none", err)
				}
			})
		}
	}
}

// TestRateOfTheMockIsNeverExceeded lets the mock, which counts as the service
// does, see more calls than it would take at once.
func TestRateOfTheMockIsNeverExceeded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	task := w.start(t)
	for range 100 {
		if _, err := w.client.Describe(t.Context(), task); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(w.mock.Journal()); got != 101 {
		t.Errorf("%d calls were made, want 101: some were refused", got)
	}
}

// TestWireForm fixes what is sent, byte for byte.
func TestWireForm(t *testing.T) {
	t.Parallel()
	least := trtcclient.StartInput{SdkAppID: 4294967295, RoomID: "7", RoomIDType: 1, UserID: "u"}
	most := least
	most.RoomID, most.RoomIDType = `room <1> & "2"`, 0
	most.StreamURL = secret.New("https://a.example/b?c=1&d=2")
	most.SeekSecond, most.AutoPush, most.RepeatNum = new(int64(5)), new(true), new(int64(-1))
	most.MaxDuration, most.Volume = new(int64(10080)), new(int64(50))
	most.Tempo, most.EnableProgress, most.IdleTimeout = new(1.25), new(true), new(int64(600))
	zero := least
	zero.SeekSecond, zero.AutoPush, zero.Volume = new(int64(0)), new(false), new(int64(0))
	zero.EnableProgress, zero.IdleTimeout = new(false), new(int64(0))

	start := func(in trtcclient.StartInput, privateMapKey string) func(*testing.T, *trtcclient.Client) error {
		tickets := func(ctx context.Context) (context.Context, trtcclient.Tickets) {
			return ctx, trtcclient.Tickets{UserSig: secret.New("sig"), PrivateMapKey: secret.New(privateMapKey)}
		}
		return func(t *testing.T, client *trtcclient.Client) error {
			t.Helper()
			_, err := client.Start(t.Context(), region, in, tickets, func(string) {})
			return err
		}
	}
	update := func(in trtcclient.UpdateInput) func(*testing.T, *trtcclient.Client) error {
		task := trtcclient.Task{Region: region, SdkAppID: 1, TaskID: "id+/.-_"}
		return func(t *testing.T, client *trtcclient.Client) error {
			t.Helper()
			_, err := client.Update(t.Context(), task, in)
			return err
		}
	}
	cases := map[string]struct {
		run          func(*testing.T, *trtcclient.Client) error
		action, body string
	}{
		"start with what it needs": {
			run: start(least, ""), action: startAction,
			body: `{"SdkAppId":4294967295,"RoomId":"7","RoomIdType":1,"UserId":"u","UserSig":"sig"}`,
		},
		"start with everything": {
			run: start(most, "key"), action: startAction,
			body: `{"SdkAppId":4294967295,"RoomId":"room \u003c1\u003e \u0026 \"2\"","RoomIdType":0,"UserId":"u",` +
				`"SeekSecond":5,"AutoPush":true,"RepeatNum":-1,"MaxDuration":10080,"Volume":50,"Tempo":1.25,"EnableProgress":true,"IdleTimeout":600,` +
				`"UserSig":"sig","StreamUrl":"https://a.example/b?c=1\u0026d=2","PrivateMapKey":"key"}`,
		},
		"start with zeros": {
			run: start(zero, ""), action: startAction,
			body: `{"SdkAppId":4294967295,"RoomId":"7","RoomIdType":1,"UserId":"u","SeekSecond":0,"AutoPush":false,"Volume":0,` +
				`"EnableProgress":false,"IdleTimeout":0,"UserSig":"sig"}`,
		},
		"update of nothing": {run: update(trtcclient.UpdateInput{}), action: updateAction, body: `{"SdkAppId":1,"TaskId":"id+/.-_"}`},
		"update with zeros": {
			run: update(trtcclient.UpdateInput{Volume: new(int64(0)), EnableProgress: new(false), IsPause: new(false)}), action: updateAction,
			body: `{"SdkAppId":1,"TaskId":"id+/.-_","Volume":0,"EnableProgress":false,"IsPause":false}`,
		},
		"update of everything": {
			run: update(trtcclient.UpdateInput{
				StreamURL: secret.New("rtmp://a/b"), Volume: new(int64(200)), Tempo: new(1.0), EnableProgress: new(true), IsPause: new(true),
			}),
			action: updateAction,
			body:   `{"SdkAppId":1,"TaskId":"id+/.-_","StreamUrl":"rtmp://a/b","Volume":200,"Tempo":1,"EnableProgress":true,"IsPause":true}`,
		},
		"describe": {
			run: func(t *testing.T, client *trtcclient.Client) error {
				t.Helper()
				_, err := client.Describe(t.Context(), task())
				return err
			}, action: describeAction, body: `{"SdkAppId":1400000001,"TaskId":"task-1"}`,
		},
		"stop": {
			run: func(t *testing.T, client *trtcclient.Client) error {
				t.Helper()
				return client.Stop(t.Context(), task())
			}, action: stopAction, body: `{"SdkAppId":1400000001,"TaskId":"task-1"}`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := newService(t, success())
			if err := c.run(t, service.client()); err != nil {
				t.Fatal(err)
			}
			requests := service.requests()
			if len(requests) != 1 || requests[0].action != c.action || requests[0].region != region || requests[0].body != c.body {
				t.Errorf("sent %+v, want one %s in %s with\n%s", requests, c.action, region, c.body)
			}
		})
	}
}

func TestAnswersAreReturned(t *testing.T) {
	t.Parallel()
	client := newService(t, body(http.StatusOK, `{"Response":{"Status":"NotExist","RequestId":"r"}}`)).client()
	if status, err := client.Describe(t.Context(), task()); status != trtcclient.NotExist || err != nil {
		t.Errorf("Describe = %q, %v, want NotExist", status, err)
	}
	if status, err := client.Update(t.Context(), task(), updateInput()); status != trtcclient.NotExist || err != nil {
		t.Errorf("Update = %q, %v, want NotExist", status, err)
	}
	if got := client.Endpoint(); got != international {
		t.Errorf("Endpoint = %v, want %v", got, international)
	}
}
