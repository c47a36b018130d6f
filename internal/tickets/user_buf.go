package tickets

import (
	"encoding/binary"
	"slices"
)

// Privileges is a set of privileges: the privilege map of a PrivateMapKey.
type Privileges uint32

// AllPrivileges is the set of every privilege: 255.
const AllPrivileges Privileges = 1<<8 - 1

const privilegesRule = "must have at least one privilege"

// PrivilegeNames returns the names of all privileges in the order of their bits.
func PrivilegeNames() []string {
	return []string{
		"create_room", "enter_room", "send_audio", "receive_audio",
		"send_video", "receive_video", "send_screen", "receive_screen",
	}
}

// ParsePrivileges returns the set of the named privileges, which are some of
// PrivilegeNames.
func ParsePrivileges(names []string) Privileges {
	var set Privileges
	for bit, name := range PrivilegeNames() {
		if slices.Contains(names, name) {
			set |= 1 << bit
		}
	}
	return set
}

// userBuf is the content of TLS.userbuf, which only a PrivateMapKey has.
type userBuf struct {
	userID     string
	sdkAppID   uint32
	room       Room
	expiresAt  uint32 // UNIX seconds
	privileges Privileges
}

// userBufNumbers are the numbers of a packed userbuf in their order, each of 4
// bytes, big-endian. They follow a byte for the kind of room and the user, and
// precede the ID of a string room. A text has its length in 2 bytes before it.
type userBufNumbers struct{ SdkAppID, RoomNumber, ExpiresAt, Privileges, AccountType uint32 }

// The first byte of a userbuf.
const (
	userBufIntRoom    = 0
	userBufStringRoom = 1
)

// encode packs b, whose texts have at most 65535 bytes.
func (b userBuf) encode() []byte {
	packed := appendText([]byte{userBufIntRoom}, b.userID)
	numbers := userBufNumbers{SdkAppID: b.sdkAppID, RoomNumber: b.room.number, ExpiresAt: b.expiresAt, Privileges: uint32(b.privileges)}
	packed, _ = binary.Append(packed, binary.BigEndian, numbers)
	if b.room.IDType() == RoomIDTypeString {
		packed[0] = userBufStringRoom
		packed = appendText(packed, b.room.name)
	}
	return packed
}

// decodeUserBuf unpacks a userbuf, and reports whether it is one: complete,
// with nothing behind it, one room, and account type 0.
func decodeUserBuf(packed []byte) (userBuf, bool) {
	if len(packed) == 0 || packed[0] > userBufStringRoom {
		return userBuf{}, false
	}
	userID, rest := cutText(packed[1:])
	var numbers userBufNumbers
	size, err := binary.Decode(rest, binary.BigEndian, &numbers)
	if err != nil {
		return userBuf{}, false
	}
	rest = rest[size:]
	room := Room{number: numbers.RoomNumber}
	if packed[0] == userBufStringRoom {
		room.name, rest = cutText(rest)
	}
	return userBuf{
		userID: userID, sdkAppID: numbers.SdkAppID, room: room,
		expiresAt: numbers.ExpiresAt, privileges: Privileges(numbers.Privileges),
	}, len(rest) == 0 && room != Room{} && (packed[0] == userBufStringRoom) == (room.number == 0) && numbers.AccountType == 0
}

func appendText(packed []byte, text string) []byte {
	packed = binary.BigEndian.AppendUint16(packed, uint16(len(text))) // #nosec G115 -- identifiers are short
	return append(packed, text...)
}

// cutText returns the text at the start of packed and what follows it, or
// nothing when packed is too short.
func cutText(packed []byte) (text string, rest []byte) {
	if len(packed) < 2 {
		return "", nil
	}
	end := 2 + int(binary.BigEndian.Uint16(packed))
	if len(packed) < end {
		return "", nil
	}
	return string(packed[2:end]), packed[end:]
}
