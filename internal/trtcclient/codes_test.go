package trtcclient_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// documented are the codes that the API's reference lists, with their meaning.
var documented = map[string]struct {
	class     trtcclient.Class
	parameter string
}{
	"FailedOperation.NotAllowed":                        {},
	"FailedOperation.NotRtmpFunction":                   {},
	"FailedOperation.RestrictedConcurrency":             {},
	"FailedOperation.TaskExist":                         {class: trtcclient.Conflict},
	"FailedOperation.TaskNotExist":                      {class: trtcclient.Gone},
	"FailedOperation.TaskFinished":                      {class: trtcclient.Gone},
	"FailedOperation.QueryTaskInfoFailed":               {class: trtcclient.Unread},
	"FailedOperation.SdkAppIdNotExist":                  {parameter: "SdkAppId"},
	"FailedOperation.SdkAppIdNotUnderAppId":             {parameter: "SdkAppId"},
	"FailedOperation.NotAbility":                        {},
	"FailedOperation":                                   {},
	"InternalError":                                     {class: trtcclient.ServerFault},
	"InternalError.InternalError":                       {class: trtcclient.ServerFault},
	"InternalError.HttpParseFailed":                     {class: trtcclient.ServerFault},
	"InternalError.DBError":                             {class: trtcclient.ServerFault},
	"InvalidParameter":                                  {},
	"InvalidParameter.BodyParamsError":                  {},
	"InvalidParameter.SdkAppId":                         {parameter: "SdkAppId"},
	"InvalidParameter.RoomId":                           {parameter: "RoomId"},
	"InvalidParameter.StrRoomId":                        {parameter: "RoomId"},
	"InvalidParameter.UserId":                           {parameter: "UserId"},
	"InvalidParameter.UserSig":                          {parameter: "UserSig"},
	"InvalidParameter.StreamUrl":                        {parameter: "StreamUrl"},
	"InvalidParameter.TaskId":                           {parameter: "TaskId"},
	"InvalidParameterValue":                             {},
	"MissingParameter":                                  {},
	"MissingParameter.RoomId":                           {parameter: "RoomId"},
	"MissingParameter.SdkAppId":                         {parameter: "SdkAppId"},
	"MissingParameter.TaskId":                           {parameter: "TaskId"},
	"MissingParameter.UserId":                           {parameter: "UserId"},
	"MissingParameter.UserSig":                          {parameter: "UserSig"},
	"UnknownParameter":                                  {},
	"ResourceInsufficient.RequestRejection":             {class: trtcclient.NoCapacity},
	"ResourceInsufficient":                              {},
	"AuthFailure":                                       {},
	"AuthFailure.SignatureExpire":                       {},
	"AuthFailure.SignatureFailure":                      {},
	"AuthFailure.SecretIdNotFound":                      {},
	"AuthFailure.TokenFailure":                          {},
	"AuthFailure.UnauthorizedOperation":                 {},
	"AuthFailure.MFAFailure":                            {},
	"AuthFailure.UnRealNameAuthenticated":               {},
	"IpNotInWhitelist":                                  {},
	"IpInBlacklist":                                     {},
	"NoSuchProduct":                                     {},
	"AuthFailure.InvalidSecretId":                       {},
	"AuthFailure.InvalidAuthorization":                  {},
	"UnauthorizedOperation":                             {},
	"UnauthorizedOperation.SdkAppId":                    {parameter: "SdkAppId"},
	"UnauthorizedOperation.CamNoAuth":                   {},
	"UnsupportedRegion":                                 {parameter: "Region"},
	"UnsupportedOperation":                              {},
	"RequestLimitExceeded":                              {class: trtcclient.Throttled},
	"RequestLimitExceeded.IPLimitExceeded":              {class: trtcclient.Throttled},
	"RequestLimitExceeded.UinLimitExceeded":             {class: trtcclient.Throttled},
	"RequestLimitExceeded.GlobalRegionUinLimitExceeded": {class: trtcclient.Throttled},
	"LimitExceeded":                                     {},
	"LimitExceeded.RateLimitExceeded":                   {class: trtcclient.Throttled},
	"LimitExceeded.Tasks":                               {},
	"ServiceUnavailable":                                {class: trtcclient.NoAnswer},
	"ResourceUnavailable":                               {class: trtcclient.NoAnswer},
	"ResourceUnavailable.InArrears":                     {},
	"InvalidAction":                                     {},
	"NoSuchVersion":                                     {},
}

// TestClassOfCode_Documented checks the class and the parameter of each documented
// code.
func TestClassOfCode_Documented(t *testing.T) {
	t.Parallel()
	for code, want := range documented {
		if class, parameter := trtcclient.ClassOfCode(code), trtcclient.ParameterOfCode(code); class != want.class || parameter != want.parameter {
			t.Errorf("%s: class %d, parameter %q, want %d, %q", code, class, parameter, want.class, want.parameter)
		}
	}
}

func TestClassOfCode_Unknown(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", ".", "..", "Surprise", "Surprise.OfTheYear", "internalerror", "InternalErrors", "XInternalError", strings.Repeat(".", 128)} {
		if class, parameter := trtcclient.ClassOfCode(code), trtcclient.ParameterOfCode(code); class != trtcclient.Rejected || parameter != "" {
			t.Errorf("%q: class %d, parameter %q, want a rejection", code, class, parameter)
		}
	}
}

func TestClassOfCode_Family(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]trtcclient.Class{
		"InternalError.A.B.C": trtcclient.ServerFault, "FailedOperation.TaskExist.Elsewhere": trtcclient.Conflict,
	} {
		if got := trtcclient.ClassOfCode(code); got != want {
			t.Errorf("%s: class %d, want that of its nearest family, %d", code, got, want)
		}
	}
}
