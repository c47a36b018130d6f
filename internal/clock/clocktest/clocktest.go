// Package clocktest has a clock for tests that only the test moves.
package clocktest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Clock is a clock for tests. Only Sleep and Advance move its time, and Sleep takes
// no real time. Clock is safe for concurrent use.
type Clock struct {
	mu       sync.Mutex
	now      time.Time
	slept    time.Duration
	timeouts []*timeoutContext
}

// New returns a Clock with the time start.
func New(start time.Time) *Clock { return &Clock{now: start} }

// Now returns the current time of the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep advances the clock by d and returns at once. If ctx is already done, Sleep
// returns the context's error and does not advance the clock. If ctx has a timeout
// within d, Sleep returns the error of the timeout.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	c.mu.Lock()
	c.slept += d
	c.mu.Unlock()
	c.Advance(d)
	return ctx.Err()
}

// Advance moves the clock forward by d without counting it as slept.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.timeouts = slices.DeleteFunc(c.timeouts, func(timeout *timeoutContext) bool {
		return timeout.expire(c.now)
	})
}

// Slept returns the sum of all sleeps: the time that callers would have waited
// sequentially.
func (c *Clock) Slept() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.slept
}

// WithTimeout returns a context that ends when the clock has advanced by d. The
// Deadline of the context is the Deadline of ctx, because sockets use the system's
// clock.
func (c *Clock) WithTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	inner, cancel := context.WithCancelCause(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	timeout := &timeoutContext{Context: inner, cancel: cancel, deadline: c.now.Add(d)}
	if !timeout.expire(c.now) {
		c.timeouts = append(c.timeouts, timeout)
	}
	return timeout, func() { cancel(context.Canceled) }
}

// timeoutContext is a context that a Clock ends.
type timeoutContext struct {
	context.Context //nolint:containedctx // It is a context.

	cancel   context.CancelCauseFunc
	deadline time.Time
}

// expire ends the context if its deadline has passed, and reports whether the
// context has ended.
func (t *timeoutContext) expire(now time.Time) bool {
	if now.Before(t.deadline) {
		return t.Context.Err() != nil
	}
	t.cancel(context.DeadlineExceeded)
	return true
}

// Err distinguishes a timeout from a cancellation.
func (t *timeoutContext) Err() error {
	if t.Context.Err() == nil {
		return nil
	}
	return context.Cause(t.Context)
}
