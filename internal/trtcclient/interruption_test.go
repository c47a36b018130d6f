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

// cancelAfter returns a context that is canceled after d.
func cancelAfter(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(d, cancel)
	return ctx
}

// canceledContext returns a context that has ended.
func canceledContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// expectClass checks the class of err, and that err names action.
func expectClass(t *testing.T, err error, action string, want trtcclient.Class) *trtcclient.Error {
	t.Helper()
	failed := failure(t, err)
	if failed.Action != action || !strings.Contains(err.Error(), action) || failed.Class != want {
		t.Fatalf("error = %+v, want class %d of %s", failed, want, action)
	}
	return failed
}

func TestCanceledCallSendsNothing(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			service := newService(t, success())
			err := run(canceledContext(t), service.client())
			expectNotRun(t, err)
			if end := expectClass(t, err, action, trtcclient.Interrupted); !errors.Is(err, context.Canceled) || end.Code != "" || end.OutOfTime {
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
		rate  int // requests per second, 0 for the default
		after time.Duration
	}{
		// Less than any back-off takes.
		"back-off": {after: time.Nanosecond},
		// Longer than the back-off, and less than the pacer needs.
		"turn": {rate: 1, after: 700 * time.Millisecond},
	} {
		for action, run := range actions {
			t.Run(wait+" "+action, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					begun := time.Now()
					service := newService(t, code("RequestLimitExceeded"))
					client := service.client(func(config *trtcclient.Config) { config.RequestsPerSecond = c.rate })
					err := run(cancelAfter(t, c.after), client)
					expectNotRun(t, err)
					end := expectClass(t, err, action, trtcclient.Interrupted)
					if !errors.Is(err, context.Canceled) || end.Code != "RequestLimitExceeded" || !strings.Contains(err.Error(), end.Code) || end.OutOfTime {
						t.Errorf("error = %v, want a cancellation after RequestLimitExceeded", err)
					}
					if refused, ok := errors.AsType[*cloudapi.APIError](err); !ok || refused.Code != end.Code {
						t.Errorf("error = %v, want it to hold the refusal before the cancellation", err)
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
		_, err := startTask(cancelAfter(t, time.Second), service.client(), startInput())
		start := mayHaveRun(t, err)
		if _ = expectClass(t, err, startAction, trtcclient.Interrupted); start.Code != "InternalError" || start.RequestID == "" || !start.Since.Equal(begun) {
			t.Errorf("error = %+v, want the attempt before the cancellation", start)
		}
		if took := time.Since(begun); took != time.Second {
			t.Errorf("the call took %v, want 1 s", took)
		}
	})
}

// TestDeadlineIsNotWaitedFor checks that the failure is returned at once when
// the next attempt would come too late, and that it names its cause.
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
				if end := expectClass(t, err, action, trtcclient.ServerFault); !end.OutOfTime || end.Code != "InternalError" {
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
// wait for differs from one that took too long by itself.
func TestDeadlineCutsAnExchange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		service := newService(t, hang())
		_, err := service.client().Describe(ctx, task())
		if end := expectClass(t, err, describeAction, trtcclient.NoAnswer); !end.OutOfTime {
			t.Errorf("error = %v, want the deadline after an exchange without an answer", err)
		}
		_, err = service.client(func(c *trtcclient.Config) { c.AttemptTimeout = time.Second }).Describe(t.Context(), task())
		if end := expectClass(t, err, describeAction, trtcclient.NoAnswer); end.OutOfTime {
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
			expectNotRun(t, err)
			if end := expectClass(t, err, action, trtcclient.Throttled); !end.OutOfTime || end.Code != "RequestLimitExceeded" {
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
		if _ = expectClass(t, err, describeAction, trtcclient.Interrupted); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want a cancellation", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = client.Describe(ctx, task())
		if _ = expectClass(t, err, describeAction, trtcclient.NoCredentials); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want no credentials, because the source was too slow", err)
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

// classOf returns the class of a failed call.
func classOf(t testing.TB, err error) trtcclient.Class {
	t.Helper()
	return failure(t, err).Class
}
