package trtcclient

import (
	"time"

	"github.com/cenkalti/backoff/v5"
)

// policy holds the retries that one call has left, by the class of the failure. A
// class without an entry is not retried. It is not safe for concurrent use.
type policy map[Class]*retries

// retries is a number of retries and the waits before them.
type retries struct {
	left  int // below 0 means until the operation's deadline
	waits *backoff.ExponentialBackOff
}

// The spread of a wait below its bound: over all of it, or over a tenth.
const (
	anywhere = 1
	steady   = 0.05
)

// retry returns retries whose waits are bounded by first, then by twice as much
// each time, up to most.
func retry(times int, first, most time.Duration, spread float64) *retries {
	waits := backoff.NewExponentialBackOff()
	waits.Multiplier = 2
	waits.RandomizationFactor = spread
	// The library spreads around its interval, which is to be the middle.
	waits.InitialInterval = time.Duration(float64(first) / (1 + spread))
	waits.MaxInterval = time.Duration(float64(most) / (1 + spread))
	waits.Reset()
	return &retries{left: times, waits: waits}
}

// idempotentPolicy is the policy for DescribeStreamIngest, UpdateStreamIngest
// and StopStreamIngest, which do the same when they run twice.
func idempotentPolicy() policy {
	return policy{
		Unreachable: retry(4, time.Second, 8*time.Second, anywhere),
		Throttled:   retry(-1, 500*time.Millisecond, 5*time.Second, anywhere),
		ClockSkew:   retry(1, 0, 0, anywhere),
		ServerFault: retry(7, time.Second, 8*time.Second, anywhere),
		Unread:      retry(7, time.Second, 8*time.Second, anywhere),
		NoAnswer:    retry(7, time.Second, 8*time.Second, anywhere),
		NoCapacity:  retry(3, 2*time.Second, 8*time.Second, anywhere),
	}
}

// startPolicy is the policy for StartStreamIngest: a start whose response was lost
// is never retried. Another call can correct the clock before a start is written,
// and the start itself once more. An InternalError asks for a retry; there are
// three, after about 3, 6 and 12 seconds. A task that was just stopped may hold
// room and user for up to 15 seconds.
func startPolicy() policy {
	start := idempotentPolicy()
	delete(start, NoAnswer)
	delete(start, Unread)
	start[ClockSkew] = retry(2, 0, 0, anywhere)
	start[ServerFault] = retry(3, 3*time.Second, 12*time.Second, steady)
	start[Conflict] = retry(5, time.Second, 4*time.Second, steady)
	return start
}

// next returns the wait before the retry of a call that failed with class, or
// false if there is no retry.
func (p policy) next(class Class) (time.Duration, bool) {
	retries, ok := p[class]
	if !ok || retries.left == 0 {
		return 0, false
	}
	retries.left--
	return retries.waits.NextBackOff(), true
}
