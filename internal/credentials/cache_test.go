package credentials_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
)

// Time is fake in these tests: sleeping is instant and exact.

func expect(t *testing.T, source *credentials.Source, id string) {
	t.Helper()
	credential, err := source.Retrieve(t.Context())
	if err != nil || credential.SecretID.Reveal() != id {
		t.Fatalf("Retrieve = %q, %v, want %q", credential.SecretID.Reveal(), err, id)
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

// A key has 24 minutes left when its renewal is due. While renewals fail it stays
// in use, up to a minute before it expires.
func TestFailedRenewalKeepsAValidKey(t *testing.T) {
	t.Parallel()
	const life, due, lastUse = 120 * time.Minute, 96 * time.Minute, 119 * time.Minute
	// Attempts are 0, 30, 60, 120, 240, 300, 300 and 300 seconds apart.
	const attempts, firstDelay = 8, 30 * time.Second
	synctest.Test(t, func(t *testing.T) {
		down := false
		service := &stub{life: life, code: func(int64) string {
			if down {
				return "AuthFailure.SecretIdNotFound"
			}
			return ""
		}}
		source := service.source(t)
		issued := time.Now()
		expect(t, source, "ID-1")
		down = true
		for time.Since(issued) < lastUse {
			expect(t, source, "ID-1")
			time.Sleep(10 * time.Second)
		}
		if calls := service.calls.Load() - 1; calls != attempts || len(service.failures) != attempts {
			t.Errorf("%d renewals and %d failures reported, want %d", calls, len(service.failures), attempts)
		}
		for _, failed := range service.failures {
			var refused *cloudapi.APIError
			if !errors.As(failed.err, &refused) || sourceError(t, failed.err).Attribute != "assume_role" || !failed.expires.Equal(issued.Add(life)) {
				t.Errorf("reported %v, expiry %v", failed.err, failed.expires)
			}
		}
		if first := service.failures[0].at.Sub(issued); first != due {
			t.Errorf("first renewal after %v, want %v", first, due)
		}
		credential, err := source.Retrieve(t.Context())
		var refused *cloudapi.APIError
		if !errors.As(err, &refused) || refused.Code != "AuthFailure.SecretIdNotFound" || credential != (cloudapi.Credential{}) {
			t.Errorf("about to expire: %v, want no key and the service's error", err)
		}
		if len(service.failures) != attempts {
			t.Error("a failure that the caller gets was reported as a kept key")
		}
		down = false
		time.Sleep(firstDelay)
		expect(t, source, "ID-11")
		down = true
		time.Sleep(due)
		expect(t, source, "ID-11")
		down = false
		time.Sleep(firstDelay - time.Second)
		expect(t, source, "ID-11")
		time.Sleep(time.Second)
		expect(t, source, "ID-13")
	})
}

func TestFailedRenewalForParallelCallers(t *testing.T) {
	t.Parallel()
	for name, hangs := range map[string]bool{"refused": false, "no response": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := &stub{before: func(ctx context.Context, call int64) error {
					if call > 1 && hangs {
						return untilDone(ctx, call)
					}
					return nil
				}, code: func(call int64) string {
					if call > 1 {
						return "UnauthorizedOperation"
					}
					return ""
				}}
				source := service.source(t)
				expect(t, source, "ID-1")
				time.Sleep(800 * time.Second)
				began := time.Now()
				var waiting []<-chan outcome
				for range 50 {
					waiting = append(waiting, retrieve(t.Context(), source))
				}
				for _, caller := range waiting {
					if got := <-caller; got.err != nil || got.id != "ID-1" {
						t.Fatalf("a caller got %q, %v", got.id, got.err)
					}
				}
				if calls := service.calls.Load(); calls != 2 || len(service.failures) != 1 {
					t.Errorf("%d calls and %d failures reported for one renewal", calls, len(service.failures))
				}
				if waited := time.Since(began); hangs && waited != 10*time.Second || !hangs && waited != 0 {
					t.Errorf("callers with a valid key waited %v", waited)
				}
			})
		})
	}
}

// The wall clock of a machine that slept is ahead of its monotonic clock.
func TestKeyThatExpiredWhileTheMachineSlept(t *testing.T) {
	t.Parallel()
	const slept = 2 * time.Hour
	before := time.Now()
	after := before.Add(time.Second)
	// The first word of a time.Time with a monotonic reading holds the wall
	// clock's seconds above 30 bits of nanoseconds.
	*(*uint64)(unsafe.Pointer(&after)) += uint64(slept/time.Second) << 30
	if after.Sub(before) != time.Second || after.Round(0).Sub(before.Round(0)) != slept+time.Second {
		t.Fatal("only the wall clock must have gone on")
	}
	showing := &shownTime{Clock: clock.System(), now: before}
	// STS's clock is ahead, so the key expires when the requested time is over.
	source := (&stub{clock: showing, life: 3 * time.Hour}).source(t)
	expect(t, source, "ID-1")
	expect(t, source, "ID-1")
	showing.now = after
	expect(t, source, "ID-2")
}

// shownTime is a clock that shows one time.
type shownTime struct {
	clock.Clock

	now time.Time
}

func (s *shownTime) Now() time.Time { return s.now }

func TestCanceledCallerLeavesTheOthersAlone(t *testing.T) {
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
			t.Errorf("the canceled caller got %v", got.err)
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
// the key was requested.
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

func TestCanceledContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &stub{}
		source := service.source(t)
		if _, err := source.Retrieve(canceled(t)); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want context.Canceled", err)
		}
		if calls := service.calls.Load(); calls != 0 {
			t.Errorf("%d calls for a canceled caller", calls)
		}
		expect(t, source, "ID-1")
		if credential, err := source.Retrieve(canceled(t)); err != nil || credential.SecretID.Reveal() != "ID-1" {
			t.Errorf("a key at hand was not given: %v", err)
		}
	})
}

// TestFailureIsShared checks that callers after a failure get the same error for a
// while, without another call.
func TestFailureIsShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &stub{code: func(call int64) string {
			if call == 1 {
				return "UnauthorizedOperation"
			}
			return ""
		}}
		source := service.source(t)
		_, first := source.Retrieve(t.Context())
		time.Sleep(29 * time.Second)
		_, second := source.Retrieve(t.Context())
		if first == nil || !errors.Is(second, first) || service.calls.Load() != 1 {
			t.Errorf("errors %v and %v after %d calls", first, second, service.calls.Load())
		}
		time.Sleep(time.Second)
		expect(t, source, "ID-2")
	})
}
