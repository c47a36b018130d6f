package provider_test

import (
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// losing are the faults that leave a start in the dark.
type losing struct {
	fault trtcmock.Fault
	// sent is how often the start goes out.
	sent int
	// named tells whether an answer with a RequestId was read.
	named bool
}

func losingFaults() map[string]losing {
	silent := func(kind string) losing {
		return losing{fault: acctest.Break(acctest.Start, kind), sent: 1}
	}
	answered := func(kind, code string, times, sent int) losing {
		return losing{fault: trtcmock.Fault{Action: acctest.Start, Kind: kind, Code: code, Times: times}, sent: sent, named: true}
	}
	faults := map[string]losing{
		"delay": {fault: trtcmock.Fault{Action: acctest.Start, Kind: trtcmock.FaultDelay, Delay: trtcmock.Duration(time.Minute)}, sent: 1},

		"internal error each time":       answered(trtcmock.FaultCode, "InternalError", 4, 4),
		"database error each time":       answered(trtcmock.FaultCode, "InternalError.DBError", 4, 4),
		"internal error, but it ran":     answered(trtcmock.FaultCodeAfter, "InternalError.HttpParseFailed", 1, 2),
		"service unavailable":            answered(trtcmock.FaultCode, "ServiceUnavailable", 1, 1),
		"service unavailable, but ran":   answered(trtcmock.FaultCodeAfter, "ServiceUnavailable", 1, 1),
		"resource unavailable, but ran":  answered(trtcmock.FaultCodeAfter, "ResourceUnavailable", 1, 1),
		"unknown error of a known sort":  answered(trtcmock.FaultCode, "InternalError.SomethingNew", 4, 4),
		"unavailable in an unknown way":  answered(trtcmock.FaultCode, "ServiceUnavailable.SomethingNew", 1, 1),
		"resource unavailable, not here": answered(trtcmock.FaultCode, "ResourceUnavailable.SomethingNew", 1, 1),
	}
	for _, kind := range trtcmock.FaultKinds() {
		switch kind {
		case trtcmock.FaultCode, trtcmock.FaultCodeAfter, trtcmock.FaultDelay:
		default:
			faults[kind] = silent(kind)
		}
	}
	return faults
}

// TestLostStartIsAnnounced: whatever lost the answer, the error says where a
// task may run, since when, what it costs and what to do, and the start is not
// sent again on a guess.
func TestLostStartIsAnnounced(t *testing.T) {
	t.Parallel()
	for name, test := range losingFaults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Options.AttemptTimeout = time.Second / 4
			world.Inject(t, test.fault)
			world.Clock.Advance(83 * time.Minute)
			session := world.Session(t)
			_, said := session.ApplyConfig(t.Context(), world.Values(t, tfcore.Values{
				"room_id": "the lobby", "room_id_type": 0, "repeat_num": -1, "max_duration": 45,
			}))
			acctest.ExpectError(t, said, "", "may have started", "answer was lost",
				"room the lobby of application 1400000001 as user robot-1, region ap-singapore", "2026-03-01T13:23:00Z",
				"billed", "ingest event callback 701 (EventGroupId 7)", "terraform import ADDRESS 'ap-singapore/1400000001/<TaskId>'",
				"max_duration, 45 minutes")
			acctest.ExpectState(t, session, nil)
			expectRequestID(t, world, said, test.named)
			if sent := len(world.Calls()); sent != test.sent {
				t.Errorf("sent %d times, want %d: %v", sent, test.sent, world.Calls())
			}
		})
	}
}

// expectRequestID checks that the error names the answer that support can look
// up, when there is one.
func expectRequestID(t *testing.T, world *acctest.World, said tfcore.Diagnostics, named bool) {
	t.Helper()
	if !named {
		if text := said.String(); strings.Contains(text, "RequestId") {
			t.Errorf("%s names a RequestId that nobody read", text)
		}
		return
	}
	calls := world.Mock.Journal()
	for _, call := range calls {
		if len(said.Mentioning("\nRequestId: "+call.RequestID)) > 0 {
			if len(said.Mentioning("\nCode: ")) == 0 {
				t.Errorf("%s does not name the code", said)
			}
			return
		}
	}
	t.Errorf("%s names none of the RequestIds of %v", said, calls)
}

// TestLostStartWithoutBound: a task that nothing bounds is said to run until it
// ends by itself.
func TestLostStartWithoutBound(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.Break(acctest.Start, trtcmock.FaultDropAfter))
	_, said := world.Session(t).ApplyConfig(t.Context(), world.Values(t, nil))
	acctest.ExpectError(t, said, "", "until it ends on its own")
}

// TestLostStartIsFoundAgain: the task that was announced blocks the next apply,
// whose error leads to the import, after which everything is as it should be.
func TestLostStartIsFoundAgain(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.Break(acctest.Start, trtcmock.FaultDropAfter))
	session, config := world.Session(t), world.Values(t, nil)
	session.ApplyConfig(t.Context(), config)
	_, said := session.ApplyConfig(t.Context(), config)
	acctest.ExpectError(t, said, "", "FailedOperation.TaskExist", "import it", "event callback 701")

	task := world.Mock.Alive()[0]
	if said := session.Import(t.Context(), acctest.Region+"/1400000001/"+task.ID); said.HasErrors() {
		t.Fatal(said)
	}
	acctest.ExpectApply(t, session, config, tfcore.Update)
	acctest.ExpectSettled(t, session, config)
	if alive := world.Mock.Alive(); len(alive) != 1 || alive[0].ID != task.ID {
		t.Errorf("alive: %v, want the announced task alone", alive)
	}
}
