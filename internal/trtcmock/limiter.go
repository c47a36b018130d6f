package trtcmock

import (
	"slices"
	"time"
)

// rateWindow is the span over which the documented rate is counted.
const rateWindow = time.Second

// rateKey is what the service counts requests by. Documented is "API + access
// region + sub-account"; a secret id stands for the sub-account.
type rateKey struct{ action, region, secretID string }

// limiter executes at most capacity requests of one key in any window of one
// second, wherever the window begins. It remembers when each request was let
// through instead of refilling tokens, because a token bucket would let twice
// the capacity through in the second after a quiet one. Refused requests do not
// count. Its owner locks.
type limiter struct {
	capacity int // negative: no limit
	passed   map[rateKey][]time.Time
}

func newLimiter(capacity int) *limiter {
	return &limiter{capacity: capacity, passed: map[rateKey][]time.Time{}}
}

// allow says whether a request may run at the given time and, if so, counts it.
func (l *limiter) allow(key rateKey, at time.Time) bool {
	if l.capacity < 0 {
		return true
	}
	windowStart := at.Add(-rateWindow)
	recent := slices.DeleteFunc(l.passed[key], func(t time.Time) bool { return !t.After(windowStart) })
	allowed := len(recent) < l.capacity
	if allowed {
		recent = append(recent, at)
	}
	l.passed[key] = recent
	return allowed
}
