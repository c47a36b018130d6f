package acctest

import "slices"

// DocumentedCode is an error code of the API's documentation and the actions
// that may return it.
type DocumentedCode struct {
	Code    string
	Actions []string
}

// DocumentedCodes returns the codes of the four stream-ingest actions, the common
// codes of Tencent Cloud, and the codes of the product that these actions may
// return. The list comes from the documentation, not from the provider's table.
func DocumentedCodes() []DocumentedCode {
	var all []DocumentedCode
	for _, group := range []struct {
		actions []string
		codes   []string
	}{
		{[]string{Start}, startCodes()},
		{[]string{Update}, []string{"FailedOperation.TaskNotExist"}},
		{[]string{Stop}, []string{"FailedOperation.TaskFinished"}},
		{[]string{Describe}, []string{"FailedOperation.QueryTaskInfoFailed"}},
		{[]string{Start, Stop}, []string{"InvalidParameter.BodyParamsError"}},
		{[]string{Start, Update}, []string{"InvalidParameter.StreamUrl"}},
		{[]string{Describe, Update, Stop}, []string{"InvalidParameter.TaskId", "MissingParameter.TaskId"}},
		{[]string{Start, Describe, Update, Stop}, slices.Concat(faultCodes(), accessCodes(), requestCodes())},
	} {
		for _, code := range group.codes {
			all = append(all, DocumentedCode{Code: code, Actions: group.actions})
		}
	}
	return all
}

func startCodes() []string {
	return []string{
		"FailedOperation.NotAllowed", "FailedOperation.NotRtmpFunction", "FailedOperation.NotAbility",
		"FailedOperation.RestrictedConcurrency", "FailedOperation.TaskExist",
		"InvalidParameter.RoomId", "InvalidParameter.StrRoomId", "InvalidParameter.UserSig", "InvalidParameter.UserId",
		"MissingParameter.RoomId", "MissingParameter.UserId", "MissingParameter.UserSig",
		"ResourceInsufficient", "ResourceInsufficient.RequestRejection",
	}
}

// faultCodes depend on the state of the service, not on the request.
func faultCodes() []string {
	return []string{
		"InternalError", "InternalError.InternalError", "InternalError.HttpParseFailed", "InternalError.DBError",
		"ServiceUnavailable", "ResourceUnavailable",
		"RequestLimitExceeded", "RequestLimitExceeded.IPLimitExceeded", "RequestLimitExceeded.UinLimitExceeded",
		"RequestLimitExceeded.GlobalRegionUinLimitExceeded", "LimitExceeded.RateLimitExceeded",
	}
}

// accessCodes depend on the caller's permissions.
func accessCodes() []string {
	return []string{
		"AuthFailure", "AuthFailure.SignatureExpire", "AuthFailure.SignatureFailure", "AuthFailure.SecretIdNotFound",
		"AuthFailure.TokenFailure", "AuthFailure.UnauthorizedOperation", "AuthFailure.MFAFailure", "AuthFailure.InvalidSecretId",
		"AuthFailure.UnRealNameAuthenticated", "IpNotInWhitelist", "IpInBlacklist", "ResourceUnavailable.InArrears",
		"UnauthorizedOperation", "UnauthorizedOperation.CamNoAuth", "UnauthorizedOperation.SdkAppId", "UnsupportedRegion",
		"FailedOperation", "FailedOperation.SdkAppIdNotExist", "FailedOperation.SdkAppIdNotUnderAppId",
	}
}

// requestCodes depend on the form of the request.
func requestCodes() []string {
	return []string{
		"LimitExceeded", "InvalidParameter", "InvalidParameter.SdkAppId", "InvalidParameterValue",
		"MissingParameter", "MissingParameter.SdkAppId", "UnknownParameter", "UnsupportedOperation", "InvalidAction", "NoSuchVersion", "NoSuchProduct",
	}
}
