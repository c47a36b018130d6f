// Package clock makes time injectable. The rest of the module gets the time and
// waits through a Clock, so that tests run without sleeping.
package clock

import (
	"context"
	"time"
)

// Clock returns the time and waits.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
	// Sleep blocks until d has passed. It returns the context's error if ctx ends
	// first, and returns at once if d is zero or negative.
	Sleep(ctx context.Context, d time.Duration) error
	// WithTimeout returns a context that ends with context.DeadlineExceeded when d
	// has passed on this clock.
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
