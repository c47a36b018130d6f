package trtcclient

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

func TestPacerLearns(t *testing.T) {
	t.Parallel()
	throttled := &cloudapi.APIError{Code: "RequestLimitExceeded.UinLimitExceeded"}
	other := &cloudapi.APIError{Code: "InvalidParameter"}
	silent := &cloudapi.ExchangeError{Outcome: cloudapi.Ambiguous, Reason: cloudapi.ConnectionLost}
	unsent := &cloudapi.ExchangeError{Outcome: cloudapi.NotSent, Reason: cloudapi.NoConnection}
	fake := clock.NewFake(time.Unix(1000, 0))
	pacer := newPacer(20, fake)
	expect := func(when string, share float64) {
		t.Helper()
		if got := float64(pacer.limiter.Limit() / pacer.full); math.Abs(got-share) > 1e-9 {
			t.Errorf("%s the rate is %v of the full one, want %v", when, got, share)
		}
	}
	times := func(n int, err error, apart time.Duration) {
		for range n {
			pacer.learn(err)
			fake.Advance(apart)
		}
	}

	times(5, nil, 0)
	expect("after successes", 1)
	times(10, throttled, 50*time.Millisecond)
	expect("after refusals within a second", 0.8)
	times(5, silent, 0)
	times(5, unsent, 0)
	times(1, errors.New("of another make"), 0)
	expect("after silence", 0.8)
	times(5, other, 0)
	expect("after five answers of another kind", 0.85)
	times(5, nil, time.Second)
	expect("after five successes", 0.9)
	times(100, throttled, time.Second)
	expect("after many refusals", slowest)
	times(94, nil, 0)
	expect("after 94 answers", 0.99)
	times(2, nil, 0)
	expect("after two more", 1)
}
