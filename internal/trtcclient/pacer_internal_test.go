package trtcclient

import (
	"math"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
)

// TestPacer_RateAfterRefusals checks what refusals take from the rate, and what
// the time since the last of them gives back.
func TestPacer_RateAfterRefusals(t *testing.T) {
	t.Parallel()
	fake := clocktest.New(time.Unix(1000, 0))
	pacer := newPacer(20, fake)
	expect := func(when string, want float64) {
		t.Helper()
		if got := pacer.rate(fake.Now()); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: rate = %v, want %v", when, got, want)
		}
	}
	refuse := func(n int) {
		for range n {
			pacer.refused()
		}
	}
	pacer.consumeSlot(false)
	fake.Advance(window - time.Millisecond)
	refuse(5)
	expect("refusals in the first second after a pause", 20)
	fake.Advance(time.Millisecond)
	refuse(1)
	expect("one refusal", 18.5)
	refuse(1)
	expect("two refusals at once", 17)
	fake.Advance(5 * time.Second)
	expect("5 seconds after the last", 17+25*0.08)
	fake.Advance(5 * time.Second)
	expect("10 seconds after the last", 20)
	refuse(12)
	expect("12 refusals at once", 2)
	refuse(1)
	expect("13 refusals at once", 1)
	refuse(5)
	expect("18 refusals at once", 1)
	fake.Advance(15 * time.Second)
	expect("15 seconds after the last", 19)
}

// BenchmarkPacer measures what pacing adds to a request that need not wait.
func BenchmarkPacer(b *testing.B) {
	fake := clocktest.New(time.Unix(1000, 0))
	pacer := newPacer(DefaultRequestsPerSecond, fake)
	b.ReportAllocs()
	for b.Loop() {
		slot, err := pacer.admit(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if err := slot.waitForSlot(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
