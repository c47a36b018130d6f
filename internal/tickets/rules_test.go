package tickets

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// expectRule fails unless err is, or joins, a RuleError for the field with the
// rule.
func expectRule(t *testing.T, err error, field Field, rule string) {
	t.Helper()
	var broken *RuleError
	if !errors.As(err, &broken) || broken.Field != field || broken.Rule != rule {
		t.Errorf("error is %v, want a RuleError for %s: %s", err, field, rule)
	}
}

// TestRules_Characters checks every byte against the sets of the rules.
func TestRules_Characters(t *testing.T) {
	t.Parallel()
	const userID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	const roomID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&()+-:;<=.>?@[]^_{}|~,"
	for b := range 256 {
		id := string([]byte{byte(b)})
		if err := ValidateUserID(id); strings.Contains(userID, id) != (err == nil) {
			t.Errorf("user %#02x %q: %v", b, id, err)
		}
		if _, err := ParseRoom(RoomIDTypeString, id); strings.Contains(roomID, id) != (err == nil) {
			t.Errorf("room %#02x %q: %v", b, id, err)
		}
	}
}

func TestValidateUserID(t *testing.T) {
	t.Parallel()
	if err := ValidateUserID(strings.Repeat("u", 32)); err != nil {
		t.Errorf("32 bytes: %v", err)
	}
	for _, id := range []string{"", strings.Repeat("u", 33), "a b"} {
		expectRule(t, ValidateUserID(id), FieldUserID, "must be 1 to 32 characters of a-z, A-Z, 0-9, _ and -")
	}
}

func TestValidateSdkAppID(t *testing.T) {
	t.Parallel()
	for _, id := range []int64{1, 4294967295} {
		if err := ValidateSdkAppID(id); err != nil {
			t.Errorf("%d: %v", id, err)
		}
	}
	for _, id := range []int64{0, -1, 4294967296, math.MaxInt64} {
		expectRule(t, ValidateSdkAppID(id), FieldSdkAppID, "must be a whole number from 1 to 4294967295")
	}
	if got := ValidateSdkAppID(0).Error(); got != "SdkAppId must be a whole number from 1 to 4294967295" {
		t.Errorf("error reads %s", got)
	}
}

func TestValidateLifetime(t *testing.T) {
	t.Parallel()
	for _, seconds := range []int64{60, 15552000} {
		if err := ValidateLifetime(seconds); err != nil {
			t.Errorf("%d s: %v", seconds, err)
		}
	}
	for _, seconds := range []int64{math.MinInt64, 0, 59, 15552001, math.MaxInt64} {
		expectRule(t, ValidateLifetime(seconds), FieldLifetime, "must be a whole number of seconds from 60 to 15552000 (180 days)")
	}
}

func TestParseRoom(t *testing.T) {
	t.Parallel()
	const (
		intRule    = "must be a whole number from 1 to 4294967295"
		stringRule = "must be 1 to 64 bytes of letters, digits, space and ! # $ % & ( ) + , - . : ; < = > ? @ [ ] ^ _ { | } ~"
		typeRule   = "must be 0 (string room) or 1 (32-bit integer room)"
	)
	for _, test := range []struct {
		idType int64
		field  Field
		rule   string
		ids    []string
	}{
		{1, "", "", []string{"1", "9", "10", "4294967295"}},
		{0, "", "", []string{"lobby", "123", "0", strings.Repeat("r", 64)}},
		{1, FieldRoomID, intRule, []string{
			"", "0", "4294967296", strings.Repeat("9", 40), "+1", "-1", "01", "000", " 1", "1 ", "1\n", "0x1", "1_000", "1.0", "1e3", "lobby", "١",
		}},
		{0, FieldRoomID, stringRule, []string{"", strings.Repeat("r", 65), "käse", "a/b", "a\n"}},
		{-1, FieldRoomIDType, typeRule, []string{"123"}},
		{2, FieldRoomIDType, typeRule, []string{"123"}},
	} {
		for _, id := range test.ids {
			room, err := ParseRoom(test.idType, id)
			if test.field == "" {
				if err != nil || room.IDType() != test.idType || room.ID() != id {
					t.Errorf("room %d %q is read as %+v, %v", test.idType, id, room, err)
				}
				continue
			}
			expectRule(t, err, test.field, test.rule)
			if room != (Room{}) {
				t.Errorf("%+v came with the error", room)
			}
		}
	}
	if must(ParseRoom(1, "123"))(t) == must(ParseRoom(0, "123"))(t) {
		t.Error("integer room 123 and string room 123 are the same")
	}
}
