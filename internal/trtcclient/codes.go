package trtcclient

import "strings"

// Codes of the four stream-ingest actions that decisions are made on.
const (
	CodeTaskExist           = "FailedOperation.TaskExist"           // of StartStreamIngest
	CodeTaskNotExist        = "FailedOperation.TaskNotExist"        // of UpdateStreamIngest, tolerated from StopStreamIngest
	CodeTaskFinished        = "FailedOperation.TaskFinished"        // of StopStreamIngest
	CodeQueryTaskInfoFailed = "FailedOperation.QueryTaskInfoFailed" // of DescribeStreamIngest
)

// ClassOfCode returns the class of a call that the service refused with code:
// Rejected, unless the code or its family is listed.
func ClassOfCode(code string) Class {
	class, _ := LookUpCode(map[string]Class{
		CodeTaskExist:                           Conflict,
		CodeTaskNotExist:                        Gone,
		CodeTaskFinished:                        Gone,
		CodeQueryTaskInfoFailed:                 Unread,
		"RequestLimitExceeded":                  Throttled,
		"LimitExceeded.RateLimitExceeded":       Throttled,
		"ResourceInsufficient.RequestRejection": NoCapacity,
		"InternalError":                         ServerFault,
		"ServiceUnavailable":                    NoAnswer,
		"ResourceUnavailable":                   NoAnswer,
		"ResourceUnavailable.InArrears":         Rejected,
	}, code)
	return class
}

// ParameterOfCode returns the API parameter that code is about, such as
// "UserSig", or the empty string.
func ParameterOfCode(code string) string {
	parameter, _ := LookUpCode(map[string]string{
		"FailedOperation.SdkAppIdNotExist":      "SdkAppId",
		"FailedOperation.SdkAppIdNotUnderAppId": "SdkAppId",
		"InvalidParameter.SdkAppId":             "SdkAppId",
		"MissingParameter.SdkAppId":             "SdkAppId",
		"UnauthorizedOperation.SdkAppId":        "SdkAppId",
		"InvalidParameter.RoomId":               "RoomId",
		"InvalidParameter.StrRoomId":            "RoomId",
		"MissingParameter.RoomId":               "RoomId",
		"InvalidParameter.UserId":               "UserId",
		"MissingParameter.UserId":               "UserId",
		"InvalidParameter.UserSig":              "UserSig",
		"MissingParameter.UserSig":              "UserSig",
		"InvalidParameter.StreamUrl":            "StreamUrl",
		"InvalidParameter.TaskId":               "TaskId",
		"MissingParameter.TaskId":               "TaskId",
		"UnsupportedRegion":                     "Region",
	}, code)
	return parameter
}

// LookUpCode returns the entry for code in table, else the one for its family: the
// part before the last dot, and so on.
func LookUpCode[Entry any](table map[string]Entry, code string) (entry Entry, found bool) {
	for family := code; family != ""; family = family[:max(0, strings.LastIndexByte(family, '.'))] {
		if entry, found = table[family]; found {
			return entry, true
		}
	}
	return entry, false
}
