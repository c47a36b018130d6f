package credentials_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
)

// Time is fake in these tests: sleeping is instant and exact.

func expect(t *testing.T, source *credentials.Source, id string) {
	t.Helper()
	credential, err := source.Retrieve(t.Context())
	if err != nil || credential.SecretID != id {
		t.Fatalf("Retrieve = %q, %v, want %q", credential.SecretID, err, id)
	}
}

func TestRenewalAt80PercentOfLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := (&stub{}).source(t)
		expect(t, source, "ID-1")
		time.Sleep(799 * time.Second)
		expect(t, source, "ID-1")
		time.Sleep(time.Second)
		expect(t, source, "ID-2")
		time.Sleep(799 * time.Second)
		expect(t, source, "ID-2")
	})
}

func TestOneRenewalPerExpiryForParallelCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		service := &stub{before: func(context.Context, int64) error {
			<-release
			return nil
		}}
		source := service.source(t)
		for expiry := int64(1); expiry <= 5; expiry++ {
			var waiting []<-chan outcome
			for range 50 {
				waiting = append(waiting, retrieve(t.Context(), source))
			}
			synctest.Wait()
			release <- struct{}{}
			for _, caller := range waiting {
				if got := <-caller; got.err != nil || got.id != fmt.Sprintf("ID-%d", expiry) {
					t.Fatalf("expiry %d: a caller got %q, %v", expiry, got.id, got.err)
				}
			}
			if calls := service.calls.Load(); calls != expiry {
				t.Fatalf("%d calls for %d expiries", calls, expiry)
			}
			time.Sleep(801 * time.Second)
		}
	})
}

func TestRenewalErrorIsReturnedWhileTheOldKeyIsStillGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &stub{code: func(call int64) string {
			if call == 2 {
				return "AuthFailure.SecretIdNotFound"
			}
			return ""
		}}
		source := service.source(t)
		expect(t, source, "ID-1")
		time.Sleep(850 * time.Second)
		credential, err := source.Retrieve(t.Context())
		var refused *cloudapi.APIError
		if !errors.As(err, &refused) || refused.Code != "AuthFailure.SecretIdNotFound" {
			t.Errorf("error = %v, want the service's", err)
		}
		if credential != (cloudapi.Credential{}) {
			t.Error("the old key was served beside the error")
		}
		if calls := service.calls.Load(); calls != 2 {
			t.Errorf("%d calls, want 2: a refused key is not tried again", calls)
		}
		expect(t, source, "ID-3")
	})
}

func TestCancelledCallerLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		service := &stub{before: func(ctx context.Context, _ int64) error {
			select {
			case <-release:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}}
		source := service.source(t)
		ctx, cancel := context.WithCancel(t.Context())
		first := retrieve(ctx, source)
		synctest.Wait()
		second := retrieve(t.Context(), source)
		synctest.Wait()
		cancel()
		if got := <-first; !errors.Is(got.err, context.Canceled) {
			t.Errorf("the cancelled caller got %v", got.err)
		} else if sourceError(t, got.err).Attribute != "assume_role" {
			t.Errorf("the error does not name its source: %v", got.err)
		}
		close(release)
		if got := <-second; got.err != nil || got.id != "ID-1" {
			t.Errorf("the other caller got %q, %v", got.id, got.err)
		}
		if calls := service.calls.Load(); calls != 1 {
			t.Errorf("%d calls, want 1", calls)
		}
	})
}

// A renewal that went on would be a goroutine left behind, which fails too.
func TestRenewalEndsWhenNobodyWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		service := &stub{before: func(ctx context.Context, _ int64) error {
			err := untilDone(ctx, 0)
			ended <- err
			return err
		}}
		source := service.source(t)
		ctx, cancel := context.WithCancel(t.Context())
		first, second := retrieve(ctx, source), retrieve(ctx, source)
		synctest.Wait()
		began := time.Now()
		cancel()
		<-first
		<-second
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the renewal ended with %v", err)
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("the renewal went on for %v", waited)
		}
	})
}

func TestCallerDoesNotBoardAnAbandonedRenewal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		service := &stub{before: func(_ context.Context, call int64) error {
			if call == 1 {
				<-release // deaf to its cancellation
			}
			return nil
		}}
		source := service.source(t)
		ctx, cancel := context.WithCancel(t.Context())
		abandoned := retrieve(ctx, source)
		synctest.Wait()
		cancel()
		<-abandoned
		expect(t, source, "ID-2")
		close(release)
		synctest.Wait()
		expect(t, source, "ID-2")
	})
}

func TestRenewalIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &stub{before: untilDone}
		source := service.source(t)
		began := time.Now()
		_, err := source.Retrieve(t.Context())
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want a deadline", err)
		}
		if waited := time.Since(began); waited != 30*time.Second {
			t.Errorf("Retrieve took %v, want 30s", waited)
		}
		if calls := service.calls.Load(); calls != 3 {
			t.Errorf("%d calls, want 3 of at most 10s", calls)
		}
	})
}

func TestKeyThatHasExpiredOnArrival(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &stub{life: -time.Second}
		source := service.source(t)
		_, err := source.Retrieve(t.Context())
		if !errors.Is(err, credentials.ErrExpiredOnArrival) {
			t.Errorf("error = %v, want ErrExpiredOnArrival", err)
		}
		if calls := service.calls.Load(); calls != 1 {
			t.Errorf("%d calls, want 1", calls)
		}
	})
}

// The clocks of this machine and of STS need not agree: what counts is how long
// the key was asked for.
func TestLifeIsNoLongerThanAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := (&stub{life: 7200*time.Second + 290*time.Second}).source(t)
		expect(t, source, "ID-1")
		time.Sleep(5759 * time.Second)
		expect(t, source, "ID-1")
		time.Sleep(time.Second)
		expect(t, source, "ID-2")
	})
}

func TestCancelledContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &stub{}
		source := service.source(t)
		if _, err := source.Retrieve(cancelled(t)); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want context.Canceled", err)
		}
		if calls := service.calls.Load(); calls != 0 {
			t.Errorf("%d calls for a cancelled caller", calls)
		}
		expect(t, source, "ID-1")
		if credential, err := source.Retrieve(cancelled(t)); err != nil || credential.SecretID != "ID-1" {
			t.Errorf("a key at hand was not given: %v", err)
		}
	})
}
