package tickets

import "strconv"

// The values of RoomIdType. Integer room 123 and string room "123" are two
// different rooms.
const (
	RoomIDTypeString int64 = 0
	RoomIDTypeInt    int64 = 1
)

// MaxStringRoomIDLength is the longest string RoomId, in bytes.
const MaxStringRoomIDLength = 64

const (
	roomIDTypeRule   = "must be 0 (string room) or 1 (32-bit integer room)"
	intRoomIDRule    = "must be a whole number from 1 to 4294967295"
	stringRoomIDRule = "must be 1 to 64 bytes of letters, digits, space and " +
		"! # $ % & ( ) + - : ; < = . > ? @ [ ] ^ _ { } | ~ ,"

	stringRoomIDPunctuation = " !#$%&()+-:;<=.>?@[]^_{}|~,"
)

// ValidateRoomIDType returns a *RuleError unless roomIDType is
// RoomIDTypeString or RoomIDTypeInt.
func ValidateRoomIDType(roomIDType int64) error {
	if roomIDType != RoomIDTypeString && roomIDType != RoomIDTypeInt {
		return &RuleError{Field: FieldRoomIDType, Rule: roomIDTypeRule}
	}
	return nil
}

// ValidateIntRoomID returns a *RuleError unless id is a number from 1 to
// 4294967295 in canonical decimal: no sign, no leading zero, no spaces.
func ValidateIntRoomID(id string) error {
	_, err := parseIntRoomID(id)
	return err
}

// ValidateStringRoomID returns a *RuleError unless id is 1 to
// MaxStringRoomIDLength bytes of ASCII letters, digits, space and the
// punctuation that string rooms allow.
func ValidateStringRoomID(id string) error {
	if len(id) < 1 || len(id) > MaxStringRoomIDLength || !consistsOf(id, stringRoomIDPunctuation) {
		return &RuleError{Field: FieldRoomID, Rule: stringRoomIDRule}
	}
	return nil
}

func parseIntRoomID(id string) (uint32, error) {
	number, err := strconv.ParseUint(id, 10, 32)
	// Every canonical number of the range starts with a digit other than 0.
	if err != nil || id[0] == '0' {
		return 0, &RuleError{Field: FieldRoomID, Rule: intRoomIDRule}
	}
	return uint32(number), nil
}
