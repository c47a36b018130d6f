package clocktest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
)

func TestClock_MovesOnlyWhenAdvanced(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	fake := clocktest.New(start)
	if err := fake.Sleep(t.Context(), 3*time.Second); err != nil {
		t.Fatal(err)
	}
	fake.Advance(time.Minute)
	if got, want := fake.Now(), start.Add(63*time.Second); !got.Equal(want) {
		t.Errorf("Now = %v, want %v", got, want)
	}
	if got := fake.Slept(); got != 3*time.Second {
		t.Errorf("Slept = %v, want 3s", got)
	}
}

func TestClock_WithTimeout(t *testing.T) {
	t.Parallel()
	fake := clocktest.New(time.Unix(0, 0))
	ctx, cancel := fake.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := fake.Sleep(ctx, 9*time.Second); err != nil {
		t.Fatalf("Sleep within the timeout = %v, want nil", err)
	}
	if err := fake.Sleep(ctx, 2*time.Second); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Sleep past the timeout = %v, want context.DeadlineExceeded", err)
	}
	child, cancelChild := context.WithCancel(ctx)
	defer cancelChild()
	if err := child.Err(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a context below it ends with %v, want context.DeadlineExceeded", err)
	}

	canceled, cancel := fake.WithTimeout(t.Context(), time.Hour)
	cancel()
	if err := canceled.Err(); !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled timeout ends with %v, want context.Canceled", err)
	}
}
