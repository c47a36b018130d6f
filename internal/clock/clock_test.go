package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
)

func TestSleepEndsWithItsContext(t *testing.T) {
	t.Parallel()
	alive := t.Context()
	cancelled, cancel := context.WithCancel(alive)
	cancel()
	for name, c := range map[string]clock.Clock{"system": clock.System(), "fake": clocktest.New(time.Unix(0, 0))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := c.Sleep(cancelled, time.Hour); !errors.Is(err, context.Canceled) {
				t.Errorf("Sleep on a cancelled context = %v, want context.Canceled", err)
			}
			if err := c.Sleep(alive, 0); err != nil {
				t.Errorf("Sleep of nothing = %v, want nil", err)
			}
		})
	}
}

func TestSystemSleepIsCutShort(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- clock.System().Sleep(ctx, time.Hour) }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Sleep = %v, want context.Canceled", err)
	}
	if err := clock.System().Sleep(t.Context(), time.Nanosecond); err != nil {
		t.Errorf("Sleep = %v, want nil", err)
	}
}
