package tickets

import (
	"strings"
	"testing"
)

func TestIntRoomID(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"1", "9", "10", "123", "4294967295"} {
		if err := ValidateIntRoomID(id); err != nil {
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
			wantRule(t, ValidateIntRoomID(id), FieldRoomID, "must be a whole number from 1 to 4294967295")
		})
	}
}

func TestStringRoomID(t *testing.T) {
	t.Parallel()
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&()+-:;<=.>?@[]^_{}|~,"
	for b := range 256 {
		id := string([]byte{byte(b)})
		err := ValidateStringRoomID(id)
		if strings.Contains(allowed, id) != (err == nil) {
			t.Errorf("byte %#02x %q: %v", b, id, err)
		}
	}
	if err := ValidateStringRoomID(strings.Repeat("r", 64)); err != nil {
		t.Errorf("64 bytes: %v", err)
	}
	for name, id := range map[string]string{
		"empty": "", "65 bytes": strings.Repeat("r", 65), "umlaut": "käse", "slash inside": "a/b", "newline after": "a\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRule(t, ValidateStringRoomID(id), FieldRoomID,
				"must be 1 to 64 bytes of letters, digits, space and ! # $ % & ( ) + - : ; < = . > ? @ [ ] ^ _ { } | ~ ,")
		})
	}
}

func TestRoomIDType(t *testing.T) {
	t.Parallel()
	for _, roomIDType := range []int64{0, 1} {
		if err := ValidateRoomIDType(roomIDType); err != nil {
			t.Errorf("%d: %v", roomIDType, err)
		}
	}
	for _, roomIDType := range []int64{-1, 2, 1 << 32} {
		wantRule(t, ValidateRoomIDType(roomIDType), FieldRoomIDType, "must be 0 (string room) or 1 (32-bit integer room)")
	}
}

func TestParseRoom(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		roomIDType int64
		roomID     string
		shown      string
	}{
		"integer":          {1, "123", "integer room 123"},
		"largest integer":  {1, "4294967295", "integer room 4294967295"},
		"text":             {0, "lobby", `string room "lobby"`},
		"number as a text": {0, "123", `string room "123"`},
		"zero as a text":   {0, "0", `string room "0"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			room := must(ParseRoom(c.roomIDType, c.roomID))(t)
			if room.IDType() != c.roomIDType || room.ID() != c.roomID || room.String() != c.shown || room.IsZero() {
				t.Errorf("room is %v, type %d, id %s", room, room.IDType(), room.ID())
			}
		})
	}
	if must(ParseRoom(1, "123"))(t) == must(ParseRoom(0, "123"))(t) {
		t.Error("integer room 123 and string room 123 are the same")
	}
}

func TestWrongRoomsAreNoRooms(t *testing.T) {
	t.Parallel()
	refused := func(room Room, err error) func(Field, string) {
		return func(field Field, rule string) {
			t.Helper()
			wantRule(t, err, field, rule)
			if !room.IsZero() || room.String() != "no room" {
				t.Errorf("%v came with the error", room)
			}
		}
	}
	refused(ParseRoom(2, "123"))(FieldRoomIDType, roomIDTypeRule)
	refused(ParseRoom(1, "lobby"))(FieldRoomID, intRoomIDRule)
	refused(ParseRoom(0, ""))(FieldRoomID, stringRoomIDRule)
	refused(IntRoom(0))(FieldRoomID, intRoomIDRule)
	refused(StringRoom("a/b"))(FieldRoomID, stringRoomIDRule)
}
