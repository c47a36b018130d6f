package trtcclient

import (
	"time"

	"github.com/cenkalti/backoff/v5"
)

// policy holds the repetitions that one call has left, by the class of the
// failure. A class without an entry is not repeated. It is not safe for
// concurrent use.
type policy map[Class]*repetition

// repetition is how often and how long apart a call is repeated.
type repetition struct {
	left  int // below 0 is until the operation's deadline
	waits *backoff.ExponentialBackOff
}

// How far a wait is spread below its bound: over all of it, or over a tenth.
const (
	anywhere = 1
	steady   = 0.05
)

// repeat returns a repetition whose waits are bounded by first, then by twice as
// much each time, up to most.
func repeat(times int, first, most time.Duration, spread float64) *repetition {
	waits := backoff.NewExponentialBackOff()
	waits.Multiplier = 2
	waits.RandomizationFactor = spread
	// The library spreads around its interval, which is to be the middle.
	waits.InitialInterval = time.Duration(float64(first) / (1 + spread))
	waits.MaxInterval = time.Duration(float64(most) / (1 + spread))
	waits.Reset()
	return &repetition{left: times, waits: waits}
}

// idempotentPolicy is the policy for DescribeStreamIngest, UpdateStreamIngest
// and StopStreamIngest, which do the same when they run twice.
func idempotentPolicy() policy {
	return policy{
		NoConnection: repeat(4, time.Second, 8*time.Second, anywhere),
		Throttled:    repeat(-1, 500*time.Millisecond, 5*time.Second, anywhere),
		ClockSkew:    repeat(1, 0, 0, anywhere),
		ServerFault:  repeat(7, time.Second, 8*time.Second, anywhere),
		Unread:       repeat(7, time.Second, 8*time.Second, anywhere),
		NoAnswer:     repeat(7, time.Second, 8*time.Second, anywhere),
		NoCapacity:   repeat(3, 2*time.Second, 8*time.Second, anywhere),
	}
}

// startPolicy is the policy for StartStreamIngest: a start whose answer was
// lost is never repeated. Another call can correct the clock before a start is
// written, and the start itself once more. An InternalError asks for a repetition,
// three at about 3, 6 and 12 seconds; a task that was just stopped may hold room
// and user for up to 15 seconds.
func startPolicy() policy {
	start := idempotentPolicy()
	delete(start, NoAnswer)
	delete(start, Unread)
	start[ClockSkew] = repeat(2, 0, 0, anywhere)
	start[ServerFault] = repeat(3, 3*time.Second, 12*time.Second, steady)
	start[Conflict] = repeat(5, time.Second, 4*time.Second, steady)
	return start
}

// next returns how long to wait before a call that failed with class is sent
// again, or false when it is not.
func (p policy) next(class Class) (time.Duration, bool) {
	repetition, repeated := p[class]
	if !repeated || repetition.left == 0 {
		return 0, false
	}
	repetition.left--
	return repetition.waits.NextBackOff(), true
}
