package credentials_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
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
	for name, hangs := range map[string]bool{"refused": false, "no answer": true} {
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
		if credential, err := source.Retrieve(canceled(t)); err != nil || credential.SecretID != "ID-1" {
			t.Errorf("a key at hand was not given: %v", err)
		}
	})
}

// stub is STS without a network, so that it can be used where time is fake. It
// issues "ID-1", "ID-2" and so on.
type stub struct {
	calls atomic.Int64
	life  time.Duration
	// before runs before the answer; its error is the transport's.
	before func(ctx context.Context, call int64) error
	// code is answered instead of a key when it returns one.
	code func(call int64) string
	// clock is that of the source; nil means the system's.
	clock clock.Clock
	// failures are the renewals that failed while a key stayed in use.
	failures []failedRenewal
}

type failedRenewal struct {
	err         error
	at, expires time.Time
}

func (s *stub) RoundTrip(request *http.Request) (*http.Response, error) {
	call := s.calls.Add(1)
	if s.before != nil {
		if err := s.before(request.Context(), call); err != nil {
			return nil, err
		}
	}
	body := fmt.Sprintf(`{"Response":{"Credentials":{"TmpSecretId":"ID-%d","TmpSecretKey":"k","Token":"t"},"ExpiredTime":%d}}`,
		call, s.clock.Now().Add(s.life).Unix())
	if s.code != nil && s.code(call) != "" {
		body = fmt.Sprintf(`{"Response":{"Error":{"Code":%q,"Message":"m"},"RequestId":"r"}}`, s.code(call))
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: request}, nil
}

// source returns the source of a role whose keys the stub issues.
func (s *stub) source(t *testing.T) *credentials.Source {
	t.Helper()
	if s.life == 0 {
		s.life = 1000 * time.Second
	}
	if s.clock == nil {
		s.clock = clock.System()
	}
	resolved, err := credentials.Resolve(
		credentials.Arguments{
			SecretID: secret.New("ID-base"), SecretKey: secret.New("k"),
			AssumeRole: &credentials.AssumeRole{RoleARN: "role"},
		},
		credentials.Environment{
			LookupEnv: func(string) (string, bool) { return "", false },
			HomeDir:   func() (string, error) { return t.TempDir(), nil },
			Clock:     s.clock,
			Transport: s,
			RenewalFailed: func(_ context.Context, err error, expires time.Time) {
				s.failures = append(s.failures, failedRenewal{err: err, at: time.Now(), expires: expires})
			},
			STSEndpoint: cloudapi.Endpoint{Scheme: "https", Host: "sts.example.com"},
		})
	if err != nil {
		t.Fatalf("Resolve: %v", err)
	}
	return resolved.Source
}

// outcome is what one caller got.
type outcome struct {
	id  string
	err error
}

// retrieve calls Retrieve beside the test.
func retrieve(ctx context.Context, source *credentials.Source) <-chan outcome {
	got := make(chan outcome, 1)
	go func() {
		credential, err := source.Retrieve(ctx)
		got <- outcome{id: credential.SecretID, err: err}
	}()
	return got
}

// untilDone is a stub's before that never answers.
func untilDone(ctx context.Context, _ int64) error {
	<-ctx.Done()
	return ctx.Err()
}
