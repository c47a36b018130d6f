package tickets

import (
	"encoding/binary"
	"time"
)

// UserBuf is the part that only a PrivateMapKey has: what its user may do in
// which room.
type UserBuf struct {
	// SdkAppID and UserID repeat those of the ticket.
	SdkAppID uint64
	UserID   string
	// Room is the one room that the ticket opens.
	Room Room
	// ExpiresAt is the room permission's own end, in UTC. Official libraries
	// read the clock twice, so it may differ by a second from the ticket's.
	ExpiresAt time.Time
	// Privileges is the privilege map, bits without a name included.
	Privileges Privileges
	// AccountType is 0 in every ticket that is known.
	AccountType uint32
}

// The first byte of a userbuf tells the kind of its room.
const (
	userBufIntRoom    = 0
	userBufStringRoom = 1
)

// userBufFields is a userbuf's content before packing and after unpacking.
type userBufFields struct {
	userID      string
	sdkAppID    uint32
	room        Room
	expiresAt   uint32
	privileges  Privileges
	accountType uint32
}

// encodeUserBuf packs f, whose strings are of at most 65535 bytes and whose
// room is not zero.
func encodeUserBuf(f userBufFields) []byte {
	version := byte(userBufIntRoom)
	if f.room.IDType() == RoomIDTypeString {
		version = userBufStringRoom
	}
	packed := appendText([]byte{version}, f.userID)
	packed = binary.BigEndian.AppendUint32(packed, f.sdkAppID)
	packed = binary.BigEndian.AppendUint32(packed, f.room.number)
	packed = binary.BigEndian.AppendUint32(packed, f.expiresAt)
	packed = binary.BigEndian.AppendUint32(packed, uint32(f.privileges))
	packed = binary.BigEndian.AppendUint32(packed, f.accountType)
	if version == userBufStringRoom {
		packed = appendText(packed, f.room.name)
	}
	return packed
}

func appendText(packed []byte, text string) []byte {
	packed = binary.BigEndian.AppendUint16(packed, uint16(len(text))) // #nosec G115 -- identifiers are short
	return append(packed, text...)
}

// decodeUserBuf unpacks a userbuf that must end where its content ends. The
// error is a *MalformedError.
func decodeUserBuf(packed []byte) (userBufFields, error) {
	r := byteReader{rest: packed}
	version := r.byte()
	f := userBufFields{userID: r.text(), sdkAppID: r.uint32()}
	number := r.uint32()
	f.expiresAt = r.uint32()
	f.privileges = Privileges(r.uint32())
	f.accountType = r.uint32()
	name := ""
	if version == userBufStringRoom {
		name = r.text()
	}
	if !r.isDone() {
		return userBufFields{}, &MalformedError{Part: PartUserBuf}
	}
	room, err := unpackRoom(version, number, name)
	if err != nil {
		return userBufFields{}, &MalformedError{Part: PartUserBuf, Err: err}
	}
	f.room = room
	return f, nil
}

func unpackRoom(version byte, number uint32, name string) (Room, error) {
	switch {
	case version == userBufIntRoom:
		return IntRoom(number)
	case version == userBufStringRoom && number == 0:
		return StringRoom(name)
	default:
		return Room{}, &RuleError{Field: FieldRoomIDType, Rule: roomIDTypeRule}
	}
}
