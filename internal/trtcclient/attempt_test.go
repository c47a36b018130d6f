package trtcclient_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
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
				service := newService(t, unsent, slow(time.Second, code("RequestLimitExceeded")),
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
				want[0].Outcome, want[0].Fault = cloudapi.NotSent, cloudapi.NoConnection.String()
				want[1].Outcome, want[1].Code, want[1].RequestID, want[1].Took = cloudapi.Refused, "RequestLimitExceeded", refused, time.Second
				want[2].Outcome, want[2].Code, want[2].RequestID = cloudapi.Refused, "InternalError.DBError", refused
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
	_, err := service.client(watch(&got)).Start(t.Context(), region, startInput())
	_ = ambiguous(t, err)
	want := []trtcclient.Attempt{{
		Action: startAction, Region: region, Host: international.Host, Number: 1,
		Outcome: cloudapi.Ambiguous, Fault: cloudapi.Unreadable.String(), RequestID: id,
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
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for action, run := range actions {
		if err := run(ctx, newService(t, success()).client(watch(&got))); err == nil || len(got) != 0 {
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
