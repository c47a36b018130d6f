package tickets

import "time"

// The range of a ticket's lifetime: one minute to 180 days.
const (
	MinLifetime = time.Minute
	MaxLifetime = 180 * 24 * time.Hour
)

const lifetimeRule = "must be a whole number of seconds from 60 to 15552000 (180 days)"

// ValidateLifetime returns a *RuleError unless lifetime is a whole number of
// seconds from MinLifetime to MaxLifetime.
func ValidateLifetime(lifetime time.Duration) error {
	if lifetime < MinLifetime || lifetime > MaxLifetime || lifetime%time.Second != 0 {
		return &RuleError{Field: FieldLifetime, Rule: lifetimeRule}
	}
	return nil
}

// LifetimeFromSeconds returns the lifetime of that many seconds, or the error
// of ValidateLifetime. Unlike a multiplication it cannot overflow.
func LifetimeFromSeconds(seconds int64) (time.Duration, error) {
	if seconds < int64(MinLifetime/time.Second) || seconds > int64(MaxLifetime/time.Second) {
		return 0, &RuleError{Field: FieldLifetime, Rule: lifetimeRule}
	}
	return time.Duration(seconds) * time.Second, nil
}
