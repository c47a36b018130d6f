package trtcmock

import (
	"slices"
	"time"
)

// rateWindow is the time over which the documented rate is counted.
const rateWindow = time.Second

// rateKey is what the service counts requests by: "API + access region +
// sub-account". A secret id stands for the sub-account.
type rateKey struct{ action, region, secretID string }

// limiter admits at most capacity requests of one key in any window of one
// second. It remembers when each request was admitted: a token bucket would
// admit twice the capacity in the second after a pause. Refused requests do not
// count. It is not safe for concurrent use.
//
// Assumption: probe 43.
type limiter struct {
	capacity int // negative: no limit
	passed   map[rateKey][]time.Time
}

func newLimiter(capacity int) *limiter {
	return &limiter{capacity: capacity, passed: map[rateKey][]time.Time{}}
}

// allow reports whether a request is admitted at the given time, and counts it.
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
