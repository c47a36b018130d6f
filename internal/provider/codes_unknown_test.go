package provider_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestCodesTableIsComplete: every documented code has words of its own or of
// its family, and every entry of the table is about a documented code.
func TestCodesTableIsComplete(t *testing.T) {
	t.Parallel()
	general, used := trtcclient.Explain("Weird"), map[string]bool{}
	for _, documented := range acctest.DocumentedCodes() {
		known := trtcclient.Explain(documented.Code)
		if known.Summary == general.Summary {
			t.Errorf("%s has no entry", documented.Code)
		}
		used[known.Summary+known.Advice] = true
	}
	seen := map[string]bool{}
	for _, entry := range trtcclient.Explanations() {
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

// TestCodesUnknown: a code that nobody has seen before is an error like any
// other: told in the service's words, sent once, and nothing is lost.
func TestCodesUnknown(t *testing.T) {
	t.Parallel()
	for code, summary := range map[string]string{
		"FailedOperation.SomethingNew":        "The operation failed",
		"FailedOperation.Something.Very.New":  "The operation failed",
		"AuthFailure.SomethingNew":            "The credentials were rejected",
		"UnauthorizedOperation.CamNoAuth":     "The credentials lack a permission",
		"InvalidParameter.SomethingNew":       "The service does not accept a value of the request",
		"InvalidParameterValue.SomethingNew":  "A value is out of the range that the service accepts",
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
				said := attempt(t, world, session, action)
				acctest.ExpectError(t, said, "", summary, serviceMessage+".", "RequestId: "+world.LastCall(t, action).RequestID, "Code: "+code)
				expectWellWritten(t, said.Errors()[0])
				expectSent(t, world, action, code)
				acctest.ExpectState(t, session, before)
			})
		}
	}
}

// expectWellWritten checks the form of a diagnostic: a summary without a stop,
// whole sentences, then what to do, then facts.
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
