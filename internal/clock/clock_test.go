package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
)

func TestSleep_ContextEnds(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]clock.Clock{"system": clock.System(), "fake": clocktest.New(time.Unix(0, 0))} {
		if err := c.Sleep(canceled, time.Hour); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: Sleep with a canceled context = %v, want context.Canceled", name, err)
		}
		if err := c.Sleep(t.Context(), 0); err != nil {
			t.Errorf("%s: Sleep for no time = %v, want nil", name, err)
		}
	}
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
