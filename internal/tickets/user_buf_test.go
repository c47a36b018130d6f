package tickets

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

func TestParsePrivileges(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Privileges{
		"create_room": 1, "enter_room": 2, "send_audio": 4, "receive_audio": 8,
		"send_video": 16, "receive_video": 32, "send_screen": 64, "receive_screen": 128,
	} {
		if set := ParsePrivileges([]string{name}); set != want {
			t.Errorf("%s is %d, want %d", name, set, want)
		}
	}
	if all := ParsePrivileges(PrivilegeNames()); all != 255 || AllPrivileges != 255 {
		t.Errorf("all names give %d", all)
	}
	if some := ParsePrivileges([]string{"receive_video", "enter_room", "receive_audio", "enter_room"}); some != 42 {
		t.Errorf("the set is %d, want 42", some)
	}
}

// packedIntRoom and packedStringRoom are written by hand from the layout:
// version, user, application, integer room, expiry, privileges, account type
// and, for string rooms, the room.
const (
	packedIntRoom    = "00" + "0007726f626f742d31" + "53724e01" + "00000007" + "69a443d0" + "0000002a" + "00000000"
	packedStringRoom = "01" + "0007726f626f742d31" + "53724e01" + "00000000" + "69a443d0" + "000000ff" + "00000000" + "00056c6f626279"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	return must(hex.DecodeString(text))(t)
}

func TestUserBuf_Layout(t *testing.T) {
	t.Parallel()
	for packed, content := range map[string]userBuf{
		packedIntRoom: {
			userID: "robot-1", sdkAppID: 1400000001, room: Room{number: 7}, expiresAt: 1772372944, privileges: 42,
		},
		packedStringRoom: {
			userID: "robot-1", sdkAppID: 1400000001, room: Room{name: "lobby"}, expiresAt: 1772372944, privileges: AllPrivileges,
		},
	} {
		if got := hex.EncodeToString(content.encode()); got != packed {
			t.Errorf("packs to\n     %s\nwant %s", got, packed)
		}
		if got, ok := decodeUserBuf(unhex(t, packed)); !ok || got != content {
			t.Errorf("unpacks to\n     %+v, %t\nwant %+v", got, ok, content)
		}
	}
}

func TestUserBuf_Damaged(t *testing.T) {
	t.Parallel()
	const head, tail = "0007726f626f742d31" + "53724e01", "69a443d0" + "0000002a" + "00000000"
	cases := map[string]string{
		"bytes after an int room":  packedIntRoom + "00",
		"bytes after a string":     packedStringRoom + "00",
		"user longer than all":     strings.Replace(packedIntRoom, "0007", "ffff", 1),
		"integer room 0":           "00" + head + "00000000" + tail,
		"string room with both":    "01" + head + "00000007" + tail + "00056c6f626279",
		"string room with no name": "01" + head + "00000000" + tail + "0000",
		"number as a string room":  "01" + head + "00000007" + tail + "0000",
		"number, no string room":   "01" + head + "00000007" + tail,
		"unknown version":          "02" + head + "00000007" + tail,
		"account type 1":           packedIntRoom[:len(packedIntRoom)-1] + "1",
	}
	for _, whole := range []string{packedIntRoom, packedStringRoom} {
		for length := 0; length < len(whole); length += 2 {
			cases["cut: "+whole[:length]] = whole[:length]
		}
	}
	for name, packed := range cases {
		if got, ok := decodeUserBuf(unhex(t, packed)); ok {
			t.Errorf("%s: accepted as %+v", name, got)
		}
	}
}

func FuzzUserBuf(f *testing.F) {
	f.Add(unhex(f, packedIntRoom))
	f.Add(unhex(f, packedStringRoom))
	f.Fuzz(func(t *testing.T, packed []byte) {
		if content, ok := decodeUserBuf(packed); ok && !bytes.Equal(content.encode(), packed) {
			t.Errorf("%x is read, but packs to %x", packed, content.encode())
		}
	})
}
