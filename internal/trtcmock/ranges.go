package trtcmock

import (
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

const (
	roomIDTypeString  = 0
	roomIDTypeInteger = 1

	maxUserIDBytes   = 32
	maxRepeatNum     = 1000
	maxDurationLimit = 10080 // minutes
	maxIdleTimeout   = 600   // seconds
)

var (
	userIDForm     = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,` + strconv.Itoa(maxUserIDBytes) + `}$`)
	stringRoomForm = regexp.MustCompile(`^[a-zA-Z0-9 !#$%&()+\-:;<=.>?@\[\]^_{}|~,]{1,64}$`)
)

func streamURLSchemes() []string { return []string{"http", "https", "rtmp"} }

func tempos() []float64 { return []float64{0.5, 0.75, 1, 1.25, 1.5, 1.75, 2} }

func checkSdkAppID(v values) error {
	id := valueOf[uint64](v, "SdkAppId", 0)
	if id == 0 || id > math.MaxUint32 {
		return refuse(codeInvalidSdkAppID, "SdkAppId must be from 1 to %d.", uint32(math.MaxUint32))
	}
	return nil
}

// checkTarget checks the two parameters that name a task.
func checkTarget(v values) error {
	if err := checkSdkAppID(v); err != nil {
		return err
	}
	if valueOf(v, "TaskId", "") == "" {
		return refuse(codeInvalidTaskID, "TaskId must not be empty.")
	}
	return nil
}

func checkRoom(v values) error {
	room := valueOf(v, "RoomId", "")
	switch valueOf[uint64](v, "RoomIdType", 0) {
	case roomIDTypeString:
		if !stringRoomForm.MatchString(room) {
			return refuse(codeInvalidStrRoomID, "RoomId must be 1 to 64 bytes of the characters of string rooms.")
		}
	case roomIDTypeInteger:
		if _, err := integerRoom(room); err != nil {
			return err
		}
	default:
		return refuse(codeInvalidValue, "RoomIdType must be 0 or 1.")
	}
	return nil
}

// integerRoom reads a decimal 32-bit room number. Signs, blanks and leading
// zeros are refused: two spellings of one room would be two keys.
func integerRoom(room string) (uint32, error) {
	number, err := strconv.ParseUint(room, 10, 32)
	if err != nil || number == 0 || strconv.FormatUint(number, 10) != room {
		return 0, refuse(codeInvalidRoomID, "RoomId must be a decimal number from 1 to %d.", uint32(math.MaxUint32))
	}
	return uint32(number), nil
}

func checkUserID(v values) error {
	if !userIDForm.MatchString(valueOf(v, "UserId", "")) {
		return refuse(codeInvalidUserID, "UserId must be 1 to %d bytes of a-z, A-Z, 0-9, _ and -.", maxUserIDBytes)
	}
	return nil
}

func checkStreamURL(v values) error {
	if !v.has("StreamUrl") {
		return nil
	}
	parsed, err := url.Parse(valueOf(v, "StreamUrl", ""))
	if err != nil || parsed.Hostname() == "" || !slices.Contains(streamURLSchemes(), parsed.Scheme) {
		return refuse(codeInvalidStreamURL, "StreamUrl must be an absolute URL of %q with a host.", streamURLSchemes())
	}
	return nil
}

func checkPlayback(v values) error {
	if valueOf[int64](v, "SeekSecond", 0) < 0 {
		return refuse(codeInvalidValue, "SeekSecond must not be negative.")
	}
	repeat := valueOf[int64](v, "RepeatNum", 1)
	if repeat < -1 || repeat == 0 || repeat > maxRepeatNum {
		return refuse(codeInvalidValue, "RepeatNum must be -1 or from 1 to %d.", maxRepeatNum)
	}
	duration := valueOf[int64](v, "MaxDuration", 1)
	if duration < 1 || duration > maxDurationLimit {
		return refuse(codeInvalidValue, "MaxDuration must be from 1 to %d.", maxDurationLimit)
	}
	return nil
}

func (s site) checkSound(v values) error {
	if valueOf[uint64](v, "Volume", 0) > s.maxVolume {
		return refuse(codeInvalidValue, "Volume must be from 0 to %d.", s.maxVolume)
	}
	if !slices.Contains(tempos(), valueOf(v, "Tempo", 1.0)) {
		return refuse(codeInvalidValue, "Tempo must be one of %v.", tempos())
	}
	if valueOf[uint64](v, "IdleTimeout", 0) > maxIdleTimeout {
		return refuse(codeInvalidValue, "IdleTimeout must be from 0 to %d.", maxIdleTimeout)
	}
	return nil
}
