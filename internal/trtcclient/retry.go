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

// schedules holds the retry policy of one action.
type schedules map[Class]schedule

// repeatable is the policy for DescribeStreamIngest, UpdateStreamIngest and
// StopStreamIngest, which do the same when they run twice.
func repeatable() schedules {
	transient := schedule{first: time.Second, most: 8 * time.Second, repeats: 7}
	return schedules{
		Unsent:    {first: time.Second, most: 8 * time.Second, repeats: 4},
		Throttled: {first: 500 * time.Millisecond, most: 5 * time.Second, repeats: -1},
		Faulty:    transient,
		Lost:      transient,
		Busy:      {first: 2 * time.Second, most: 8 * time.Second, repeats: 3},
	}
}

// once is the policy for StartStreamIngest: a start whose answer was lost is
// never repeated. An InternalError asks for a repetition, three at about 3, 6
// and 12 seconds; a task that was just stopped may hold room and user for up
// to 15 seconds.
func once() schedules {
	policy := repeatable()
	delete(policy, Lost)
	policy[Faulty] = schedule{first: 3 * time.Second, most: 12 * time.Second, repeats: 3, steady: true}
	policy[Lingering] = schedule{first: time.Second, most: 4 * time.Second, repeats: 5, steady: true}
	return policy
}

// tries counts the repetitions of one call.
type tries struct {
	policy schedules
	used   map[Class]int
	waits  map[Class]*backoff.ExponentialBackOff
}

func newTries(policy schedules) *tries {
	return &tries{policy: policy, used: map[Class]int{}, waits: map[Class]*backoff.ExponentialBackOff{}}
}

// next tells how long to wait before a call that failed with class is sent
// again, or false when it is not.
func (t *tries) next(class Class) (time.Duration, bool) {
	plan, repeatable := t.policy[class]
	if !repeatable || (plan.repeats >= 0 && t.used[class] >= plan.repeats) {
		return 0, false
	}
	if t.used[class] == 0 {
		t.waits[class] = plan.backOff()
	}
	t.used[class]++
	return t.waits[class].NextBackOff(), true
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
