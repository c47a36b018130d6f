package trtcclient_test

import (
	"errors"
	"fmt"
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
	taskID, err := w.client.Start(t.Context(), region, startInput())
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
			taskID, err := w.client.Start(t.Context(), region, startInput())
			tasks := w.mock.Tasks()
			var suspect *trtcclient.AmbiguousStartError
			switch {
			case len(tasks) > 1:
				t.Errorf("%d tasks were started", len(tasks))
			case err == nil && (len(tasks) != 1 || tasks[0].ID != taskID):
				t.Errorf("the start gave %q, but %v runs", taskID, tasks)
			case err != nil && len(tasks) == 1 && !errors.As(err, &suspect):
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
