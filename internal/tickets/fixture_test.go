package tickets

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
)

// noon is when the tickets of the tests are issued.
func noon() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) }

// failer is what testing.TB and *rapid.T have in common here.
type failer interface {
	Helper()
	Fatal(args ...any)
}

// must gives the value of a call that may not fail.
func must[T any](value T, err error) func(failer) T {
	return func(t failer) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func mustKey(tb testing.TB, text string) Key {
	tb.Helper()
	return must(NewKey(text))(tb)
}

func keyOf(tb testing.TB, digit string) Key {
	tb.Helper()
	return mustKey(tb, strings.Repeat(digit, KeyLength))
}

func userSigClaims() UserSigClaims {
	return UserSigClaims{SdkAppID: 1400000001, UserID: "robot-1", Lifetime: time.Hour}
}

func privateMapKeyClaims(tb testing.TB) PrivateMapKeyClaims {
	tb.Helper()
	return PrivateMapKeyClaims{
		SdkAppID: 1400000001, UserID: "robot-1", Lifetime: time.Hour,
		Room: must(StringRoom("lobby"))(tb), Privileges: AllPrivileges,
	}
}

// signedToken signs p, whatever it says, and makes a token of it.
func signedToken(tb testing.TB, key Key, p payload) string {
	tb.Helper()
	return must(mint(key, p))(tb)
}

// validPayload is an unsigned UserSig of userSigClaims, issued at noon.
func validPayload() payload {
	return newPayload(1400000001, "robot-1", validity{issuedAt: noon().Unix(), lifetime: 3600})
}

// withPacked returns p with a userbuf of these bytes.
func withPacked(p payload, packed []byte) payload {
	encoded := base64.StdEncoding.EncodeToString(packed)
	p.UserBuf = &encoded
	return p
}

// wantMalformed fails unless err is a MalformedError for the part.
func wantMalformed(t *testing.T, err error, part Part) {
	t.Helper()
	var malformed *MalformedError
	if !errors.As(err, &malformed) || malformed.Part != part {
		t.Errorf("error is %v, want a MalformedError for %q", err, part)
	}
}

// wantRule fails unless err is, or joins, a RuleError for the field with the rule.
func wantRule(t *testing.T, err error, field Field, rule string) {
	t.Helper()
	var broken *RuleError
	if !errors.As(err, &broken) || broken.Field != field || broken.Rule != rule {
		t.Errorf("error is %v, want a RuleError for %s: %s", err, field, rule)
	}
}
