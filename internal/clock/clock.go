// Package clock lets time be injected: the rest of the module asks a Clock
// what time it is and how to wait, so that tests run without sleeping.
package clock

import (
	"context"
	"time"
)

// Clock returns the time and waits.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
	// Sleep returns nil once d has passed, or the context's error as soon as
	// ctx is done. A d of zero or less returns at once.
	Sleep(ctx context.Context, d time.Duration) error
	// WithTimeout returns a context that ends with context.DeadlineExceeded
	// once d has passed on this clock.
	WithTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc)
}

// System returns the clock of the operating system.
func System() Clock { return system{} }

type system struct{}

func (system) Now() time.Time { return time.Now() }

func (system) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (system) WithTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, d)
}
