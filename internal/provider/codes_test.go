package provider_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const serviceMessage = "what the service says"

// attempt runs the operation that calls an action, without other calls that
// could meet the fault.
func attempt(t *testing.T, world *acctest.World, session *tfcore.Session, action string) tfcore.Diagnostics {
	t.Helper()
	var diags tfcore.Diagnostics
	switch action {
	case acctest.Start:
		_, diags = session.ApplyConfig(t.Context(), world.Values(t, nil))
	case acctest.Describe:
		diags = session.Refresh(t.Context())
	case acctest.Update:
		_, diags = session.ApplyConfig(t.Context(), world.Values(t, tfcore.Values{"volume": 30, "stream_url": "https://example.com/other.flv"}))
	case acctest.Stop:
		diags = destroy(t, session)
	}
	return diags
}

// TestCodesWalk returns every documented code from every action that may return
// it, and checks the error's attribute, advice and support details, how often
// the call was sent, and that state is unchanged.
func TestCodesWalk(t *testing.T) {
	t.Parallel()
	for _, documented := range acctest.DocumentedCodes() {
		for _, action := range documented.Actions {
			t.Run(documented.Code+"/"+action, func(t *testing.T) {
				t.Parallel()
				world := acctest.NewWorld(t)
				session := world.Session(t)
				if action != acctest.Start {
					session = world.Created(t, world.Values(t, nil))
				}
				before := session.State()
				world.Inject(t, trtcmock.Fault{
					Action: action, Kind: trtcmock.FaultCode, Code: documented.Code, Message: serviceMessage, Times: -1,
				})
				if meansSuccess(action, documented.Code) {
					world.FinishAll()
					before = nil
				}
				diags := attempt(t, world, session, action)
				expectExplained(t, world, diags, action, documented.Code)
				expectSent(t, world, action, documented.Code)
				if diff := cmp.Diff(before, session.State()); diff != "" {
					t.Errorf("state (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// meansSuccess reports whether the code means success.
func meansSuccess(action, code string) bool {
	return action == acctest.Stop && (code == "FailedOperation.TaskFinished" || code == "FailedOperation.TaskNotExist")
}

// expectExplained checks the one error of a refused call.
func expectExplained(t *testing.T, world *acctest.World, diags tfcore.Diagnostics, action, code string) {
	t.Helper()
	if meansSuccess(action, code) {
		if diags.HasErrors() {
			t.Errorf("diagnostics: %s, want success", diags)
		}
		return
	}
	known, class, attribute := provider.Explain(code), trtcclient.ClassOfCode(code), faultyArguments()[code]
	requestID := world.LastCall(t, action).RequestID
	if action == acctest.Start && (class == trtcclient.ServerFault || class == trtcclient.NoAnswer) {
		acctest.ExpectError(t, diags, "", "may have started", serviceMessage, "\nCode: "+code, "\nRequestId: "+requestID)
		return
	}
	acctest.ExpectError(t, diags, attribute, known.Summary, serviceMessage, strings.ReplaceAll(known.Advice, "<Action>", action),
		"\nAction: "+action, "\nCode: "+code, "\nRequestId: "+requestID)
	if got := diags.Errors()[0].Summary; got != known.Summary {
		t.Errorf("summary = %q, want %q", got, known.Summary)
	}
	expectWellWritten(t, diags.Errors()[0])
}

// expectSent checks how often a call is sent that is always refused.
func expectSent(t *testing.T, world *acctest.World, action, code string) {
	t.Helper()
	least, most := repetitions(action, code)
	sent := 0
	for _, call := range world.Mock.Journal() {
		if call.Action == action {
			sent++
		}
	}
	if sent < least || sent > most {
		t.Errorf("%s was sent %d times, want %d to %d", action, sent, least, most)
	}
}

// repetitions returns how often the documentation allows a call to be sent.
func repetitions(action, code string) (least, most int) {
	start := action == acctest.Start
	family, _, _ := strings.Cut(code, ".")
	switch {
	case family == "RequestLimitExceeded", code == "LimitExceeded.RateLimitExceeded":
		return 12, 200 // until the time is up
	case code == "ResourceUnavailable.InArrears":
		return 1, 1
	case family == "InternalError" && start:
		return 4, 4
	case family == "ServiceUnavailable" && start, family == "ResourceUnavailable" && start:
		return 1, 1
	case code == "FailedOperation.QueryTaskInfoFailed", family == "InternalError", family == "ServiceUnavailable", family == "ResourceUnavailable":
		return 8, 8
	case code == "ResourceInsufficient.RequestRejection":
		return 4, 4
	case code == "FailedOperation.TaskExist":
		return 6, 6
	default:
		return 1, 1
	}
}

// faultyArguments maps parameters to the arguments that the tests'
// configuration sets.
func faultyArguments() map[string]string {
	return map[string]string{
		"InvalidParameter.SdkAppId": "sdk_app_id", "MissingParameter.SdkAppId": "sdk_app_id",
		"InvalidParameter.RoomId": "room_id", "InvalidParameter.StrRoomId": "room_id", "MissingParameter.RoomId": "room_id",
		"InvalidParameter.UserId": "user_id", "MissingParameter.UserId": "user_id",
		"InvalidParameter.UserSig": "user_sig", "MissingParameter.UserSig": "user_sig",
		"InvalidParameter.StreamUrl": "stream_url",
		"InvalidParameter.TaskId":    "task_id", "MissingParameter.TaskId": "task_id",
		"FailedOperation.SdkAppIdNotExist": "sdk_app_id", "FailedOperation.SdkAppIdNotUnderAppId": "sdk_app_id",
		"UnauthorizedOperation.SdkAppId": "sdk_app_id",
		"UnsupportedRegion":              "region",
	}
}

// TestCodesTableIsComplete checks that every documented code has an explanation
// of its own or of its family, and that the table contains no other codes.
func TestCodesTableIsComplete(t *testing.T) {
	t.Parallel()
	general, used := provider.Explain("Weird"), map[string]bool{}
	for _, documented := range acctest.DocumentedCodes() {
		known := provider.Explain(documented.Code)
		if known.Summary == general.Summary {
			t.Errorf("%s has no entry", documented.Code)
		}
		used[known.Summary+known.Advice] = true
	}
	seen := map[string]bool{}
	for _, entry := range provider.ErrorCodes() {
		if seen[entry.Code] {
			t.Errorf("%s has two entries", entry.Code)
		}
		seen[entry.Code] = true
		if !used[entry.Summary+entry.Advice] {
			t.Errorf("no documented code leads to the entry of %s", entry.Code)
		}
		expectWellWritten(t, tfcore.Diagnostic{Summary: entry.Summary, Detail: "Could not x. Y.\n\n" + entry.Advice})
	}
}

// TestCodesUnknown checks that an unknown code is an ordinary error with the
// service's message: sent once, and nothing is lost.
func TestCodesUnknown(t *testing.T) {
	t.Parallel()
	for code, summary := range map[string]string{
		"FailedOperation.SomethingNew":        "The operation failed",
		"FailedOperation.Something.Very.New":  "The operation failed",
		"AuthFailure.SomethingNew":            "The credentials were rejected",
		"UnauthorizedOperation.CamNoAuth":     "The credentials lack a permission",
		"InvalidParameter.SomethingNew":       "The service does not accept a value of the request",
		"InvalidParameterValue.SomethingNew":  "The service does not accept a value of the request",
		"LimitExceeded.SomethingNew":          "A quota of the account is reached",
		"Weird":                               "Tencent Cloud refused the request",
		"Brand.New":                           "Tencent Cloud refused the request",
		"failedoperation.taskexist":           "Tencent Cloud refused the request",
		"FailedOperationX.TaskExist":          "Tencent Cloud refused the request",
		"RequestLimitExceededNot.Quite":       "Tencent Cloud refused the request",
		strings.Repeat("A.", 60) + "VeryLong": "Tencent Cloud refused the request",
	} {
		for _, action := range []string{acctest.Start, acctest.Describe, acctest.Update, acctest.Stop} {
			t.Run(code+"/"+action, func(t *testing.T) {
				t.Parallel()
				world := acctest.NewWorld(t)
				session := world.Session(t)
				if action != acctest.Start {
					session = world.Created(t, world.Values(t, nil))
				}
				before := session.State()
				world.Inject(t, trtcmock.Fault{Action: action, Kind: trtcmock.FaultCode, Code: code, Message: serviceMessage, Times: -1})
				diags := attempt(t, world, session, action)
				acctest.ExpectError(t, diags, "", summary, serviceMessage+".", "RequestId: "+world.LastCall(t, action).RequestID, "Code: "+code)
				expectWellWritten(t, diags.Errors()[0])
				expectSent(t, world, action, code)
				acctest.ExpectState(t, session, before)
			})
		}
	}
}

// expectWellWritten checks the form of a diagnostic: a summary without a
// period, whole sentences, advice, then facts.
func expectWellWritten(t *testing.T, one tfcore.Diagnostic) {
	t.Helper()
	if one.Summary == "" || strings.HasSuffix(one.Summary, ".") || strings.ToUpper(one.Summary[:1]) != one.Summary[:1] {
		t.Errorf("summary %q", one.Summary)
	}
	for _, slip := range []string{"%!", "<nil>", "..", "  ", " .", "\n\n\n", ": .", "()"} {
		if strings.Contains(one.Detail, slip) {
			t.Errorf("%q in %q", slip, one.Detail)
		}
	}
	paragraphs := strings.Split(one.Detail, "\n\n")
	if len(paragraphs) < 2 || !strings.HasPrefix(one.Detail, "Could not ") {
		t.Errorf("detail %q does not say what could not be done, and what to do", one.Detail)
	}
	for _, paragraph := range paragraphs[:min(2, len(paragraphs))] {
		if !strings.HasSuffix(paragraph, ".") && !strings.HasSuffix(paragraph, ").") {
			t.Errorf("%q is no sentence", paragraph)
		}
	}
}
