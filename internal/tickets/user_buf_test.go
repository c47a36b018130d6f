package tickets

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"
)

// packedIntRoom and packedStringRoom are written by hand from the layout:
// version, user, application, integer room, end, privileges, account type and,
// for string rooms, the room.
const (
	packedIntRoom    = "00" + "0007726f626f742d31" + "53724e01" + "00000007" + "69a443d0" + "0000002a" + "00000000"
	packedStringRoom = "01" + "0007726f626f742d31" + "53724e01" + "00000000" + "69a443d0" + "000000ff" + "00000000" + "00056c6f626279"
)

func unhex(tb testing.TB, text string) []byte {
	tb.Helper()
	return must(hex.DecodeString(text))(tb)
}

func TestUserBufLayout(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		packed string
		fields userBufFields
	}{
		"integer room": {packedIntRoom, userBufFields{
			userID: "robot-1", sdkAppID: 1400000001, room: must(IntRoom(7))(t),
			expiresAt: 1772372944, privileges: 42,
		}},
		"string room": {packedStringRoom, userBufFields{
			userID: "robot-1", sdkAppID: 1400000001, room: must(StringRoom("lobby"))(t),
			expiresAt: 1772372944, privileges: AllPrivileges,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			packed := unhex(t, c.packed)
			if got := encodeUserBuf(c.fields); !bytes.Equal(got, packed) {
				t.Errorf("packs to\n     %x\nwant %x", got, packed)
			}
			if got := must(decodeUserBuf(packed))(t); got != c.fields {
				t.Errorf("unpacks to\n     %+v\nwant %+v", got, c.fields)
			}
		})
	}
}

func TestUserBufMustBeWhole(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"integer room": packedIntRoom, "string room": packedStringRoom} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			packed := unhex(t, text)
			for length := range packed {
				if _, err := decodeUserBuf(packed[:length]); err == nil {
					t.Errorf("the first %d of %d bytes are accepted", length, len(packed))
				}
			}
			_, err := decodeUserBuf(append(packed, 0))
			wantMalformed(t, err, PartUserBuf)
		})
	}
}

func TestUserBufRooms(t *testing.T) {
	t.Parallel()
	const head, tail = "0007726f626f742d31" + "53724e01", "69a443d0" + "0000002a" + "00000000"
	for name, c := range map[string]struct {
		packed string
		field  Field
	}{
		"integer room 0":         {"00" + head + "00000000" + tail, FieldRoomID},
		"string room with both":  {"01" + head + "00000007" + tail + "00056c6f626279", FieldRoomIDType},
		"empty string room":      {"01" + head + "00000000" + tail + "0000", FieldRoomID},
		"string room with slash": {"01" + head + "00000000" + tail + "00012f", FieldRoomID},
		"unknown version":        {"02" + head + "00000007" + tail, FieldRoomIDType},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := decodeUserBuf(unhex(t, c.packed))
			wantMalformed(t, err, PartUserBuf)
			var broken *RuleError
			if !errors.As(err, &broken) || broken.Field != c.field {
				t.Errorf("error is %v, want a RuleError for %s", err, c.field)
			}
		})
	}
}

func TestUserBufMustAgreeWithTheTicket(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*userBufFields){
		"another user":        func(f *userBufFields) { f.userID = "robot-2" },
		"another application": func(f *userBufFields) { f.sdkAppID++ },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fields := must(decodeUserBuf(unhex(t, packedIntRoom)))(t)
			change(&fields)
			p := withPacked(validPayload(), encodeUserBuf(fields))
			_, err := Verify(keyOf(t, "a"), noon(), signedToken(t, keyOf(t, "a"), p))
			wantMalformed(t, err, PartUserBuf)
		})
	}
}

func TestUnknownBitsOfForeignUserBufsAreKept(t *testing.T) {
	t.Parallel()
	fields := must(decodeUserBuf(unhex(t, packedIntRoom)))(t)
	fields.privileges, fields.accountType = 0x80000002, 9
	token := signedToken(t, keyOf(t, "a"), withPacked(validPayload(), encodeUserBuf(fields)))
	got := must(ParsePrivateMapKey(token))(t).UserBuf
	if got.Privileges != 0x80000002 || got.AccountType != 9 {
		t.Errorf("userbuf is %+v", *got)
	}
}
