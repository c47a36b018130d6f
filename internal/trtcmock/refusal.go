package trtcmock

import (
	"errors"
	"fmt"
)

// Codes that the mock answers. Those that API documentation does not name for
// these actions are the common codes of Tencent Cloud's API gateway.
const (
	codeInvalidAuthorization = "AuthFailure.InvalidAuthorization"
	codeSecretIDNotFound     = "AuthFailure.SecretIdNotFound"
	codeSignatureExpire      = "AuthFailure.SignatureExpire"
	codeSignatureFailure     = "AuthFailure.SignatureFailure"
	codeTokenFailure         = "AuthFailure.TokenFailure"

	codeInternalError    = "InternalError"
	codeInvalidAction    = "InvalidAction"
	codeInvalidParameter = "InvalidParameter"
	codeInvalidRequest   = "InvalidRequest"
	codeInvalidValue     = "InvalidParameterValue"
	codeMissingParameter = "MissingParameter"
	codeNoSuchVersion    = "NoSuchVersion"
	codeRateExceeded     = "RequestLimitExceeded"
	codeSizeExceeded     = "RequestSizeLimitExceeded"
	codeUnknownParameter = "UnknownParameter"
	codeUnsupportedHTTP  = "UnsupportedProtocol"
	codeUnsupportedPlace = "UnsupportedRegion"

	codeBodyParams       = "InvalidParameter.BodyParamsError"
	codeInvalidRoomID    = "InvalidParameter.RoomId"
	codeInvalidStrRoomID = "InvalidParameter.StrRoomId"
	codeInvalidSdkAppID  = "InvalidParameter.SdkAppId"
	codeInvalidStreamURL = "InvalidParameter.StreamUrl"
	codeInvalidTaskID    = "InvalidParameter.TaskId"
	codeInvalidUserID    = "InvalidParameter.UserId"
	codeInvalidUserSig   = "InvalidParameter.UserSig"
	codeMissingRoomID    = "MissingParameter.RoomId"
	codeMissingSdkAppID  = "MissingParameter.SdkAppId"
	codeMissingTaskID    = "MissingParameter.TaskId"

	codeQuota        = "FailedOperation.RestrictedConcurrency"
	codeTaskExist    = "FailedOperation.TaskExist"
	codeTaskFinished = "FailedOperation.TaskFinished"
	codeTaskNotExist = "FailedOperation.TaskNotExist"

	codeSTSDuration    = "InvalidParameter.OverTimeError"
	codeSTSParameter   = "InvalidParameter.ParamError"
	codeSTSRole        = "ResourceNotFound.RoleNotFound"
	codeSTSWebIdentity = "InvalidParameter.WebIdentityTokenError"
)

// refusal is a call that was not executed, as the caller is told.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return r.code + ": " + r.message }

// refuse makes a refusal. The message must hold no secret.
func refuse(code, format string, args ...any) error {
	return &refusal{code: code, message: fmt.Sprintf(format, args...)}
}

// asRefusal turns any error into what a caller is told of it.
func asRefusal(err error) *refusal {
	var known *refusal
	if errors.As(err, &known) {
		return known
	}
	return &refusal{code: codeInternalError, message: "An internal error has occurred."}
}
