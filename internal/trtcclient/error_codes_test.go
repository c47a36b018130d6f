package trtcclient_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// documented are the codes that the API's reference lists, with their meaning. A family stands for the codes below it that it lists none of.
var documented = map[string]struct {
	class     trtcclient.Class
	parameter string
	entry     string // the code of the entry, when it is not the code's own
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
	"InternalError.InternalError":                       {class: trtcclient.ServerFault, entry: "InternalError"},
	"InternalError.HttpParseFailed":                     {class: trtcclient.ServerFault, entry: "InternalError"},
	"InternalError.DBError":                             {class: trtcclient.ServerFault, entry: "InternalError"},
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
	"AuthFailure.InvalidAuthorization":                  {entry: "AuthFailure"},
	"UnauthorizedOperation":                             {},
	"UnauthorizedOperation.SdkAppId":                    {parameter: "SdkAppId"},
	"UnauthorizedOperation.CamNoAuth":                   {entry: "UnauthorizedOperation"},
	"UnsupportedRegion":                                 {parameter: "Region"},
	"UnsupportedOperation":                              {},
	"RequestLimitExceeded":                              {class: trtcclient.Throttled},
	"RequestLimitExceeded.IPLimitExceeded":              {class: trtcclient.Throttled, entry: "RequestLimitExceeded"},
	"RequestLimitExceeded.UinLimitExceeded":             {class: trtcclient.Throttled, entry: "RequestLimitExceeded"},
	"RequestLimitExceeded.GlobalRegionUinLimitExceeded": {class: trtcclient.Throttled, entry: "RequestLimitExceeded"},
	"LimitExceeded":                                     {},
	"LimitExceeded.RateLimitExceeded":                   {class: trtcclient.Throttled},
	"LimitExceeded.Tasks":                               {entry: "LimitExceeded"},
	"ServiceUnavailable":                                {class: trtcclient.NoAnswer},
	"ResourceUnavailable":                               {class: trtcclient.NoAnswer},
	"ResourceUnavailable.InArrears":                     {},
	"InvalidAction":                                     {},
	"NoSuchVersion":                                     {},
}

func TestDocumentedCodesAreExplained(t *testing.T) {
	t.Parallel()
	entries := map[string]trtcclient.Explanation{}
	for _, entry := range trtcclient.Explanations() {
		entries[entry.Code] = entry
	}
	for code, want := range documented {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			if want.entry == "" {
				want.entry = code
			}
			entry, listed := entries[want.entry]
			if !listed {
				t.Fatalf("%s has no entry", want.entry)
			}
			entry.Code = code
			if got := trtcclient.Explain(code); got != entry {
				t.Errorf("Explain = %+v, want %+v", got, entry)
			}
			if entry.Class != want.class || entry.Parameter != want.parameter {
				t.Errorf("class %d, parameter %q, want %d, %q", entry.Class, entry.Parameter, want.class, want.parameter)
			}
		})
	}
}

func TestEntriesAreDocumentedAndWellFormed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, entry := range trtcclient.Explanations() {
		if seen[entry.Code] {
			t.Errorf("%s has two entries", entry.Code)
		}
		seen[entry.Code] = true
		if _, known := documented[entry.Code]; !known {
			t.Errorf("%s has an entry, but nobody documents it", entry.Code)
		}
		if entry.Summary == "" || strings.HasSuffix(entry.Summary, ".") || strings.Contains(entry.Summary, "\n") {
			t.Errorf("summary of %s = %q, want a line without a full stop", entry.Code, entry.Summary)
		}
		if !strings.HasSuffix(entry.Advice, ".") {
			t.Errorf("advice of %s = %q, want sentences", entry.Code, entry.Advice)
		}
	}
}

func TestUnknownCodesAreRejections(t *testing.T) {
	t.Parallel()
	general := trtcclient.Explain("")
	if general.Summary == "" || general.Advice == "" {
		t.Errorf("Explain of nothing = %+v, want summary and advice", general)
	}
	for _, code := range []string{"", ".", "..", "Surprise", "Surprise.OfTheYear", "internalerror", "InternalErrors", "XInternalError", strings.Repeat(".", 128)} {
		got := trtcclient.Explain(code)
		want := general
		want.Code = code
		if got != want || got.Class != trtcclient.Rejected {
			t.Errorf("Explain(%q) = %+v, want %+v", code, got, want)
		}
	}
}

func TestFamiliesReachAnyDepth(t *testing.T) {
	t.Parallel()
	if got := trtcclient.Explain("InternalError.A.B.C"); got.Class != trtcclient.ServerFault || got.Code != "InternalError.A.B.C" {
		t.Errorf("Explain = %+v, want the family's class and the code itself", got)
	}
	if got := trtcclient.Explain("FailedOperation.TaskExist.Elsewhere"); got.Class != trtcclient.Conflict {
		t.Errorf("Explain = %+v, want the class of the nearest family", got)
	}
}
