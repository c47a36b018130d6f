package tickets

import (
	"math"
	"time"
)

// TimeRangeError says that a ticket minted now would be issued before 1970 or
// expire after 2106-02-07T06:28:15Z, which four bytes of UNIX seconds cannot
// tell.
type TimeRangeError struct {
	// IssuedAt is the issue time that was asked for.
	IssuedAt time.Time
	// ExpiresAt is the end of the lifetime that was asked for.
	ExpiresAt time.Time
}

// Error names the range and the two times.
func (e *TimeRangeError) Error() string {
	return "a ticket must be issued after 1970-01-01T00:00:00Z and expire by 2106-02-07T06:28:15Z; this one would be valid from " +
		e.IssuedAt.UTC().Format(time.RFC3339) + " to " + e.ExpiresAt.UTC().Format(time.RFC3339)
}

// validity is when a ticket holds: from issuedAt up to, not including,
// issuedAt + lifetime. UNIX seconds and seconds.
type validity struct {
	issuedAt int64
	lifetime int64
}

// newValidity returns the validity of a ticket that is issued at now with a
// lifetime that ValidateLifetime accepts. The error is a *TimeRangeError.
func newValidity(now time.Time, lifetime time.Duration) (validity, error) {
	v := validity{issuedAt: now.Unix(), lifetime: int64(lifetime / time.Second)}
	// Compared without a sum: a far now would overflow it.
	if v.issuedAt < 1 || v.issuedAt > math.MaxUint32-v.lifetime {
		return validity{}, &TimeRangeError{IssuedAt: now, ExpiresAt: now.Add(lifetime)}
	}
	return v, nil
}

func (v validity) expiresAt() int64 { return v.issuedAt + v.lifetime }
