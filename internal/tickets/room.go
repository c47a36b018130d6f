package tickets

import "strconv"

// Room is one room of an application: an integer room or a string room. The
// zero Room is no room; every other Room obeys the rules. Rooms are comparable.
type Room struct {
	number uint32
	name   string
}

// IntRoom returns the integer room with the number id, 1 to 4294967295. The
// error is a *RuleError.
func IntRoom(id uint32) (Room, error) {
	if id == 0 {
		return Room{}, &RuleError{Field: FieldRoomID, Rule: intRoomIDRule}
	}
	return Room{number: id}, nil
}

// StringRoom returns the string room id, see ValidateStringRoomID. The error
// is a *RuleError.
func StringRoom(id string) (Room, error) {
	if err := ValidateStringRoomID(id); err != nil {
		return Room{}, err
	}
	return Room{name: id}, nil
}

// ParseRoom returns the room that RoomIdType and RoomId of StartStreamIngest
// name together. The error is a *RuleError, for FieldRoomIDType or FieldRoomID.
func ParseRoom(roomIDType int64, roomID string) (Room, error) {
	if err := ValidateRoomIDType(roomIDType); err != nil {
		return Room{}, err
	}
	if roomIDType == RoomIDTypeString {
		return StringRoom(roomID)
	}
	number, err := parseIntRoomID(roomID)
	if err != nil {
		return Room{}, err
	}
	return Room{number: number}, nil
}

// IsZero tells whether r is no room.
func (r Room) IsZero() bool { return r == Room{} }

// IDType returns the RoomIdType, RoomIDTypeString or RoomIDTypeInt.
func (r Room) IDType() int64 {
	if r.number != 0 {
		return RoomIDTypeInt
	}
	return RoomIDTypeString
}

// ID returns the RoomId as the API takes it, a number in decimal.
func (r Room) ID() string {
	if r.number != 0 {
		return strconv.FormatUint(uint64(r.number), 10)
	}
	return r.name
}

// String returns the room for a person to read, with its type.
func (r Room) String() string {
	switch {
	case r.IsZero():
		return "no room"
	case r.number != 0:
		return "integer room " + r.ID()
	default:
		return "string room " + strconv.Quote(r.name)
	}
}
