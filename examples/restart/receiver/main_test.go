package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const callbackKey = "callback-key"

// mockKey is the API key of the mock.
type mockKey struct{}

func (mockKey) Retrieve(context.Context) (cloudapi.Credential, error) {
	return cloudapi.Credential{SecretID: secret.New("AKIDmock"), SecretKey: secret.New("mock-secret-key")}, nil
}

// newReceiver returns a receiver and the requests that its pipeline gets. The
// pipeline responds with each status in turn, and then with 204.
func newReceiver(t *testing.T, statuses ...int) (*receiver, <-chan string) {
	t.Helper()
	dispatched := make(chan string, 256)
	pipeline := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		dispatched <- r.Header.Get("Authorization") + " " + string(body)
		status := http.StatusNoContent
		if len(statuses) > 0 {
			status, statuses = statuses[0], statuses[1:]
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(pipeline.Close)
	return &receiver{key: callbackKey, dispatchURL: pipeline.URL, dispatchToken: "token", tasks: map[string]*task{}}, dispatched
}

// expectDispatched checks how often the pipeline was started for a task.
func expectDispatched(t *testing.T, dispatched <-chan string, taskID string, times int) {
	t.Helper()
	if got := len(dispatched); got != times {
		t.Errorf("dispatched %d times, want %d", got, times)
	}
	for range len(dispatched) {
		want := fmt.Sprintf(`Bearer token {"client_payload":{"task_id":%q},"event_type":"trtc-stream-failed"}`, taskID)
		if got := <-dispatched; got != want {
			t.Errorf("dispatched %s, want %s", got, want)
		}
	}
}

// TestReceiver checks with the events of the mock that a stream that does not
// play starts the pipeline once, and that a normal start and a destroy do not.
func TestReceiver(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		playFailures    int
		reversed        bool
		events, started int // without the end of the task
	}{
		"plays at once":                   {0, false, 1, 0},
		"plays at the second try":         {1, false, 3, 0},
		"the same, reversed":              {1, true, 3, 0},
		"plays at the third try":          {2, false, 5, 0},
		"known to play at the fourth try": {3, true, 7, 0},
		"does not play":                   {99, false, 7, 1},
		"does not play, reversed":         {99, true, 7, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handler, dispatched := newReceiver(t)
			handled := make(chan struct{}, 32)
			listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				handler.ServeHTTP(w, r)
				handled <- struct{}{}
			}))
			defer listener.Close()
			clock := clocktest.New(time.Now())
			mock := trtcmock.New(trtcmock.Options{
				Credentials: map[string]string{"AKIDmock": "mock-secret-key"}, CallbackURL: listener.URL, CallbackKey: callbackKey,
				PlayFailures: test.playFailures, CallbacksReversed: test.reversed, Now: clock.Now, Sleep: clock.Sleep,
			})
			defer mock.Close()
			service := httptest.NewServer(mock)
			defer service.Close()
			endpoint, err := cloudapi.ParseEndpoint(service.URL)
			if err != nil {
				t.Fatal(err)
			}
			client := trtcclient.New(trtcclient.Config{Endpoint: endpoint, Credentials: mockKey{}})
			tickets := func(ctx context.Context) (context.Context, trtcclient.Tickets) {
				return ctx, trtcclient.Tickets{UserSig: secret.New("ticket")}
			}
			started, err := client.Start(t.Context(), "ap-singapore", trtcclient.StartInput{
				SdkAppID: 1400000001, RoomID: "1001", RoomIDType: 1, UserID: "radio",
			}, tickets, func(string) {})
			if err != nil {
				t.Fatal(err)
			}
			await(t, handled, test.events)
			expectDispatched(t, dispatched, started.TaskID, test.started)

			if err := client.Stop(t.Context(), trtcclient.Task{Region: "ap-singapore", SdkAppID: 1400000001, TaskID: started.TaskID}); err != nil {
				t.Fatal(err)
			}
			await(t, handled, 1)
			expectDispatched(t, dispatched, started.TaskID, 0)
			if len(handled) > 0 {
				t.Errorf("%d more events", len(handled))
			}
		})
	}
}

// await waits until the receiver has handled a number of events.
func await(t *testing.T, handled <-chan struct{}, events int) {
	t.Helper()
	for i := range events {
		select {
		case <-handled:
		case <-time.After(time.Minute):
			t.Fatalf("%d events, want %d", i, events)
		}
	}
}

// post sends an event to a receiver and returns the status of the response. The
// event is "TYPE STATUS EventMsTs".
func post(t *testing.T, handler http.Handler, taskID, text string) int {
	t.Helper()
	fields := strings.Fields(text)
	body := fmt.Sprintf(`{"EventGroupId":7,"EventType":%s,"CallbackMsTs":1,"EventInfo":{"EventMsTs":%s,"TaskId":%q,"Status":%s}}`,
		fields[0], fields[2], taskID, fields[1])
	mac := hmac.New(sha256.New, []byte(callbackKey))
	_, _ = io.WriteString(mac, body)
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	request.Header.Set("Sign", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	return response.Code
}

// TestReceiver_Events checks sequences that the mock does not post. Between the
// events, those of another task arrive.
func TestReceiver_Events(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		events  []string
		started int
	}{
		"one failure, delivered three times":   {[]string{"701 1 1000", "701 1 1000", "701 1 1000"}, 0},
		"delivered again after the dispatch":   {[]string{"701 1 1000", "701 1 1002", "701 1 2003", "701 1 2003", "702 0 9000"}, 1},
		"EventMsTs is text":                    {[]string{`701 1 "1000"`, `701 1 "1002"`, `701 1 "2003"`}, 1},
		"third failure a minute later":         {[]string{"701 1 1000", "701 1 1002", "701 1 61001"}, 0},
		"the same, in another order":           {[]string{"701 1 61001", "701 1 1002", "701 1 1000"}, 0},
		"restarts of a stream that played":     {[]string{"701 0 1000", "701 2 90000", "701 0 90100", "701 2 99000", "701 0 99100"}, 0},
		"ends while it plays":                  {[]string{"701 1 1000", "701 2 1001", "701 0 1002", "702 0 9000"}, 0},
		"ends while it plays, reported first":  {[]string{"702 0 9000", "701 0 1002", "701 2 1001", "701 1 1000"}, 0},
		"ends after a restart":                 {[]string{"701 0 1000", "701 2 90000", "702 0 91000"}, 1},
		"ends after a restart, reported first": {[]string{"702 0 91000", "701 2 90000", "701 0 1000"}, 1},
		"end of an unknown task":               {[]string{"702 0 9000"}, 0},
		"end of an unknown task, then others":  {[]string{"702 0 9000", "703 1 9001", "702 0 9000"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handler, dispatched := newReceiver(t)
			for i, text := range test.events {
				for taskID, text := range map[string]string{"task+1.": text, "other": fmt.Sprintf("701 %d %d", i%3, 1000+i)} {
					if status := post(t, handler, taskID, text); status != http.StatusOK {
						t.Errorf("%s: status %d", text, status)
					}
				}
			}
			expectDispatched(t, dispatched, "task+1.", test.started)
		})
	}
}

// TestReceiver_PipelineFails checks that the service is asked to retry until the
// pipeline has started.
func TestReceiver_PipelineFails(t *testing.T) {
	t.Parallel()
	handler, dispatched := newReceiver(t, http.StatusServiceUnavailable, http.StatusNotFound)
	var statuses []int
	for _, text := range []string{"701 1 1000", "701 1 1002", "701 1 2003", "701 1 2003", "701 1 2003", "701 1 2003"} {
		statuses = append(statuses, post(t, handler, "task", text))
	}
	if want := []int{200, 200, 502, 502, 200, 200}; !slices.Equal(statuses, want) {
		t.Errorf("statuses %v, want %v", statuses, want)
	}
	expectDispatched(t, dispatched, "task", 3)
}

// TestReceiver_ForgetsEndedTasks checks that memory does not grow with the number
// of tasks that have ended.
func TestReceiver_ForgetsEndedTasks(t *testing.T) {
	t.Parallel()
	handler, _ := newReceiver(t)
	const hours = 100
	post(t, handler, "in progress", "701 0 1000")
	for i := range hours {
		at := 1000 + i*3_600_001
		post(t, handler, fmt.Sprint(i), fmt.Sprintf("701 0 %d", at))
		post(t, handler, fmt.Sprint(i), fmt.Sprintf("702 0 %d", at))
	}
	if len(handler.tasks) != 2 || handler.tasks["in progress"] == nil {
		t.Errorf("%d tasks are remembered", len(handler.tasks))
	}
}

// TestReceiver_Rejects checks that an event without a valid signature starts
// nothing.
func TestReceiver_Rejects(t *testing.T) {
	t.Parallel()
	handler, dispatched := newReceiver(t)
	for _, sign := range []string{"", "AAAA", "not base64"} {
		for _, at := range []string{"1", "2", "3"} {
			request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"EventGroupId":7,"EventType":701,"EventInfo":{"EventMsTs":`+at+`,"TaskId":"task","Status":1}}`))
			request.Header.Set("Sign", sign)
			response := httptest.NewRecorder()
			handler.ServeHTTP(response, request)
			if response.Code != http.StatusForbidden {
				t.Errorf("Sign %q: status %d, want 403", sign, response.Code)
			}
		}
	}
	if status := post(t, handler, "task", `701 1 "soon"`); status != http.StatusBadRequest {
		t.Errorf("EventMsTs is not a time: status %d", status)
	}
	expectDispatched(t, dispatched, "task", 0)
}
