package cloudapi_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// endings are the two ways in which a context of one minute ends.
var endings = map[string]struct {
	end    func(*clocktest.Clock, context.CancelFunc)
	cause  error
	reason cloudapi.Reason
}{
	"deadline": {
		end:   func(fake *clocktest.Clock, _ context.CancelFunc) { fake.Advance(time.Minute) },
		cause: context.DeadlineExceeded, reason: cloudapi.TimedOut,
	},
	"cancellation": {
		end:   func(_ *clocktest.Clock, cancel context.CancelFunc) { cancel() },
		cause: context.Canceled, reason: cloudapi.Cancelled,
	},
}

// minute returns a context of one minute on a clock of its own, and a child of
// it, which knows only the cause of its end.
func minute(t *testing.T) (*clocktest.Clock, context.Context, context.CancelFunc) {
	t.Helper()
	fake := clocktest.New(startOfTime)
	parent, cancel := fake.WithTimeout(t.Context(), time.Minute)
	child, cancelChild := context.WithCancel(parent)
	t.Cleanup(cancelChild)
	t.Cleanup(cancel)
	return fake, child, cancel
}

func TestContextEndsTheWaitForAnAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, ctx, cancel := minute(t)
			caller, request := onServer(t, func(_ http.ResponseWriter, r *http.Request) {
				c.end(fake, cancel)
				<-r.Context().Done()
			})
			_, err := caller.Call(ctx, permanentKey(), request, &taskAnswer{})
			if failed := failure(t, err); failed.Outcome != cloudapi.Ambiguous || failed.Reason != c.reason || failed.Status != 0 {
				t.Errorf("error = %+v, want ambiguous, %v, no status", failed, c.reason)
			}
		})
	}
}

// interrupted is a body whose second part never comes.
type interrupted struct {
	io.Reader

	ctx context.Context
	end func()
}

func (b interrupted) Read(into []byte) (int, error) {
	if n, err := b.Reader.Read(into); err == nil {
		return n, nil
	}
	b.end()
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

func TestContextEndsASlowBody(t *testing.T) {
	t.Parallel()
	for name, c := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, ctx, cancel := minute(t)
			caller := inMemory(roundTrip(func(r *http.Request) (*http.Response, error) {
				body := interrupted{Reader: strings.NewReader(goodAnswer[:20]), ctx: r.Context(), end: func() { c.end(fake, cancel) }}
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
			}))
			_, err := caller.Call(ctx, permanentKey(), start(), &taskAnswer{})
			if failed := failure(t, err); failed.Outcome != cloudapi.Ambiguous || failed.Reason != c.reason || failed.Status != http.StatusOK {
				t.Errorf("error = %+v, want ambiguous, %v, status 200", failed, c.reason)
			}
		})
	}
}

func TestContextThatEndedSendsNothing(t *testing.T) {
	t.Parallel()
	for name, c := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(c.cause)
			caller, request := onServer(t, func(http.ResponseWriter, *http.Request) { t.Error("a request arrived") })
			_, err := caller.Call(ctx, permanentKey(), request, &taskAnswer{})
			if failed := failure(t, err); failed.Outcome != cloudapi.NotSent || failed.Reason != c.reason || failed.Status != 0 {
				t.Errorf("error = %+v, want not sent, %v", failed, c.reason)
			}
		})
	}
}
