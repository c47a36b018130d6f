package credentials

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// Time is fake in these tests: sleeping is instant and exact.

// issuer issues the keys "ID-1", "ID-2" and so on, each for 2 hours and to be
// renewed after 96 minutes.
type issuer struct {
	*Source

	calls int
	// err is the error of a fetch; hangs makes it wait until its context ends.
	err   error
	hangs bool
	// failures are the renewals that failed while a key stayed in use.
	failures []failedRenewal
}

type failedRenewal struct {
	err         error
	at, expires time.Time
}

const (
	testLife    = 2 * time.Hour
	testRenewal = 96 * time.Minute
)

var errRefused = errors.New("refused")

func newIssuer() *issuer {
	i := &issuer{}
	environment := Environment{
		Clock: clock.System(), API: cloudapi.NewClient(cloudapi.Config{Clock: clock.System()}),
		RenewalFailed: func(_ context.Context, err error, expires time.Time) {
			i.failures = append(i.failures, failedRenewal{err, time.Now(), expires})
		},
	}
	i.Source = temporarySource(environment, origin{"role r", "assume_role"}, i.fetch)
	return i
}

func (i *issuer) fetch(ctx context.Context) (temporary, error) {
	i.calls++
	id := fmt.Sprintf("ID-%d", i.calls)
	if i.hangs {
		<-ctx.Done()
		return temporary{}, ctx.Err()
	}
	if i.err != nil {
		return temporary{}, i.err
	}
	now := time.Now()
	return temporary{cloudapi.Credential{SecretID: secret.New(id)}, now.Add(testRenewal), now.Add(testLife)}, nil
}

func (i *issuer) expect(t *testing.T, id string) {
	t.Helper()
	if got := <-i.start(t.Context()); got.err != nil || got.id != id {
		t.Fatalf("Retrieve = %q, %v, want %q", got.id, got.err, id)
	}
}

// outcome is the result of one call of Retrieve.
type outcome struct {
	id  string
	err error
}

// start calls Retrieve in another goroutine.
func (i *issuer) start(ctx context.Context) <-chan outcome {
	got := make(chan outcome, 1)
	go func() {
		credential, err := i.Retrieve(ctx)
		got <- outcome{credential.SecretID.Reveal(), err}
	}()
	return got
}

// startAll calls Retrieve in many goroutines.
func (i *issuer) startAll(ctx context.Context) []<-chan outcome {
	var callers []<-chan outcome
	for range 50 {
		callers = append(callers, i.start(ctx))
	}
	return callers
}

// TestCache_ConcurrentCallers checks that all callers share one renewal, when it
// is due.
func TestCache_ConcurrentCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := newIssuer()
		for renewals := 1; renewals <= 5; renewals++ {
			want := fmt.Sprintf("ID-%d", renewals)
			for _, caller := range keys.startAll(t.Context()) {
				if got := <-caller; got.err != nil || got.id != want {
					t.Fatalf("a caller got %q, %v, want %s", got.id, got.err, want)
				}
			}
			time.Sleep(testRenewal - time.Second)
			keys.expect(t, want)
			time.Sleep(time.Second)
		}
	})
}

// TestCache_FailedRenewal checks that a key with 24 minutes left when its renewal
// is due stays in use while renewals fail, up to a minute before it expires.
func TestCache_FailedRenewal(t *testing.T) {
	t.Parallel()
	const attempts, lastUse = 23, 119 * time.Minute // once a minute from minute 96
	synctest.Test(t, func(t *testing.T) {
		keys := newIssuer()
		issued := time.Now()
		keys.expect(t, "ID-1")
		keys.err = errRefused
		for time.Since(issued) < lastUse {
			keys.expect(t, "ID-1")
			time.Sleep(10 * time.Second)
		}
		if renewals := keys.calls - 1; renewals != attempts || len(keys.failures) != attempts {
			t.Errorf("%d renewals and %d failures reported, want %d", renewals, len(keys.failures), attempts)
		}
		for _, failed := range keys.failures {
			var named *SourceError
			if !errors.Is(failed.err, errRefused) || !errors.As(failed.err, &named) || named.Attribute != "assume_role" || !failed.expires.Equal(issued.Add(testLife)) {
				t.Errorf("reported %v, expiry %v", failed.err, failed.expires)
			}
		}
		if first := keys.failures[0].at.Sub(issued); first != testRenewal {
			t.Errorf("first renewal after %v, want %v", first, testRenewal)
		}
		if got := <-keys.start(t.Context()); !errors.Is(got.err, errRefused) || got.id != "" {
			t.Errorf("about to expire: %q, %v, want no key and the error", got.id, got.err)
		}
		if len(keys.failures) != attempts {
			t.Error("a failure that the caller gets was reported as a kept key")
		}
		keys.err = nil
		time.Sleep(time.Minute)
		keys.expect(t, "ID-26")
	})
}

// TestCache_NoResponse checks how long callers wait, and that they share the
// result.
func TestCache_NoResponse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := newIssuer()
		for _, test := range []struct {
			after, wait time.Duration
			id          string
			calls       int
		}{
			{0, 30 * time.Second, "", 1},
			{testRenewal, 10 * time.Second, "ID-2", 3},
		} {
			time.Sleep(test.after)
			keys.hangs = true
			began := time.Now()
			for _, caller := range keys.startAll(t.Context()) {
				if got := <-caller; got.id != test.id || (test.id == "") != errors.Is(got.err, context.DeadlineExceeded) {
					t.Errorf("a caller got %q, %v", got.id, got.err)
				}
			}
			if waited := time.Since(began); waited != test.wait || keys.calls != test.calls {
				t.Errorf("callers waited %v for %d calls, want %v for %d", waited, keys.calls, test.wait, test.calls)
			}
			keys.hangs = false
			time.Sleep(time.Minute)
			if test.id == "" {
				keys.expect(t, "ID-2")
			}
		}
	})
}

// TestCache_CanceledCaller checks that a canceled caller returns at once, whether
// it renews the key or waits, and that another caller then renews the key.
func TestCache_CanceledCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := newIssuer()
		keys.hangs = true
		renewing, cancelRenewing := context.WithCancel(t.Context())
		waiting, cancelWaiting := context.WithCancel(t.Context())
		first := keys.start(renewing)
		synctest.Wait()
		second, third := keys.start(waiting), keys.start(t.Context())
		synctest.Wait()
		keys.hangs = false
		began := time.Now()
		for _, canceled := range []struct {
			cancel context.CancelFunc
			caller <-chan outcome
		}{{cancelWaiting, second}, {cancelRenewing, first}} {
			canceled.cancel()
			var named *SourceError
			if got := <-canceled.caller; !errors.Is(got.err, context.Canceled) || !errors.As(got.err, &named) || named.Attribute != "assume_role" {
				t.Errorf("a canceled caller got %v", got.err)
			}
		}
		if got := <-third; got.err != nil || got.id != "ID-2" {
			t.Errorf("the other caller got %q, %v", got.id, got.err)
		}
		if waited := time.Since(began); waited != 0 || keys.calls != 2 {
			t.Errorf("%d calls and %v of waiting, want 2 calls", keys.calls, waited)
		}
		if got := <-keys.start(waiting); !errors.Is(got.err, context.Canceled) || keys.calls != 2 {
			t.Errorf("a canceled caller got %v after %d calls", got.err, keys.calls)
		}
	})
}

// TestCache_SharedFailure checks that callers after a failure get the same error
// for a while, without another call.
func TestCache_SharedFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := newIssuer()
		keys.err = errRefused
		first := <-keys.start(t.Context())
		time.Sleep(time.Minute - time.Second)
		second := <-keys.start(t.Context())
		if first.err == nil || !errors.Is(second.err, first.err) || keys.calls != 1 {
			t.Errorf("errors %v and %v after %d calls", first.err, second.err, keys.calls)
		}
		keys.err = nil
		time.Sleep(time.Second)
		keys.expect(t, "ID-2")
	})
}

// TestEnvironment_NoMonotonicTime checks that the time goes on while the machine
// sleeps: a key expires meanwhile.
func TestEnvironment_NoMonotonicTime(t *testing.T) {
	t.Parallel()
	environment := Environment{Clock: clock.System(), API: cloudapi.NewClient(cloudapi.Config{Clock: clock.System()})}
	if now := environment.now().String(); strings.Contains(now, " m=") {
		t.Errorf("the time %s has a monotonic part", now)
	}
}
