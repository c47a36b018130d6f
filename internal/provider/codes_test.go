package provider_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const serviceMessage = "what the service says"

// refuse refuses every call of an action with a code. It checks that the operation
// that makes the call fails with one error, which has the explanation of the code on
// the attribute and what support needs, and that state is unchanged.
func refuse(t *testing.T, action, code, attribute string, known provider.ErrorCode) {
	t.Helper()
	operation := map[string]scenario{
		acctest.Start:    {begin: planned, command: apply},
		acctest.Describe: {begin: created, command: refresh},
		acctest.Update:   {begin: created, command: apply, change: tfcore.Values{"volume": 30, "stream_url": "https://example.com/other.flv"}},
		acctest.Stop:     {begin: created, command: remove},
	}[action]
	world := acctest.NewWorld(t)
	config := world.Values(t, nil)
	session := operation.begin(t, world, config)
	before := session.State()
	world.Inject(t, trtcmock.Fault{Action: action, Kind: trtcmock.FaultCode, Code: code, Message: serviceMessage, Times: -1})
	_, diags := operation.command(t.Context(), session, config.With(operation.change))
	acctest.ExpectState(t, session, before)
	requestID := "\nRequestId: " + world.LastCall(t, action).RequestID
	class := trtcclient.ClassOfCode(code)
	if action == acctest.Start && (class == trtcclient.ServerFault || class == trtcclient.NoAnswer) {
		acctest.ExpectError(t, diags, "", "may have started", serviceMessage, "\nCode: "+code, requestID)
		return
	}
	acctest.ExpectError(t, diags, attribute, known.Summary, serviceMessage+".", strings.ReplaceAll(known.Advice, "<Action>", action),
		"of application 1400000001", "\nAction: "+action, "\nCode: "+code, requestID)
	expectWellWritten(t, diags.Errors()[0])
}

// TestCodesWalk returns every documented code from every action that may return it.
func TestCodesWalk(t *testing.T) {
	t.Parallel()
	for _, documented := range acctest.DocumentedCodes() {
		for _, action := range documented.Actions {
			if action == acctest.Stop && (documented.Code == "FailedOperation.TaskFinished" || documented.Code == "FailedOperation.TaskNotExist") {
				continue // Success: see TestDeleteWaits.
			}
			t.Run(documented.Code+"/"+action, func(t *testing.T) {
				t.Parallel()
				refuse(t, action, documented.Code, faultyArguments()[documented.Code], provider.Explain(documented.Code))
			})
		}
	}
}

// TestCodesUnknown checks that an unknown code is an ordinary error, with the
// explanation of its family or a general one.
func TestCodesUnknown(t *testing.T) {
	t.Parallel()
	for code, summary := range map[string]string{
		"FailedOperation.Something.Very.New":  "The operation failed",
		"AuthFailure.SomethingNew":            "The credentials were rejected",
		"UnauthorizedOperation.CamNoAuth":     "The credentials lack a permission",
		"LimitExceeded.SomethingNew":          "A quota of the account is reached",
		"Weird":                               "Tencent Cloud refused the request",
		"failedoperation.taskexist":           "Tencent Cloud refused the request",
		"FailedOperationX.TaskExist":          "Tencent Cloud refused the request",
		strings.Repeat("A.", 60) + "VeryLong": "Tencent Cloud refused the request",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			refuse(t, acctest.Update, code, "", provider.ErrorCode{Summary: summary})
		})
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
			t.Errorf("%q is not a sentence", paragraph)
		}
	}
}
