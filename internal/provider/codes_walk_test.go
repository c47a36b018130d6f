package provider_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const serviceMessage = "what the service says"

// attempt makes the operation that calls an action and nothing else that could
// meet the fault.
func attempt(t *testing.T, world *acctest.World, session *tfcore.Session, action string) tfcore.Diagnostics {
	t.Helper()
	var said tfcore.Diagnostics
	switch action {
	case acctest.Start:
		_, said = session.ApplyConfig(t.Context(), world.Values(t, nil))
	case acctest.Describe:
		said = session.Refresh(t.Context())
	case acctest.Update:
		_, said = session.ApplyConfig(t.Context(), world.Values(t, tfcore.Values{"volume": 30, "stream_url": "https://example.com/other.flv"}))
	case acctest.Stop:
		said = destroy(t, session)
	}
	return said
}

// TestCodesWalk meets every documented code at every action that may answer it:
// the error stands on the right argument, says what failed and what to do, and
// names what support needs; the call is sent as often as is right, and the
// state stays as it was.
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
				if absorbed(action, documented.Code) {
					world.FinishAll()
					before = nil
				}
				said := attempt(t, world, session, action)
				expectExplained(t, world, said, action, documented.Code)
				expectSent(t, world, action, documented.Code)
				if diff := cmp.Diff(before, session.State()); diff != "" {
					t.Errorf("state (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// absorbed tells the codes that mean success.
func absorbed(action, code string) bool {
	return action == acctest.Stop && (code == "FailedOperation.TaskFinished" || code == "FailedOperation.TaskNotExist")
}

// expectExplained checks the one error of a refused call.
func expectExplained(t *testing.T, world *acctest.World, said tfcore.Diagnostics, action, code string) {
	t.Helper()
	if absorbed(action, code) {
		if said.HasErrors() {
			t.Errorf("said %s, want success", said)
		}
		return
	}
	known, attribute := trtcclient.Explain(code), faultyArguments()[code]
	requestID := world.LastCall(t, action).RequestID
	if action == acctest.Start && (known.Class == trtcclient.ServerFault || known.Class == trtcclient.NoAnswer) {
		acctest.ExpectError(t, said, "", "may have started", serviceMessage, "\nCode: "+code, "\nRequestId: "+requestID)
		return
	}
	acctest.ExpectError(t, said, attribute, known.Summary, serviceMessage, known.Advice,
		"\nAction: "+action, "\nCode: "+code, "\nRequestId: "+requestID)
	if got := said.Errors()[0].Summary; got != known.Summary {
		t.Errorf("summary = %q, want %q", got, known.Summary)
	}
	expectWellWritten(t, said.Errors()[0])
}

// expectSent checks how often a call goes out that is refused each time.
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

// repetitions is the documentation's rule for sending again, with the numbers
// of the design.
func repetitions(action, code string) (least, most int) {
	start := action == acctest.Start
	family, _, _ := strings.Cut(code, ".")
	switch {
	case family == "RequestLimitExceeded":
		return 12, 200 // until the time is up
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

// faultyArguments are the arguments that codes are about. The configuration of
// these tests has user_sig and stream_url, not their write-only twins.
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
