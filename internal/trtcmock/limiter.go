package trtcmock

import (
	"slices"
	"time"
)

// rateWindow is the time over which the documented rate is counted.
const rateWindow = time.Second

// rateKey identifies requests that share a rate limit: "API + access region +
// sub-account". A secret ID stands for the sub-account.
type rateKey struct{ action, region, secretID string }

// limiter admits at most capacity requests of one key in any window of one
// second. It remembers when each request was admitted: a token bucket would
// admit twice the capacity in the second after a pause. Refused requests do not
// count. It is not safe for concurrent use.
//
// Assumption: probe 43.
type limiter struct {
	capacity int // negative: no limit
	admitted map[rateKey][]time.Time
}

func newLimiter(capacity int) *limiter {
	return &limiter{capacity: capacity, admitted: map[rateKey][]time.Time{}}
}

// allow reports whether a request is admitted at the given time, and counts it.
func (l *limiter) allow(key rateKey, at time.Time) bool {
	if l.capacity < 0 {
		return true
	}
	windowStart := at.Add(-rateWindow)
	recent := slices.DeleteFunc(l.admitted[key], func(t time.Time) bool { return !t.After(windowStart) })
	allowed := len(recent) < l.capacity
	if allowed {
		recent = append(recent, at)
	}
	l.admitted[key] = recent
	return allowed
}
