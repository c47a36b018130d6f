package trtcclient_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

func TestCanceledStartStillBringsItsTaskID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		service := newService(t, slow(5*time.Second, success()))
		taskID, err := startTask(cancelAfter(t, time.Second), service.client(), startInput())
		if err != nil || taskID != "task-1" {
			t.Errorf("Start = %q, %v, want the TaskId", taskID, err)
		}
		if took := time.Since(begun); took != 5*time.Second || len(service.requests()) != 1 {
			t.Errorf("the call took %v and %d requests, want 5 s and 1", took, len(service.requests()))
		}
	})
}

// TestCanceledStartIsNotRepeated lets the answer that comes after the
// cancellation be one that asks for a retry.
func TestCanceledStartIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"RequestLimitExceeded", "InternalError", trtcclient.CodeTaskExist} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := newService(t, slow(5*time.Second, code(name)), success())
				_, err := startTask(cancelAfter(t, time.Second), service.client(), startInput())
				if !trtcclient.IsError(err, name) || failure(t, err).Class == trtcclient.Interrupted || len(service.requests()) != 1 {
					t.Errorf("error = %v after %d requests, want %s after 1, and no wait", err, len(service.requests()), name)
				}
			})
		})
	}
}

// TestStartEndsInTime bounds a start without an answer by the attempt's own
// time, or by the deadline when that is sooner, whether canceled or not.
func TestStartEndsInTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		attempt, deadline, want time.Duration // 0 is none
	}{
		"default":        {want: trtcclient.DefaultAttemptTimeout},
		"attempt":        {attempt: 7 * time.Second, want: 7 * time.Second},
		"deadline":       {attempt: 7 * time.Second, deadline: 3 * time.Second, want: 3 * time.Second},
		"later deadline": {attempt: 7 * time.Second, deadline: 30 * time.Second, want: 7 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				ctx := cancelAfter(t, time.Second)
				if c.deadline > 0 {
					deadlined, cancel := context.WithTimeout(ctx, c.deadline)
					defer cancel()
					ctx = deadlined
				}
				service := newService(t, hang())
				client := service.client(func(config *trtcclient.Config) { config.AttemptTimeout = c.attempt })
				_, err := startTask(ctx, client, startInput())
				var failed *cloudapi.ExchangeError
				if start := mayHaveRun(t, err); !errors.As(start, &failed) || failed.Reason != cloudapi.TimedOut {
					t.Errorf("error = %v, want a time-out", err)
				}
				if took := time.Since(begun); took != c.want+startGrace {
					t.Errorf("the call took %v, want %v", took, c.want+startGrace)
				}
			})
		})
	}
}

// TestServerThatHangsGetsOneStart is TestStartEndsInTime over a real socket.
func TestServerThatHangsGetsOneStart(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		requests.Add(1)
		<-over
	}))
	defer server.Close()
	defer close(over)
	transport := cloudapi.NewTransport()
	defer transport.CloseIdleConnections()
	endpoint, err := cloudapi.ParseEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := trtcclient.New(trtcclient.Config{
		Endpoint: endpoint, Credentials: canaryKeys(), Transport: transport, AttemptTimeout: 50 * time.Millisecond,
	})
	_, err = startTask(t.Context(), client, startInput())
	_ = mayHaveRun(t, err)
	if got := requests.Load(); got != 1 {
		t.Errorf("%d requests arrived, want 1", got)
	}
}

// TestStartThatConnectsIsCanceled checks that a start is detached from its
// caller only once it is written.
func TestStartThatConnectsIsCanceled(t *testing.T) {
	t.Parallel()
	for name, script := range map[string][]reply{"connecting": {stall()}, "queued": {success()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := newService(t, script...)
				client := service.client(func(c *trtcclient.Config) { c.RequestsPerSecond = 1 })
				sent := 0
				if name == "queued" {
					if _, err := startTask(t.Context(), client, startInput()); err != nil {
						t.Fatal(err)
					}
					sent++
				}
				begun := time.Now()
				_, err := startTask(cancelAfter(t, 300*time.Millisecond), client, startInput())
				expectNotRun(t, err)
				_ = expectClass(t, err, startAction, trtcclient.Interrupted)
				if took := time.Since(begun); took != 300*time.Millisecond {
					t.Errorf("the call took %v, want 300 ms", took)
				}
				if got := len(service.requests()); name == "queued" && got != sent {
					t.Errorf("%d requests were written, want %d", got, sent)
				}
			})
		})
	}
}
