package trtcclient_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// cancelAfter returns a context that is cancelled after d.
func cancelAfter(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(d, cancel)
	return ctx
}

// interrupted is the InterruptedError that err must be, of action.
func interrupted(t *testing.T, err error, action string) *trtcclient.InterruptedError {
	t.Helper()
	var end *trtcclient.InterruptedError
	if !errors.As(err, &end) || end.Action != action || !strings.Contains(err.Error(), action) {
		t.Fatalf("error = %T %v, want an InterruptedError of %s", err, err, action)
	}
	return end
}

func TestCancelledCallSendsNothing(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			service := newService(t, success())
			err := run(ctx, service.client())
			notAmbiguous(t, err)
			if end := interrupted(t, err, action); !errors.Is(err, context.Canceled) || end.Last != nil {
				t.Errorf("error = %+v, want a cancellation and nothing before it", end)
			}
			if len(service.requests()) != 0 {
				t.Errorf("%d requests were sent", len(service.requests()))
			}
		})
	}
}

func TestCancellationEndsAWait(t *testing.T) {
	t.Parallel()
	for wait, c := range map[string]struct {
		rate  float64 // requests per second, 0 for the default
		after time.Duration
	}{
		// Less than the pacer needs: the wait cannot be over.
		"back-off": {after: 10 * time.Millisecond},
		// Longer than the back-off, and less than the pacer needs.
		"turn": {rate: 0.1, after: 5 * time.Second},
	} {
		for action, run := range actions {
			t.Run(wait+" "+action, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					begun := time.Now()
					service := newService(t, code("RequestLimitExceeded"))
					client := service.client(func(config *trtcclient.Config) { config.RequestsPerSecond = c.rate })
					err := run(cancelAfter(t, c.after), client)
					notAmbiguous(t, err)
					end := interrupted(t, err, action)
					if !errors.Is(err, context.Canceled) || !trtcclient.IsError(end.Last, "RequestLimitExceeded") {
						t.Errorf("error = %v, want a cancellation after RequestLimitExceeded", err)
					}
					if took := time.Since(begun); took != c.after || len(service.requests()) != 1 {
						t.Errorf("the call took %v and %d requests, want %v and 1", took, len(service.requests()), c.after)
					}
				})
			})
		}
	}
}

func TestCancellationOfASuspectStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		service := newService(t, code("InternalError"), success())
		_, err := service.client().Start(cancelAfter(t, time.Second), region, startInput())
		start := ambiguous(t, err)
		if end := interrupted(t, start.Err, startAction); !trtcclient.IsError(end.Last, "InternalError") || start.RequestID == "" {
			t.Errorf("error = %+v, want the suspect before the cancellation", start)
		}
		if took := time.Since(begun); took != time.Second {
			t.Errorf("the call took %v, want 1 s", took)
		}
	})
}

// TestDeadlineIsNotWaitedFor checks that the failure is told at once when the
// next attempt would come too late, and that it tells what cut it short.
func TestDeadlineIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				defer cancel()
				service := newService(t, code("InternalError"))
				err := run(ctx, service.client())
				end := interrupted(t, err, action)
				if !errors.Is(end.Err, context.DeadlineExceeded) || !trtcclient.IsError(end.Last, "InternalError") {
					t.Errorf("error = %v, want the deadline after InternalError", err)
				}
				if took := time.Since(begun); took >= 2*time.Second || ctx.Err() != nil {
					t.Errorf("the call took %v, which is all the time there was", took)
				}
			})
		})
	}
}

// TestDeadlineCutsAnExchange checks that an answer that the deadline did not
// wait for is told from one that took too long by itself.
func TestDeadlineCutsAnExchange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		service := newService(t, hang)
		_, err := service.client().Describe(ctx, task())
		var failed *cloudapi.ExchangeError
		if end := interrupted(t, err, describeAction); !errors.Is(end.Err, context.DeadlineExceeded) || !errors.As(end.Last, &failed) {
			t.Errorf("error = %v, want the deadline after an exchange without an answer", err)
		}
		_, err = service.client(func(c *trtcclient.Config) { c.AttemptTimeout = time.Second }).Describe(t.Context(), task())
		var end *trtcclient.InterruptedError
		if !errors.As(err, &failed) || errors.As(err, &end) {
			t.Errorf("error = %v, want an exchange without an answer and no deadline", err)
		}
	})
}

// TestDeadlineOfAFakeClock runs on the clock that other packages' tests use,
// whose deadlines a context does not show.
func TestDeadlineOfAFakeClock(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			fake := clocktest.New(fakeStart)
			ctx, cancel := fake.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			service := newService(t, code("RequestLimitExceeded"))
			err := run(ctx, service.client(func(c *trtcclient.Config) { c.Clock = fake }))
			notAmbiguous(t, err)
			if end := interrupted(t, err, action); !errors.Is(err, context.DeadlineExceeded) || end.Last == nil {
				t.Errorf("error = %v, want the deadline after RequestLimitExceeded", err)
			}
			if slept := fake.Slept(); slept < 55*time.Second || slept > 66*time.Second {
				t.Errorf("the call waited for %v, want about a minute", slept)
			}
		})
	}
}

func TestCancellationWhileAKeyIsFetched(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := newService(t, success())
		client := service.client(func(c *trtcclient.Config) { c.Credentials = slowKeys{keys: canaryKeys(), takes: time.Minute} })
		_, err := client.Describe(cancelAfter(t, time.Second), task())
		if end := interrupted(t, err, describeAction); !errors.Is(end.Err, context.Canceled) {
			t.Errorf("error = %v, want a cancellation", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = client.Describe(ctx, task())
		var missing *trtcclient.CredentialError
		if !errors.As(err, &missing) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want a CredentialError, because the source was too slow", err)
		}
	})
}

// slowKeys is a credential source that takes its time.
type slowKeys struct {
	keys

	takes time.Duration
}

func (k slowKeys) Retrieve(ctx context.Context) (cloudapi.Credential, error) {
	return k.Credential, clock.System().Sleep(ctx, k.takes)
}
