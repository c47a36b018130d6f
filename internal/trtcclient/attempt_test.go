package trtcclient_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// watch returns a change that notes every attempt in all.
func watch(all *[]trtcclient.Attempt) func(*trtcclient.Config) {
	return func(c *trtcclient.Config) {
		c.Observe = func(_ context.Context, attempt trtcclient.Attempt) { *all = append(*all, attempt) }
	}
}

func TestEveryExchangeIsObserved(t *testing.T) {
	t.Parallel()
	const good, refused = "6c924bfe-0000-0000-0000-000000000001", "6c924bfe-0000-0000-0000-000000000002"
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var got []trtcclient.Attempt
				service := newService(t, unsent(), slow(time.Second, code("RequestLimitExceeded")),
					code("InternalError.DBError"), slow(2*time.Second, success()))
				if err := run(t.Context(), service.client(watch(&got))); err != nil {
					t.Fatal(err)
				}
				base := trtcclient.Attempt{Action: action, Region: region, Host: international.Host}
				if action != startAction {
					base.TaskID = "task-1"
				}
				want := []trtcclient.Attempt{base, base, base, base}
				for i := range want {
					want[i].Number = i + 1
				}
				want[0].Outcome, want[0].Fault = cloudapi.NotSent, string(cloudapi.NoConnection)
				want[1].Outcome, want[1].Code, want[1].RequestID, want[1].Took = cloudapi.Refused, "RequestLimitExceeded", refused, time.Second
				want[2].Outcome, want[2].MayHaveRun, want[2].Code, want[2].RequestID = cloudapi.Refused, true, "InternalError.DBError", refused
				want[3].Outcome, want[3].RequestID, want[3].Took = cloudapi.Answered, good, 2*time.Second
				if difference := cmp.Diff(want, got, cmpopts.IgnoreFields(trtcclient.Attempt{}, "Waited")); difference != "" {
					t.Errorf("attempts (-want +got):\n%s", difference)
				}
			})
		})
	}
}

func TestUnreadableAnswerIsObserved(t *testing.T) {
	t.Parallel()
	var got []trtcclient.Attempt
	const id = "6c924bfe-0000-0000-0000-000000000003"
	service := newService(t, body(http.StatusOK, `{"Response":{"RequestId":"`+id+`"}}`))
	_, err := startTask(t.Context(), service.client(watch(&got)), startInput())
	_ = mayHaveRun(t, err)
	want := []trtcclient.Attempt{{
		Action: startAction, Region: region, Host: international.Host, Number: 1,
		Outcome: cloudapi.Ambiguous, MayHaveRun: true, Fault: string(cloudapi.Unreadable), RequestID: id,
	}}
	if difference := cmp.Diff(want, got, cmpopts.IgnoreFields(trtcclient.Attempt{}, "Took", "Waited")); difference != "" {
		t.Errorf("attempts (-want +got):\n%s", difference)
	}
}

func TestTimeInTheQueueIsObserved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []trtcclient.Attempt
		client := newService(t, success()).client(watch(&got), func(c *trtcclient.Config) { c.RequestsPerSecond = 1 })
		for range 2 {
			if err := client.Stop(t.Context(), task()); err != nil {
				t.Fatal(err)
			}
		}
		if got[0].Waited != 0 || got[1].Waited < time.Second || got[1].Waited > 1100*time.Millisecond {
			t.Errorf("waited %v and %v, want nothing and a little over a second", got[0].Waited, got[1].Waited)
		}
	})
}

func TestCallThatIsNotSentIsNotObserved(t *testing.T) {
	t.Parallel()
	var got []trtcclient.Attempt
	for action, run := range actions {
		if err := run(canceledContext(t), newService(t, success()).client(watch(&got))); err == nil || len(got) != 0 {
			t.Errorf("%s = %v with attempts %v, want an error and none", action, err, got)
		}
	}
}

// TestEveryAttemptIsSignedAnew also checks that the body stays the same.
func TestEveryAttemptIsSignedAnew(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := newService(t, slow(1100*time.Millisecond, code("InternalError")), slow(1100*time.Millisecond, code("RequestLimitExceeded")), success())
				if err := run(t.Context(), service.client()); err != nil {
					t.Fatal(err)
				}
				requests := service.requests()
				if len(requests) != 3 {
					t.Fatalf("%d requests were sent, want 3", len(requests))
				}
				for i, request := range requests {
					if i == 0 {
						continue
					}
					if earlier := requests[i-1]; request.timestamp <= earlier.timestamp || request.signed == earlier.signed || request.body != earlier.body {
						t.Errorf("request %d = %+v after %+v, want the same body signed anew", i+1, request, earlier)
					}
				}
			})
		})
	}
}

// startGrace is how long a start waits for its response after its deadline.
const startGrace = time.Second / 4

// TestStart_ResponseAfterDeadline checks that a start reads a response for a
// short time after its deadline: after a pause of the process the response may
// be in the socket.
func TestStart_ResponseAfterDeadline(t *testing.T) {
	t.Parallel()
	for name, deadline := range map[string]time.Duration{"attempt": trtcclient.DefaultAttemptTimeout, "caller": 3 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), deadline)
				defer cancel()
				if name == "attempt" {
					ctx = t.Context()
				}
				service := newService(t, slow(deadline+startGrace-time.Millisecond, success()))
				if taskID, err := startTask(ctx, service.client(), startInput()); err != nil || taskID != "task-1" {
					t.Errorf("Start = %q, %v, want the TaskId", taskID, err)
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
				service := newService(t, hang(), success())
				err := run(cancelAfter(t, time.Second), service.client())
				var failed *cloudapi.ExchangeError
				if !errors.As(err, &failed) || failed.Reason != cloudapi.Canceled || !errors.Is(err, context.Canceled) {
					t.Errorf("error = %v, want a canceled exchange", err)
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
				service := newService(t, hang(), hang(), success())
				if err := run(t.Context(), service.client()); err != nil {
					t.Errorf("error = %v, want none", err)
				}
				expectPauses(t, service.gaps(), shifted(upTo(1, 2), trtcclient.DefaultAttemptTimeout))
			})
		})
	}
}

// TestStart_ClockCorrected checks that a start takes its tickets again when the
// clock was corrected before it was written: what is sent has the second ones.
func TestStart_ClockCorrected(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := newService(t, dated(time.Hour), success())
		var attempts []string
		client := service.client(func(c *trtcclient.Config) {
			c.Observe = func(_ context.Context, attempt trtcclient.Attempt) {
				attempts = append(attempts, strings.TrimSpace(attempt.Action+" "+attempt.Outcome.String()+" "+attempt.Code))
			}
		})
		var skews []time.Duration
		tickets := func(ctx context.Context) (context.Context, trtcclient.Tickets) {
			skews = append(skews, client.ClockSkew())
			if len(skews) == 1 { // Another call corrects the clock.
				if _, err := client.Describe(ctx, task()); err != nil {
					t.Error(err)
				}
			}
			return ctx, trtcclient.Tickets{UserSig: secret.New(fmt.Sprintf("ticket-%d", len(skews)))}
		}
		if _, err := client.Start(t.Context(), region, startInput(), tickets, func(string) {}); err != nil {
			t.Fatal(err)
		}
		want := []string{describeAction + " refused " + expired, describeAction + " answered", startAction + " not sent", startAction + " answered"}
		if difference := cmp.Diff(want, attempts); difference != "" {
			t.Errorf("attempts (-want +got):\n%s", difference)
		}
		if !slices.Equal(skews, []time.Duration{0, time.Hour}) {
			t.Errorf("tickets were taken at the skews %v", skews)
		}
		requests := service.requests()
		if sent := requests[len(requests)-1].body; len(requests) != 3 || !strings.Contains(sent, "ticket-2") {
			t.Errorf("%d requests were sent, the last one: %s", len(requests), sent)
		}
	})
}
