package trtcclient_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestClassOfCode checks the class and the parameter of each code that the API's
// reference lists, and of codes of their families.
func TestClassOfCode(t *testing.T) {
	t.Parallel()
	type meaning struct {
		class     trtcclient.Class
		parameter string
	}
	for want, codes := range map[meaning]string{
		{class: trtcclient.Conflict}:   "FailedOperation.TaskExist FailedOperation.TaskExist.Elsewhere",
		{class: trtcclient.Gone}:       "FailedOperation.TaskNotExist FailedOperation.TaskFinished",
		{class: trtcclient.Unread}:     "FailedOperation.QueryTaskInfoFailed",
		{class: trtcclient.NoCapacity}: "ResourceInsufficient.RequestRejection",
		{class: trtcclient.NoAnswer}:   "ServiceUnavailable ResourceUnavailable",
		{class: trtcclient.ServerFault}: "InternalError InternalError.InternalError InternalError.HttpParseFailed InternalError.DBError " +
			"InternalError.A.B.C",
		{class: trtcclient.Throttled}: "RequestLimitExceeded RequestLimitExceeded.IPLimitExceeded RequestLimitExceeded.UinLimitExceeded " +
			"RequestLimitExceeded.GlobalRegionUinLimitExceeded LimitExceeded.RateLimitExceeded",
		{parameter: "SdkAppId"}: "InvalidParameter.SdkAppId MissingParameter.SdkAppId UnauthorizedOperation.SdkAppId " +
			"FailedOperation.SdkAppIdNotExist FailedOperation.SdkAppIdNotUnderAppId",
		{parameter: "RoomId"}:    "InvalidParameter.RoomId InvalidParameter.StrRoomId MissingParameter.RoomId",
		{parameter: "UserId"}:    "InvalidParameter.UserId MissingParameter.UserId",
		{parameter: "UserSig"}:   "InvalidParameter.UserSig MissingParameter.UserSig",
		{parameter: "StreamUrl"}: "InvalidParameter.StreamUrl",
		{parameter: "TaskId"}:    "InvalidParameter.TaskId MissingParameter.TaskId",
		{parameter: "Region"}:    "UnsupportedRegion",
		{}: "FailedOperation FailedOperation.NotAllowed FailedOperation.NotRtmpFunction FailedOperation.RestrictedConcurrency FailedOperation.NotAbility " +
			"InvalidParameter InvalidParameter.BodyParamsError InvalidParameterValue MissingParameter UnknownParameter ResourceInsufficient " +
			"AuthFailure AuthFailure.SignatureExpire AuthFailure.SecretIdNotFound AuthFailure.TokenFailure AuthFailure.UnauthorizedOperation AuthFailure.MFAFailure " +
			"IpNotInWhitelist IpInBlacklist NoSuchProduct UnauthorizedOperation UnauthorizedOperation.CamNoAuth UnsupportedOperation " +
			"LimitExceeded LimitExceeded.Tasks ResourceUnavailable.InArrears InvalidAction NoSuchVersion " +
			". .. Surprise.OfTheYear internalerror InternalErrors XInternalError " + strings.Repeat(".", 128),
	} {
		for code := range strings.FieldsSeq(codes) {
			if got := (meaning{trtcclient.ClassOfCode(code), trtcclient.ParameterOfCode(code)}); got != want {
				t.Errorf("%s: %+v, want %+v", code, got, want)
			}
		}
	}
}
