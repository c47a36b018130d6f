package tickets

import (
	"strconv"
	"testing"
)

func FuzzRoomID(f *testing.F) {
	for _, id := range []string{"1", "4294967295", "4294967296", "0", "-1", "+1", "01", " 1", "lobby", "", "a b", "ü", "\x00", "１"} {
		f.Add(RoomIDTypeInt, id)
		f.Add(RoomIDTypeString, id)
	}
	f.Fuzz(func(t *testing.T, roomIDType int64, id string) {
		room, err := ParseRoom(roomIDType, id)
		if err != nil {
			return
		}
		if room.ID() != id || room.IDType() != roomIDType || room.IsZero() {
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
