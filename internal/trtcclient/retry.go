package trtcclient

import (
	"time"

	"github.com/cenkalti/backoff/v5"
)

// schedule is how often and how long apart a call of one class is repeated.
type schedule struct {
	// first is the upper bound of the first wait; it doubles with each one.
	first time.Duration
	// most is the upper bound of every wait.
	most time.Duration
	// repeats is how many times the call is sent again; below 0 is until the
	// operation's deadline.
	repeats int
	// steady waits at most a tenth below the bound instead of anywhere below it.
	steady bool
}

// policy holds the schedules of one action. A class without one is not
// repeated.
type policy map[Class]schedule

// idempotentPolicy is the policy for DescribeStreamIngest, UpdateStreamIngest
// and StopStreamIngest, which do the same when they run twice.
func idempotentPolicy() policy {
	transient := schedule{first: time.Second, most: 8 * time.Second, repeats: 7}
	return policy{
		NoConnection: {first: time.Second, most: 8 * time.Second, repeats: 4},
		Throttled:    {first: 500 * time.Millisecond, most: 5 * time.Second, repeats: -1},
		ClockSkew:    {repeats: 1},
		ServerFault:  transient,
		Unread:       transient,
		NoAnswer:     transient,
		NoCapacity:   {first: 2 * time.Second, most: 8 * time.Second, repeats: 3},
	}
}

// startPolicy is the policy for StartStreamIngest: a start whose answer was
// lost is never repeated. An InternalError asks for a repetition, three at
// about 3, 6 and 12 seconds; a task that was just stopped may hold room and
// user for up to 15 seconds.
func startPolicy() policy {
	start := idempotentPolicy()
	delete(start, NoAnswer)
	delete(start, Unread)
	start[ServerFault] = schedule{first: 3 * time.Second, most: 12 * time.Second, repeats: 3, steady: true}
	start[Conflict] = schedule{first: time.Second, most: 4 * time.Second, repeats: 5, steady: true}
	return start
}

// retries counts the repetitions of one call. It is not safe for concurrent
// use.
type retries struct {
	policy policy
	used   map[Class]int
	waits  map[Class]*backoff.ExponentialBackOff
}

func newRetries(policy policy) *retries {
	return &retries{policy: policy, used: map[Class]int{}, waits: map[Class]*backoff.ExponentialBackOff{}}
}

// next returns how long to wait before a call that failed with class is sent
// again, or false when it is not.
func (r *retries) next(class Class) (time.Duration, bool) {
	plan, repeated := r.policy[class]
	if !repeated || (plan.repeats >= 0 && r.used[class] >= plan.repeats) {
		return 0, false
	}
	if r.used[class] == 0 {
		r.waits[class] = plan.backOff()
	}
	r.used[class]++
	return r.waits[class].NextBackOff(), true
}

// backOff doubles from first to most. Each wait is spread below its bound: over
// all of it, or over a tenth when steady.
func (s schedule) backOff() *backoff.ExponentialBackOff {
	waits := backoff.NewExponentialBackOff()
	waits.Multiplier = 2
	waits.RandomizationFactor = 1
	if s.steady {
		waits.RandomizationFactor = 0.05
	}
	// The library spreads around its interval, which is to be the middle.
	waits.InitialInterval = time.Duration(float64(s.first) / (1 + waits.RandomizationFactor))
	waits.MaxInterval = time.Duration(float64(s.most) / (1 + waits.RandomizationFactor))
	waits.Reset()
	return waits
}
