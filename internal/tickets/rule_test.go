package tickets

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestUserID(t *testing.T) {
	t.Parallel()
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	for b := range 256 {
		id := string([]byte{byte(b)})
		err := ValidateUserID(id)
		if strings.Contains(allowed, id) != (err == nil) {
			t.Errorf("byte %#02x %q: %v", b, id, err)
		}
	}
	if err := ValidateUserID(strings.Repeat("u", 32)); err != nil {
		t.Errorf("32 bytes: %v", err)
	}
	for _, id := range []string{"", strings.Repeat("u", 33), "a b", "a\n", "ü", "a.b"} {
		wantRule(t, ValidateUserID(id), FieldUserID, "must be 1 to 32 characters of a-z, A-Z, 0-9, _ and -")
	}
}

func TestSdkAppID(t *testing.T) {
	t.Parallel()
	for _, id := range []uint64{1, 1400000001, 4294967295} {
		if err := ValidateSdkAppID(id); err != nil {
			t.Errorf("%d: %v", id, err)
		}
	}
	for _, id := range []uint64{0, 4294967296, math.MaxUint64} {
		wantRule(t, ValidateSdkAppID(id), FieldSdkAppID, "must be a whole number from 1 to 4294967295")
	}
}

func TestLifetime(t *testing.T) {
	t.Parallel()
	const rule = "must be a whole number of seconds from 60 to 15552000 (180 days)"
	for _, seconds := range []int64{60, 61, 604800, 15552000} {
		lifetime := must(LifetimeFromSeconds(seconds))(t)
		if lifetime != time.Duration(seconds)*time.Second || ValidateLifetime(lifetime) != nil {
			t.Errorf("%d s gives %v", seconds, lifetime)
		}
	}
	for _, seconds := range []int64{math.MinInt64, -1, 0, 59, 15552001, 18446744134, math.MaxInt64} {
		lifetime, err := LifetimeFromSeconds(seconds)
		wantRule(t, err, FieldLifetime, rule)
		if lifetime != 0 {
			t.Errorf("%d s: %v came with the error", seconds, lifetime)
		}
	}
	for _, lifetime := range []time.Duration{0, 59 * time.Second, time.Minute - 1, time.Minute + 1, MaxLifetime + time.Second, -time.Hour} {
		wantRule(t, ValidateLifetime(lifetime), FieldLifetime, rule)
	}
}

func TestRuleErrorNamesItsField(t *testing.T) {
	t.Parallel()
	if got := ValidateSdkAppID(0).Error(); got != "SdkAppId must be a whole number from 1 to 4294967295" {
		t.Errorf("error reads %s", got)
	}
}
