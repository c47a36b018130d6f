// Receiver starts a pipeline when a stream does not play: after three failures
// within a minute of the start of its task, or when its task ends while it is
// not playing. It checks the signature of each event callback, and keeps what
// the events say about each task in memory.
//
// Environment: CALLBACK_KEY is the callback key from the TRTC console.
// DISPATCH_URL and DISPATCH_TOKEN name the pipeline, for example
// https://api.github.com/repos/OWNER/REPO/dispatches and a token for it.
package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"os"
	"sync"
	"time"
)

// event is the body of an event callback, in the service's spelling.
//
//nolint:revive,staticcheck // The service's spelling.
type event struct {
	EventGroupId, EventType int
	EventInfo               struct {
		EventMsTs json.Number // Accepts a number and a string.
		TaskId    string
		Status    int // of event 701: 0 playing, 1 failed, 2 starting again
	}
}

// task holds the state of a task, independent of the order in which its events arrive.
// Times are in milliseconds.
type task struct {
	first, last int64          // of the events 701
	status      int            // of the last event 701
	failures    map[int64]bool // by time, within a minute of first
	ended       int64          // 0 while the task is in progress
	dispatched  bool
}

func (t *task) add(e event, at int64) {
	if e.EventType == 702 {
		t.ended = at
		return
	}
	if t.first == 0 || at < t.first {
		t.first = at
	}
	if at >= t.last {
		t.last, t.status = at, e.EventInfo.Status
	}
	if e.EventInfo.Status == 1 {
		t.failures[at] = true
	}
	maps.DeleteFunc(t.failures, func(at int64, _ bool) bool { return at > t.first+60_000 })
}

// failed reports whether the stream does not play and the service no longer
// tries. The end of a task that plays is planned, or it was stopped.
func (t *task) failed() bool { return t.status != 0 && (t.ended != 0 || len(t.failures) >= 3) }

type receiver struct {
	key, dispatchURL, dispatchToken string

	mu    sync.Mutex
	tasks map[string]*task // by TaskId
}

func (rc *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
	sign, _ := base64.StdEncoding.DecodeString(r.Header.Get("Sign"))
	mac := hmac.New(sha256.New, []byte(rc.key))
	mac.Write(body)
	if err != nil || !hmac.Equal(sign, mac.Sum(nil)) {
		http.Error(w, "wrong signature", http.StatusForbidden)
		return
	}
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		http.Error(w, "not an event", http.StatusBadRequest)
		return
	}
	if e.EventGroupId != 7 || e.EventType != 701 && e.EventType != 702 {
		return
	}
	at, err := e.EventInfo.EventMsTs.Int64()
	if err != nil {
		http.Error(w, "EventMsTs is not a time", http.StatusBadRequest)
		return
	}

	rc.mu.Lock()
	defer rc.mu.Unlock()
	id := e.EventInfo.TaskId
	if rc.tasks[id] == nil {
		rc.tasks[id] = &task{failures: map[int64]bool{}}
	}
	t := rc.tasks[id]
	if t.add(e, at); t.failed() && !t.dispatched {
		if err := rc.dispatch(r.Context(), id); err != nil {
			log.Print(err)
			// The service retries.
			http.Error(w, "the pipeline was not started", http.StatusBadGateway)
			return
		}
		t.dispatched = true
	}
	// No event of a task arrives an hour after its end.
	maps.DeleteFunc(rc.tasks, func(_ string, t *task) bool { return t.ended != 0 && t.ended < at-3_600_000 })
}

// dispatch starts the pipeline for a task.
func (rc *receiver) dispatch(ctx context.Context, taskID string) error {
	body, err := json.Marshal(map[string]any{
		"event_type":     "trtc-stream-failed",
		"client_payload": map[string]string{"task_id": taskID},
	})
	if err != nil {
		return err
	}
	// The service waits for 5 seconds.
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, rc.dispatchURL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+rc.dispatchToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode >= 300 {
		return fmt.Errorf("the pipeline responded with %s", response.Status)
	}
	return nil
}

func main() {
	handler := &receiver{
		key: os.Getenv("CALLBACK_KEY"), dispatchURL: os.Getenv("DISPATCH_URL"), dispatchToken: os.Getenv("DISPATCH_TOKEN"),
		tasks: map[string]*task{},
	}
	server := http.Server{Addr: ":8080", Handler: handler, ReadTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}
