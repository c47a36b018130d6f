package tickets

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
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

// TestCharacters checks every byte against the sets of the rules.
func TestCharacters(t *testing.T) {
	t.Parallel()
	const userID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	const roomID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&()+-:;<=.>?@[]^_{}|~,"
	for b := range 256 {
		id := string([]byte{byte(b)})
		if err := ValidateUserID(id); strings.Contains(userID, id) != (err == nil) {
			t.Errorf("user %#02x %q: %v", b, id, err)
		}
		if err := validateRoomID(RoomIDTypeString, id); strings.Contains(roomID, id) != (err == nil) {
			t.Errorf("room %#02x %q: %v", b, id, err)
		}
	}
}

func validateRoomID(roomIDType int64, id string) error {
	_, err := ParseRoom(roomIDType, id)
	return err
}

func TestUserID(t *testing.T) {
	t.Parallel()
	if err := ValidateUserID(strings.Repeat("u", 32)); err != nil {
		t.Errorf("32 bytes: %v", err)
	}
	for _, id := range []string{"", strings.Repeat("u", 33), "a b", "a\n", "ü", "a.b"} {
		expectRule(t, ValidateUserID(id), FieldUserID, "must be 1 to 32 characters of a-z, A-Z, 0-9, _ and -")
	}
}

func TestSdkAppID(t *testing.T) {
	t.Parallel()
	for _, id := range []int64{1, 1400000001, 4294967295} {
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

func TestLifetime(t *testing.T) {
	t.Parallel()
	const rule = "must be a whole number of seconds from 60 to 15552000 (180 days)"
	for _, seconds := range []int64{60, 61, 604800, 15552000} {
		lifetime := must(LifetimeFromSeconds(seconds))(t)
		if lifetime != time.Duration(seconds)*time.Second || ValidateLifetime(lifetime) != nil {
			t.Errorf("%d s gives %v", seconds, lifetime)
		}
	}
	// 2^55 seconds are a multiple of 2^64 nanoseconds: a product would overflow to 60 s.
	for _, seconds := range []int64{math.MinInt64, -1, 0, 59, 15552001, 1<<55 + 60, math.MaxInt64} {
		lifetime, err := LifetimeFromSeconds(seconds)
		expectRule(t, err, FieldLifetime, rule)
		if lifetime != 0 {
			t.Errorf("%d s: %v came with the error", seconds, lifetime)
		}
	}
	for _, lifetime := range []time.Duration{0, 59 * time.Second, time.Minute - 1, time.Minute + 1, 15552001 * time.Second, -time.Hour} {
		expectRule(t, ValidateLifetime(lifetime), FieldLifetime, rule)
	}
}

func TestIntRoomID(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"1", "9", "10", "123", "4294967295"} {
		if err := validateRoomID(RoomIDTypeInt, id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	for name, id := range map[string]string{
		"empty": "", "zero": "0", "too large": "4294967296", "far too large": strings.Repeat("9", 40),
		"plus": "+1", "minus": "-1", "leading zero": "01", "all zeros": "000", "space before": " 1",
		"space after": "1 ", "newline": "1\n", "hexadecimal": "0x1", "underscore": "1_000", "fraction": "1.0",
		"exponent": "1e3", "word": "lobby", "other digits": "١",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectRule(t, validateRoomID(RoomIDTypeInt, id), FieldRoomID, "must be a whole number from 1 to 4294967295")
		})
	}
}

func TestStringRoomID(t *testing.T) {
	t.Parallel()
	if err := validateRoomID(RoomIDTypeString, strings.Repeat("r", 64)); err != nil {
		t.Errorf("64 bytes: %v", err)
	}
	for _, id := range []string{"", strings.Repeat("r", 65), "käse", "a/b", "a\n"} {
		expectRule(t, validateRoomID(RoomIDTypeString, id), FieldRoomID,
			"must be 1 to 64 bytes of letters, digits, space and ! # $ % & ( ) + - : ; < = . > ? @ [ ] ^ _ { } | ~ ,")
	}
}

func TestParseRoom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		idType int64
		id     string
		field  Field
		rule   string
	}{
		{1, "123", "", ""},
		{1, "4294967295", "", ""},
		{0, "lobby", "", ""},
		{0, "123", "", ""},
		{0, "0", "", ""},
		{1, "lobby", FieldRoomID, intRoomIDRule},
		{0, "", FieldRoomID, stringRoomIDRule},
		{0, "a/b", FieldRoomID, stringRoomIDRule},
		{-1, "123", FieldRoomIDType, "must be 0 (string room) or 1 (32-bit integer room)"},
		{2, "123", FieldRoomIDType, roomIDTypeRule},
		{1 << 32, "123", FieldRoomIDType, roomIDTypeRule},
	} {
		room, err := ParseRoom(c.idType, c.id)
		if c.field != "" {
			expectRule(t, err, c.field, c.rule)
			if room != (Room{}) {
				t.Errorf("%+v came with the error", room)
			}
		} else if err != nil || room.IDType() != c.idType || room.ID() != c.id {
			t.Errorf("room %d %s is read as %+v, %v", c.idType, c.id, room, err)
		}
	}
	if must(ParseRoom(1, "123"))(t) == must(ParseRoom(0, "123"))(t) {
		t.Error("integer room 123 and string room 123 are the same")
	}
}

func drawRoom(r *rapid.T) Room {
	if rapid.Bool().Draw(r, "integer room") {
		return Room{number: rapid.Uint32Min(1).Draw(r, "number")}
	}
	return Room{name: rapid.StringMatching(`[a-zA-Z0-9 !#$%&()+\-:;<=.>?@\[\]^_{}|~,]{1,64}`).Draw(r, "name")}
}

func TestRoomRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		room := drawRoom(r)
		if got := must(ParseRoom(room.IDType(), room.ID()))(r); got != room {
			r.Fatalf("%v is read as %v", room, got)
		}
	})
}

func FuzzRoom(f *testing.F) {
	for _, id := range []string{"1", "4294967295", "4294967296", "0", "-1", "+1", "01", " 1", "lobby", "", "a b", "ü", "\x00", "１"} {
		f.Add(RoomIDTypeInt, id)
		f.Add(RoomIDTypeString, id)
	}
	f.Fuzz(func(t *testing.T, roomIDType int64, id string) {
		room, err := ParseRoom(roomIDType, id)
		if err != nil {
			return
		}
		if room.ID() != id || room.IDType() != roomIDType || room == (Room{}) {
			t.Fatalf("room %q of type %d is read as %q of type %d", id, roomIDType, room.ID(), room.IDType())
		}
		if roomIDType != RoomIDTypeInt {
			return
		}
		if number, err := strconv.ParseUint(id, 10, 32); err != nil || number == 0 || strconv.FormatUint(number, 10) != id {
			t.Fatalf("%q is accepted as an integer room", id)
		}
	})
}
