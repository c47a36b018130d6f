package trtcclient_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// documented are the codes that the API's reference lists, with what is to be
// made of them. A family stands for the codes below it that it lists none of.
var documented = map[string]struct {
	class     trtcclient.Class
	parameter string
	entry     string // the code of the entry, when it is not the code's own
}{
	"FailedOperation.NotAllowed":                        {},
	"FailedOperation.NotRtmpFunction":                   {},
	"FailedOperation.RestrictedConcurrency":             {},
	"FailedOperation.TaskExist":                         {class: trtcclient.Lingering},
	"FailedOperation.TaskNotExist":                      {class: trtcclient.Gone},
	"FailedOperation.TaskFinished":                      {class: trtcclient.Gone},
	"FailedOperation.QueryTaskInfoFailed":               {},
	"FailedOperation.SdkAppIdNotExist":                  {parameter: "SdkAppId"},
	"FailedOperation.SdkAppIdNotUnderAppId":             {parameter: "SdkAppId"},
	"FailedOperation.NotAbility":                        {},
	"FailedOperation":                                   {},
	"InternalError":                                     {class: trtcclient.Faulty},
	"InternalError.InternalError":                       {class: trtcclient.Faulty, entry: "InternalError"},
	"InternalError.HttpParseFailed":                     {class: trtcclient.Faulty, entry: "InternalError"},
	"InternalError.DBError":                             {class: trtcclient.Faulty, entry: "InternalError"},
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
	"ResourceInsufficient.RequestRejection":             {class: trtcclient.Busy},
	"ResourceInsufficient":                              {},
	"AuthFailure":                                       {},
	"AuthFailure.SignatureExpire":                       {},
	"AuthFailure.SignatureFailure":                      {},
	"AuthFailure.SecretIdNotFound":                      {},
	"AuthFailure.TokenFailure":                          {},
	"AuthFailure.UnauthorizedOperation":                 {},
	"AuthFailure.MFAFailure":                            {},
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
	"LimitExceeded.Tasks":                               {entry: "LimitExceeded"},
	"ServiceUnavailable":                                {class: trtcclient.Lost},
	"ResourceUnavailable":                               {class: trtcclient.Lost},
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
			err := fmt.Errorf("wrapped: %w", &cloudapi.APIError{Code: code})
			if got := trtcclient.ClassOf(err); got != want.class {
				t.Errorf("ClassOf = %d, want %d", got, want.class)
			}
			if got := trtcclient.IsGone(err); got != (want.class == trtcclient.Gone) {
				t.Errorf("IsGone = %v", got)
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

func TestUnknownCodesAreFinal(t *testing.T) {
	t.Parallel()
	general := trtcclient.Explain("")
	if general.Summary == "" || general.Advice == "" {
		t.Errorf("Explain of nothing = %+v, want summary and advice", general)
	}
	for _, code := range []string{"", ".", "..", "Surprise", "Surprise.OfTheYear", "internalerror", "InternalErrors", "XInternalError", strings.Repeat(".", 128)} {
		got := trtcclient.Explain(code)
		want := general
		want.Code = code
		if got != want || got.Class != trtcclient.Final {
			t.Errorf("Explain(%q) = %+v, want %+v", code, got, want)
		}
	}
}

func TestFamiliesReachAnyDepth(t *testing.T) {
	t.Parallel()
	if got := trtcclient.Explain("InternalError.A.B.C"); got.Class != trtcclient.Faulty || got.Code != "InternalError.A.B.C" {
		t.Errorf("Explain = %+v, want the family's class and the code itself", got)
	}
	if got := trtcclient.Explain("FailedOperation.TaskExist.Elsewhere"); got.Class != trtcclient.Lingering {
		t.Errorf("Explain = %+v, want the class of the nearest family", got)
	}
}

func TestIsError(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("wrapped: %w", &cloudapi.APIError{Code: "A.B"})
	for name, c := range map[string]struct {
		err   error
		codes []string
		want  bool
	}{
		"one":          {err: err, codes: []string{"A.B"}, want: true},
		"one of two":   {err: err, codes: []string{"C", "A.B"}, want: true},
		"family":       {err: err, codes: []string{"A"}},
		"none":         {err: err},
		"another":      {err: errors.New("A.B"), codes: []string{"A.B"}},
		"nothing":      {codes: []string{"A.B"}},
		"no answer":    {err: &cloudapi.ExchangeError{}, codes: []string{"A.B", ""}},
		"without code": {err: &cloudapi.APIError{}, codes: []string{"A.B"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := trtcclient.IsError(c.err, c.codes...); got != c.want {
				t.Errorf("IsError(%v, %v) = %v, want %v", c.err, c.codes, got, c.want)
			}
		})
	}
}
