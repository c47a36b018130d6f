package trtcclient_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// interruption is the end of a call whose context ended.
type interruption struct {
	class     trtcclient.Class
	code      string        // of the refusal before it
	took      time.Duration // exactly
	requests  int
	run       bool // the service may have run the call
	outOfTime bool
}

// TestInterruption ends the context of a call in each of its stages. A start that is
// written is not canceled: it runs until its response, and is not retried then.
func TestInterruption(t *testing.T) {
	t.Parallel()
	const second, none, timeout = time.Second, -time.Second, trtcclient.DefaultAttemptTimeout
	const throttled, fault, busy = "RequestLimitExceeded", "InternalError", "ResourceInsufficient.RequestRejection"
	const interrupted = trtcclient.Interrupted
	slowKey := func(c *trtcclient.Config) { c.Credentials = slowKeys{keys: canaryKeys(), takes: time.Minute} }
	oneSlot := func(c *trtcclient.Config) { c.RequestsPerSecond = 1 }
	unchanged := func(*trtcclient.Config) {}
	for name, c := range map[string]struct {
		reply            reply
		change           func(*trtcclient.Config)
		cancel, deadline time.Duration
		want             interruption
		start            *interruption // if it differs from want
	}{
		"canceled before the call":         {success(), unchanged, 0, none, interruption{class: interrupted}, nil},
		"canceled while a key is fetched":  {success(), slowKey, second, none, interruption{class: interrupted, took: second}, nil},
		"deadline while a key is fetched":  {success(), slowKey, none, second, interruption{class: trtcclient.NoCredentials, took: second}, nil},
		"canceled while it connects":       {stall(), unchanged, second, none, interruption{class: interrupted, took: second, requests: 1}, nil},
		"canceled before a retry":          {code(throttled), unchanged, 1, none, interruption{class: interrupted, code: throttled, took: 1, requests: 1}, nil},
		"canceled while it waits for slot": {code(throttled), oneSlot, second * 7 / 10, none, interruption{class: interrupted, code: throttled, took: second * 7 / 10, requests: 1}, nil},
		"deadline before a retry":          {code(busy), unchanged, none, 1, interruption{class: trtcclient.NoCapacity, code: busy, requests: 1, outOfTime: true}, nil},
		"canceled without a response": {
			hang(), unchanged, second, none,
			interruption{class: interrupted, took: second, requests: 1, run: true},
			&interruption{class: trtcclient.NoAnswer, took: timeout + startGrace, requests: 1, run: true},
		},
		"canceled before a refusal": {
			slow(5*second, code(throttled)), unchanged, second, none,
			interruption{class: interrupted, took: second, requests: 1, run: true},
			&interruption{class: trtcclient.Throttled, code: throttled, took: 5 * second, requests: 1},
		},
		"canceled before a server fault": {
			slow(5*second, code(fault)), unchanged, second, none,
			interruption{class: interrupted, took: second, requests: 1, run: true},
			&interruption{class: trtcclient.ServerFault, code: fault, took: 5 * second, requests: 1, run: true},
		},
		"deadline without a response": {
			hang(), unchanged, none, second,
			interruption{class: trtcclient.NoAnswer, took: second, requests: 1, run: true, outOfTime: true},
			&interruption{class: trtcclient.NoAnswer, took: second + startGrace, requests: 1, run: true},
		},
	} {
		forEachAction(t, name, func(t *testing.T, action string, run func(context.Context, *trtcclient.Client) error) {
			ctx, cancel := t.Context(), context.CancelFunc(func() {})
			if c.cancel >= 0 {
				ctx = cancelAfter(t, c.cancel)
			} else {
				ctx, cancel = context.WithTimeout(ctx, c.deadline)
			}
			defer cancel()
			want := c.want
			if action == startAction && c.start != nil {
				want = *c.start
			}
			begun, service := time.Now(), newService(t, c.reply)
			err := run(ctx, service.client(c.change))
			failed := failure(t, err)
			got := interruption{failed.Class, failed.Code, time.Since(begun), len(service.requests()), failed.MayHaveRun, failed.OutOfTime}
			if got != want || failed.Action != action || !strings.Contains(err.Error(), action) {
				t.Errorf("%v\n%+v, want\n%+v", err, got, want)
			}
			if want.class == interrupted && !errors.Is(err, context.Canceled) {
				t.Errorf("error = %v, want a cancellation", err)
			}
			if refused, ok := errors.AsType[*cloudapi.APIError](err); ok != (want.code != "") || ok && refused.Code != want.code {
				t.Errorf("error = %v, want it to hold the refusal %q", err, want.code)
			}
			// An attempt that waits for its slot is not observed.
			if observed := len(service.attempts); observed != want.requests {
				t.Errorf("%d attempts were observed, want %d", observed, want.requests)
			}
		})
	}
}

// TestDeadline_LeavesNoTimeForRetry checks that a failure is returned at once if the
// retry would come after the deadline.
func TestDeadline_LeavesNoTimeForRetry(t *testing.T) {
	t.Parallel()
	forEachAction(t, "", func(t *testing.T, _ string, run func(context.Context, *trtcclient.Client) error) {
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		service := newService(t, code("RequestLimitExceeded"))
		failed := expectRun(t, run(ctx, service.client()), false)
		if failed.Class != trtcclient.Throttled || !failed.OutOfTime || ctx.Err() != nil {
			t.Errorf("error = %+v with the context's error %v, want a refusal that is out of time", failed, ctx.Err())
		}
		times, gaps := service.times(), service.gaps()
		if last := times[len(times)-1].Sub(begun); last < 2*time.Minute-6*time.Second || last > 2*time.Minute {
			t.Errorf("the last request was sent after %v, want shortly before the deadline", last)
		}
		expectPauses(t, gaps[:4], upTo(0.5, 1, 2, 4))
	})
}

// startGrace is the time that a start waits for its response after its deadline.
const startGrace = time.Second / 4

// TestStart_EndsInTime checks that a start without a response ends after its own
// timeout or at the deadline, whichever is earlier, even after a cancellation. After
// that a response is still read for a short time: after a pause of the process it
// may be in the socket.
func TestStart_EndsInTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ timeout, deadline, want time.Duration }{
		"default":        {deadline: time.Hour, want: trtcclient.DefaultAttemptTimeout},
		"timeout":        {timeout: 7 * time.Second, deadline: 30 * time.Second, want: 7 * time.Second},
		"deadline":       {timeout: 7 * time.Second, deadline: 3 * time.Second, want: 3 * time.Second},
		"short deadline": {timeout: 7 * time.Second, deadline: time.Millisecond, want: time.Millisecond},
	} {
		inBubble(t, name, func(t *testing.T) {
			for late, want := range map[time.Duration]trtcclient.Class{-time.Millisecond: -1, time.Millisecond: trtcclient.NoAnswer} {
				begun := time.Now()
				ctx, cancel := context.WithTimeout(cancelAfter(t, c.want/2), c.deadline)
				service := newService(t, slow(c.want+startGrace+late, success()))
				taskID, err := startTask(ctx, service.client(func(config *trtcclient.Config) { config.AttemptTimeout = c.timeout }), startInput())
				cancel()
				if want < 0 {
					if err != nil || taskID != "task-1" {
						t.Errorf("Start = %q, %v, want the TaskId", taskID, err)
					}
					continue
				}
				if failed := expectRun(t, err, true); failed.Class != want || failed.Reason != cloudapi.TimedOut {
					t.Errorf("error = %v, want a timeout", err)
				}
				if took := time.Since(begun); took != c.want+startGrace {
					t.Errorf("the call took %v, want %v", took, c.want+startGrace)
				}
			}
		})
	}
}

func TestCanceledStartStillBringsItsTaskID(t *testing.T) {
	t.Parallel()
	inBubble(t, "", func(t *testing.T) {
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
