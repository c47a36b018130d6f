package trtcclient

import (
	"math"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

func TestPacerLearns(t *testing.T) {
	t.Parallel()
	throttled := classify("A", "", &cloudapi.APIError{Code: "RequestLimitExceeded.UinLimitExceeded"})
	other := classify("A", "", &cloudapi.APIError{Code: "InvalidParameter"})
	silent := classify("A", "", &cloudapi.ExchangeError{Outcome: cloudapi.Ambiguous, Reason: cloudapi.ConnectionLost})
	unsent := classify("A", "", &cloudapi.ExchangeError{Outcome: cloudapi.NotSent, Reason: cloudapi.NoConnection})
	fake := clocktest.New(time.Unix(1000, 0))
	pacer := newPacer(20, fake, nil)
	expect := func(when string, share float64) {
		t.Helper()
		if got := pacer.rate / pacer.full; math.Abs(got-share) > 1e-9 {
			t.Errorf("%s the rate is %v of the full one, want %v", when, got, share)
		}
	}
	times := func(n int, failed *Error, apart time.Duration) {
		for range n {
			pacer.learn(failed)
			fake.Advance(apart)
		}
	}

	times(10, nil, 0)
	times(5, other, 0)
	expect("after answers", 1)
	fake.Advance(window - time.Millisecond)
	lowered := below * 15 / pacer.full
	times(10, throttled, 50*time.Millisecond)
	expect("after refusals within a second, and 15 answers in the one before,", lowered)
	times(5, silent, 0)
	times(5, unsent, 0)
	expect("after silence", lowered)
	fake.Advance(4500 * time.Millisecond)
	times(1, other, 0)
	expect("after an answer 5 seconds later", lowered+25*climb)
	fake.Advance(window)
	times(1, throttled, window)
	expect("after a refusal, and no answer in the second before,", mostDrop*(lowered+25*climb))
	times(100, throttled, window)
	expect("after many refusals", slowest)
	fake.Advance(20 * time.Second)
	times(1, nil, 0)
	expect("after an answer 21 seconds later", slowest+21*21*climb)
	fake.Advance(2 * time.Second)
	times(1, nil, 0)
	expect("after an answer 23 seconds later", 1)
}
