package trtcclient_test

import (
	"context"
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

// mocked is a mock of the service with a client, on one clock.
type mocked struct {
	*trtcmock.Server

	client *trtcclient.Client
}

func newMocked(t *testing.T, options trtcmock.Options) mocked {
	t.Helper()
	fake := clocktest.New(time.Date(2031, 7, 4, 12, 0, 0, 0, time.UTC))
	options.Credentials, options.Tokens = map[string]string{canaryID: canaryKey}, map[string]string{canaryID: canaryToken}
	options.Now = fake.Now
	mock := trtcmock.New(options)
	server := httptest.NewServer(mock)
	t.Cleanup(server.Close)
	endpoint, err := cloudapi.ParseEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := cloudapi.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	api := cloudapi.NewClient(cloudapi.Config{Transport: transport, Clock: fake})
	return mocked{mock, trtcclient.New(trtcclient.Config{Endpoint: endpoint, Credentials: canaryKeys(), API: api, Clock: fake})}
}

// calls returns the actions of the call log, each with the code of its response.
func (m mocked) calls() []string {
	var names []string
	for _, call := range m.Journal() {
		name := call.Action
		if call.Code != "" {
			name += ":" + call.Code
		}
		names = append(names, name)
	}
	return names
}

func (m mocked) start(t *testing.T) trtcclient.Task {
	t.Helper()
	taskID, err := startTask(t.Context(), m.client, startInput())
	if err != nil {
		t.Fatal(err)
	}
	return trtcclient.Task{Region: region, SdkAppID: sdkAppID, TaskID: taskID}
}

// TestTask_Life runs against the mock, which checks signatures, tokens and parameters
// with code of its own. The second start waits until the room is free again.
func TestTask_Life(t *testing.T) {
	t.Parallel()
	mock := newMocked(t, trtcmock.Options{Linger: 6 * time.Second})
	task := mock.start(t)
	expectStatus := func(want trtcclient.Status) {
		t.Helper()
		if status, err := mock.client.Describe(t.Context(), task); err != nil || status != want {
			t.Errorf("Describe = %q, %v, want %q", status, err, want)
		}
	}
	expectStatus(trtcclient.InProgress)
	change := trtcclient.UpdateInput{StreamURL: secret.New("https://example.com/b.flv"), Volume: new(int64(0)), IsPause: new(true)}
	if status, err := mock.client.Update(t.Context(), task, change); err != nil || status != trtcclient.InProgress {
		t.Errorf("Update = %q, %v, want InProgress", status, err)
	}
	if ran := mock.Tasks()[0]; ran.StreamURL != "https://example.com/b.flv" || ran.Volume != 0 || !ran.Paused {
		t.Errorf("the task is %+v, want it as in the update", ran)
	}
	if err := mock.client.Stop(t.Context(), task); err != nil {
		t.Errorf("Stop = %v", err)
	}
	mock.start(t)
	expectStatus(trtcclient.NotExist)
	if err := mock.client.Stop(t.Context(), task); !trtcclient.IsClass(err, trtcclient.Gone) {
		t.Errorf("Stop of an ended task = %v, want class Gone", err)
	}
	if _, err := mock.client.Update(t.Context(), task, change); !trtcclient.IsClass(err, trtcclient.Gone) {
		t.Errorf("Update of an ended task = %v, want class Gone", err)
	}
	want := []string{
		startAction, describeAction, updateAction, stopAction, startAction + ":" + trtcclient.CodeTaskExist, startAction,
		describeAction, stopAction + ":" + trtcclient.CodeTaskFinished, updateAction + ":" + trtcclient.CodeTaskNotExist,
	}
	if got := slices.Compact(mock.calls()); !slices.Equal(got, want) || len(mock.Alive()) != 1 {
		t.Errorf("calls = %v with %d tasks, want %v with one", got, len(mock.Alive()), want)
	}
}

// TestOneStartForOneCall plays each fault of the mock against a start: no second task
// runs, and none runs that the error does not report.
func TestOneStartForOneCall(t *testing.T) {
	t.Parallel()
	for _, kind := range trtcmock.FaultKinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			mock := newMocked(t, trtcmock.Options{})
			fault, starts := trtcmock.Fault{Kind: kind, Action: startAction}, 1
			switch kind {
			case trtcmock.FaultCode, trtcmock.FaultCodeAfter:
				fault.Code, starts = "InternalError", 2 // It asks for a retry.
			case trtcmock.FaultDelay:
				fault.Delay = "1ms"
			}
			if err := mock.Inject(fault); err != nil {
				t.Fatal(err)
			}
			taskID, err := startTask(t.Context(), mock.client, startInput())
			tasks := mock.Tasks()
			switch {
			case len(tasks) > 1:
				t.Errorf("%d tasks were started", len(tasks))
			case err == nil && (len(tasks) != 1 || tasks[0].ID != taskID):
				t.Errorf("the start returned %q, but %v runs", taskID, tasks)
			case err != nil && len(tasks) == 1 && !failure(t, err).MayHaveRun:
				t.Errorf("a task runs, but the error does not report it: %v", err)
			}
			if got := len(mock.Journal()); got != starts {
				t.Errorf("%d starts were sent, want %d: %v", got, starts, mock.calls())
			}
			expectNoCanary(t, err)
		})
	}
}

// TestRequest_Body checks what is sent, byte for byte.
func TestRequest_Body(t *testing.T) {
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

	type run = func(context.Context, *trtcclient.Client) error
	start := func(in trtcclient.StartInput, privateMapKey string) run {
		tickets := func(ctx context.Context) (context.Context, trtcclient.Tickets) {
			return ctx, trtcclient.Tickets{UserSig: secret.New("sig"), PrivateMapKey: secret.New(privateMapKey)}
		}
		return func(ctx context.Context, client *trtcclient.Client) error {
			_, err := client.Start(ctx, region, in, tickets, func(string) {})
			return err
		}
	}
	update := func(in trtcclient.UpdateInput) run {
		return func(ctx context.Context, client *trtcclient.Client) error {
			_, err := client.Update(ctx, trtcclient.Task{Region: region, SdkAppID: 1, TaskID: "id+/.-_"}, in)
			return err
		}
	}
	for name, c := range map[string]struct {
		run          run
		action, body string
	}{
		"smallest start": {start(least, ""), startAction, `{"SdkAppId":4294967295,"RoomId":"7","RoomIdType":1,"UserId":"u","UserSig":"sig"}`},
		"full start": {
			start(most, "key"), startAction,
			`{"SdkAppId":4294967295,"RoomId":"room \u003c1\u003e \u0026 \"2\"","RoomIdType":0,"UserId":"u",` +
				`"SeekSecond":5,"AutoPush":true,"RepeatNum":-1,"MaxDuration":10080,"Volume":50,"Tempo":1.25,"EnableProgress":true,"IdleTimeout":600,` +
				`"UserSig":"sig","StreamUrl":"https://a.example/b?c=1\u0026d=2","PrivateMapKey":"key"}`,
		},
		"start with zeros": {
			start(zero, ""), startAction,
			`{"SdkAppId":4294967295,"RoomId":"7","RoomIdType":1,"UserId":"u","SeekSecond":0,"AutoPush":false,"Volume":0,` +
				`"EnableProgress":false,"IdleTimeout":0,"UserSig":"sig"}`,
		},
		"empty update": {update(trtcclient.UpdateInput{}), updateAction, `{"SdkAppId":1,"TaskId":"id+/.-_"}`},
		"update with zeros": {
			update(trtcclient.UpdateInput{Volume: new(int64(0)), EnableProgress: new(false), IsPause: new(false)}), updateAction,
			`{"SdkAppId":1,"TaskId":"id+/.-_","Volume":0,"EnableProgress":false,"IsPause":false}`,
		},
		"full update": {
			update(trtcclient.UpdateInput{
				StreamURL: secret.New("rtmp://a/b"), Volume: new(int64(200)), Tempo: new(1.0), EnableProgress: new(true), IsPause: new(true),
			}), updateAction,
			`{"SdkAppId":1,"TaskId":"id+/.-_","StreamUrl":"rtmp://a/b","Volume":200,"Tempo":1,"EnableProgress":true,"IsPause":true}`,
		},
		"describe": {actions[describeAction], describeAction, `{"SdkAppId":1400000001,"TaskId":"task-1"}`},
		"stop":     {actions[stopAction], stopAction, `{"SdkAppId":1400000001,"TaskId":"task-1"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := newService(t, success())
			if err := c.run(t.Context(), service.client()); err != nil {
				t.Fatal(err)
			}
			requests := service.requests()
			if len(requests) != 1 || requests[0].action != c.action || requests[0].region != region || requests[0].body != c.body {
				t.Errorf("sent %+v, want one %s in %s with\n%s", requests, c.action, region, c.body)
			}
		})
	}
}

// TestStatus_NotExist checks that the status of an ended task is not an error.
func TestStatus_NotExist(t *testing.T) {
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
