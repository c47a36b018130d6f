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

func TestCancelledStartStillBringsItsTaskID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		service := newService(t, slow(5*time.Second, success()))
		taskID, err := service.client().Start(cancelAfter(t, time.Second), region, startInput())
		if err != nil || taskID != "task-1" {
			t.Errorf("Start = %q, %v, want the TaskId", taskID, err)
		}
		if took := time.Since(begun); took != 5*time.Second || len(service.requests()) != 1 {
			t.Errorf("the call took %v and %d requests, want 5 s and 1", took, len(service.requests()))
		}
	})
}

// TestCancelledStartIsNotRepeated lets the answer that comes after the
// cancellation be one that asks for a repetition.
func TestCancelledStartIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"RequestLimitExceeded", "InternalError", trtcclient.CodeTaskExist} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := newService(t, slow(5*time.Second, code(name)), success())
				_, err := service.client().Start(cancelAfter(t, time.Second), region, startInput())
				var waiting *trtcclient.InterruptedError
				if !trtcclient.IsError(err, name) || errors.As(err, &waiting) || len(service.requests()) != 1 {
					t.Errorf("error = %v after %d requests, want %s after 1, and no wait", err, len(service.requests()), name)
				}
			})
		})
	}
}

// TestStartEndsInTime bounds a start without an answer by the attempt's own
// time, or by the deadline when that is sooner, whether cancelled or not.
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
				service := newService(t, hang)
				client := service.client(func(config *trtcclient.Config) { config.AttemptTimeout = c.attempt })
				_, err := client.Start(ctx, region, startInput())
				var failed *cloudapi.ExchangeError
				if start := ambiguous(t, err); !errors.As(start, &failed) || failed.Reason != cloudapi.TimedOut {
					t.Errorf("error = %v, want a time-out", err)
				}
				if took := time.Since(begun); took != c.want {
					t.Errorf("the call took %v, want %v", took, c.want)
				}
			})
		})
	}
}

func TestOtherCallsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		if action == startAction {
			continue
		}
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				service := newService(t, hang, success())
				err := run(cancelAfter(t, time.Second), service.client())
				var failed *cloudapi.ExchangeError
				if !errors.As(err, &failed) || failed.Reason != cloudapi.Cancelled || !errors.Is(err, context.Canceled) {
					t.Errorf("error = %v, want a cancelled exchange", err)
				}
				if took := time.Since(begun); took != time.Second || len(service.requests()) != 1 {
					t.Errorf("the call took %v and %d requests, want 1 s and 1", took, len(service.requests()))
				}
			})
		})
	}
}

func TestAttemptWithoutAnswerIsRepeated(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		if action == startAction {
			continue
		}
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := newService(t, hang, hang, success())
				if err := run(t.Context(), service.client()); err != nil {
					t.Errorf("error = %v, want none", err)
				}
				expectPauses(t, service.gaps(), shifted(upTo(1, 2), trtcclient.DefaultAttemptTimeout))
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
	_, err = client.Start(t.Context(), region, startInput())
	_ = ambiguous(t, err)
	if got := requests.Load(); got != 1 {
		t.Errorf("%d requests arrived, want 1", got)
	}
}
