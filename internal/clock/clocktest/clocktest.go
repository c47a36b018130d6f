// Package clocktest has a clock for tests that moves only when a test moves it.
package clocktest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Clock is a clock for tests: it stands still until somebody sleeps on it or
// advances it, and sleeping takes no real time. It is safe for concurrent use.
type Clock struct {
	mu       sync.Mutex
	now      time.Time
	slept    time.Duration
	timeouts []*fakeTimeout
}

// New returns a Clock that shows start.
func New(start time.Time) *Clock { return &Clock{now: start} }

// Now returns the time the clock shows.
func (f *Clock) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Sleep advances the clock by d and returns at once, or returns the context's
// error and leaves the clock alone when ctx is already done. When a timeout of
// ctx lies within d, its error is returned.
func (f *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	f.mu.Lock()
	f.slept += d
	f.mu.Unlock()
	f.Advance(d)
	return ctx.Err()
}

// Advance moves the clock forward by d without counting it as slept.
func (f *Clock) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
	f.timeouts = slices.DeleteFunc(f.timeouts, func(timeout *fakeTimeout) bool {
		return timeout.expire(f.now)
	})
}

// Slept returns the sum of all sleeps, the time that callers would have waited
// one after another.
func (f *Clock) Slept() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.slept
}

// WithTimeout returns a context that ends once the clock was moved by d. Its
// Deadline is that of ctx: sockets know only the system's clock.
func (f *Clock) WithTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	inner, cancel := context.WithCancelCause(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	timeout := &fakeTimeout{Context: inner, cancel: cancel, deadline: f.now.Add(d)}
	if !timeout.expire(f.now) {
		f.timeouts = append(f.timeouts, timeout)
	}
	return timeout, func() { cancel(context.Canceled) }
}

// fakeTimeout is a context that a Fake ends.
type fakeTimeout struct {
	context.Context //nolint:containedctx // It is a context.

	cancel   context.CancelCauseFunc
	deadline time.Time
}

// expire ends the context when its time has come, and reports whether it ended.
func (t *fakeTimeout) expire(now time.Time) bool {
	if now.Before(t.deadline) {
		return t.Context.Err() != nil
	}
	t.cancel(context.DeadlineExceeded)
	return true
}

// Err distinguishes a timeout from a cancellation.
func (t *fakeTimeout) Err() error {
	if t.Context.Err() == nil {
		return nil
	}
	return context.Cause(t.Context)
}
