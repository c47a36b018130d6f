package provider_test

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const (
	throttled = "RequestLimitExceeded"
	taskExist = "FailedOperation.TaskExist"
)

// TestOneStart checks that a start is sent again only when it provably did not run
// or the service asks for a retry, and what an error says about a task that may be
// running. Package trtcclient tests every fault.
func TestOneStart(t *testing.T) {
	t.Parallel()
	const internal, unavailable = "InternalError.InternalError", "ServiceUnavailable"
	inLobby := tfcore.Values{"room_id": "the lobby", "room_id_type": 0, "repeat_num": -1}
	lost := []string{
		"The stream ingest may have started: no response was received", "room the lobby of application 1400000001 as user robot-1, region ap-singapore",
		"2026-03-01T12:00:00Z", "billed", "Ingest event callback 701 (EventGroupId 7)", "terraform import ADDRESS 'ap-singapore/1400000001/<TaskId>'",
	}
	for name, one := range map[string]scenario{
		"retried, started": {
			faults: []trtcmock.Fault{{Action: acctest.Start, Kind: trtcmock.FaultCode, Code: internal, Times: 3}}, took: 21 * time.Second,
			calls: []string{acctest.Start + ":" + internal, acctest.Start + ":" + internal, acctest.Start + ":" + internal, acctest.Start, acctest.Describe},
			warns: []string{"A second task may be running", "sent at 2026-03-01T12:00:00Z"},
		},
		"retried, but it ran": {
			faults: []trtcmock.Fault{{Action: acctest.Start, Kind: trtcmock.FaultCodeAfter, Code: internal}}, took: 3 * time.Second,
			calls: []string{acctest.Start + ":" + internal, acctest.Start + ":" + taskExist},
			fails: append(lost, "until somebody stops it", "\nCode: "+taskExist, "\nRequestId: "),
		},
		"rate limit": {
			faults: []trtcmock.Fault{{Action: acctest.Start, Kind: trtcmock.FaultCode, Code: throttled, Times: 2}},
			calls:  []string{acctest.Start + ":" + throttled, acctest.Start + ":" + throttled, acctest.Start, acctest.Describe},
		},
		"response lost": {
			faults: []trtcmock.Fault{acctest.FailNext(acctest.Start, trtcmock.FaultDropAfter)}, change: tfcore.Values{"max_duration": 45},
			calls: []string{acctest.Start}, fails: append(lost, "for at most max_duration, 45 minutes"),
		},
		"response without TaskId": {
			faults: []trtcmock.Fault{acctest.FailNext(acctest.Start, trtcmock.FaultEmptyObject)}, change: tfcore.Values{"repeat_num": 2},
			calls: []string{acctest.Start}, fails: append(lost, "until it ends"),
		},
		"unavailable": {
			faults: []trtcmock.Fault{acctest.RejectNext(acctest.Start, unavailable)},
			calls:  []string{acctest.Start + ":" + unavailable}, fails: append(lost, "\nCode: "+unavailable),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one.begin, one.command, one.before = planned, apply, inLobby
			world, session, _ := one.run(t)
			if alive := world.Mock.Alive(); len(alive) > 1 || one.fails == nil && session.State()["task_id"] != alive[0].ID {
				t.Errorf("running %v, state %v", alive, session.State())
			}
		})
	}
}

// TestStart_LostIsFoundAgain checks that a task that may be running blocks the next
// apply, whose error leads to a successful import.
func TestStart_LostIsFoundAgain(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.FailNext(acctest.Start, trtcmock.FaultDropAfter))
	session, config := world.Session(t), world.Values(t, nil)
	session.ApplyConfig(t.Context(), config)
	session.Serve(world.Provider(t, nil))
	_, diags := session.ApplyConfig(t.Context(), config)
	acctest.ExpectError(t, diags, "", taskExist, "import it", "event callback 701")
	taskID := world.Mock.Alive()[0].ID
	acctest.ExpectSuccess(t, session.Import(t.Context(), acctest.Region+"/1400000001/"+taskID))
	acctest.ExpectApply(t, session, config, tfcore.Update)
	acctest.ExpectAttributes(t, session, tfcore.Values{"task_id": taskID})
	world.ExpectRunning(t, 1)
}

// TestStart_WaitsForLingeringTask checks a start while a task for the same room and
// user, just stopped elsewhere, still exists for some seconds.
func TestStart_WaitsForLingeringTask(t *testing.T) {
	t.Parallel()
	stopped := func(t *testing.T, world *acctest.World, config tfcore.Values) *tfcore.Session {
		t.Helper()
		elsewhere := world.Created(t, config.With(tfcore.Values{"timeouts": tfcore.Values{"delete": "1s"}}))
		_, _ = remove(t.Context(), elsewhere, nil)
		return world.Session(t)
	}
	runScenarios(t, map[string]scenario{
		"for some seconds": {service: lingering(8 * time.Second), begin: stopped, command: apply, action: tfcore.Create},
		"for long": {
			service: lingering(time.Hour), begin: stopped, command: apply, took: 15 * time.Second,
			fails: []string{"already running", "import", "<region>/<sdk_app_id>/<task_id>", taskExist},
		},
	})
}
