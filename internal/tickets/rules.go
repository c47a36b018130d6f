package tickets

import (
	"math"
	"strconv"
	"strings"
)

// SdkAppIDRule is the rule of ValidateSdkAppID.
const SdkAppIDRule = "must be a whole number from 1 to 4294967295"

const (
	userIDRule       = "must be 1 to 32 characters of a-z, A-Z, 0-9, _ and -"
	roomIDTypeRule   = "must be 0 (string room) or 1 (32-bit integer room)"
	intRoomIDRule    = "must be a whole number from 1 to 4294967295"
	stringRoomIDRule = "must be 1 to 64 bytes of letters, digits, space and " +
		"! # $ % & ( ) + , - . : ; < = > ? @ [ ] ^ _ { | } ~"
	lifetimeRule = "must be a whole number of seconds from 60 to 15552000 (180 days)"

	lettersAndDigits  = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	roomIDPunctuation = " !#$%&()+-:;<=.>?@[]^_{}|~,"

	maxLifetime = 180 * 24 * 60 * 60
)

// Field names the value that a RuleError is about.
type Field string

// The values that have a rule.
const (
	FieldSdkAppID   Field = "SdkAppId"
	FieldUserID     Field = "UserId"
	FieldRoomID     Field = "RoomId"
	FieldRoomIDType Field = "RoomIdType"
	FieldLifetime   Field = "lifetime"
	FieldPrivileges Field = "privileges"
	FieldKey        Field = "SDKSecretKey"
)

// RuleError means that a value breaks the rule of its field. It does not quote
// the value, which may be a secret in the wrong place.
type RuleError struct {
	Field Field
	// Rule is the rule as a text that follows the field's name: "must be …".
	Rule string
}

// Error returns the field's name followed by the rule.
func (e *RuleError) Error() string { return string(e.Field) + " " + e.Rule }

// check returns a *RuleError unless the rule is kept.
func check(field Field, rule string, kept bool) error {
	if kept {
		return nil
	}
	return &RuleError{Field: field, Rule: rule}
}

// consistsOf reports whether text has 1 to maxLength bytes, all of them from
// characters, which are ASCII.
func consistsOf(text string, maxLength int, characters string) bool {
	return text != "" && len(text) <= maxLength && strings.Trim(text, characters) == ""
}

// ValidateSdkAppID returns a *RuleError unless id is from 1 to 4294967295: a
// PrivateMapKey has 4 bytes for it.
func ValidateSdkAppID(id int64) error {
	return check(FieldSdkAppID, SdkAppIDRule, id >= 1 && id <= math.MaxUint32)
}

// ValidateUserID returns a *RuleError unless id is 1 to 32 bytes of a-z, A-Z,
// 0-9, _ and -.
func ValidateUserID(id string) error {
	return check(FieldUserID, userIDRule, consistsOf(id, 32, lettersAndDigits+"_-"))
}

// ValidateLifetime returns a *RuleError unless seconds are one minute to 180 days.
func ValidateLifetime(seconds int64) error {
	return check(FieldLifetime, lifetimeRule, seconds >= 60 && seconds <= maxLifetime)
}

// The values of RoomIdType. Integer room 123 and string room "123" are
// different rooms.
const (
	RoomIDTypeString int64 = 0
	RoomIDTypeInt    int64 = 1
)

// Room is a room of an application: an integer room or a string room. The zero
// Room is not a room. Rooms are comparable.
type Room struct {
	number uint32
	name   string
}

// ParseRoom returns the room with the RoomIdType and RoomId of
// StartStreamIngest. An integer room is a number from 1 to 4294967295 in
// canonical decimal: no sign, no leading zero, no spaces. A string room is 1 to
// 64 bytes of ASCII letters, digits, space and some punctuation. The error is a
// *RuleError for FieldRoomIDType or FieldRoomID.
func ParseRoom(roomIDType int64, roomID string) (Room, error) {
	switch roomIDType {
	case RoomIDTypeString:
		if !consistsOf(roomID, 64, lettersAndDigits+roomIDPunctuation) {
			return Room{}, &RuleError{Field: FieldRoomID, Rule: stringRoomIDRule}
		}
		return Room{name: roomID}, nil
	case RoomIDTypeInt:
		number, err := strconv.ParseUint(roomID, 10, 32)
		// Every canonical number of the range starts with a digit other than 0.
		if err != nil || roomID[0] == '0' {
			return Room{}, &RuleError{Field: FieldRoomID, Rule: intRoomIDRule}
		}
		return Room{number: uint32(number)}, nil
	default:
		return Room{}, &RuleError{Field: FieldRoomIDType, Rule: roomIDTypeRule}
	}
}

// IDType returns the RoomIdType: RoomIDTypeString or RoomIDTypeInt.
func (r Room) IDType() int64 {
	if r.number != 0 {
		return RoomIDTypeInt
	}
	return RoomIDTypeString
}

// ID returns the RoomId, an integer in decimal.
func (r Room) ID() string {
	if r.number != 0 {
		return strconv.FormatUint(uint64(r.number), 10)
	}
	return r.name
}
