package provider_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// losingFault lists faults after which the outcome of a start is unknown.
type losingFault struct {
	fault trtcmock.Fault
	// sent is how often the start is sent.
	sent int
	// named is true when an answer with a RequestId was read.
	named bool
}

func losingFaults() map[string]losingFault {
	silent := func(kind string) losingFault {
		return losingFault{fault: acctest.FailNext(acctest.Start, kind), sent: 1}
	}
	answered := func(kind, code string, times, sent int) losingFault {
		return losingFault{fault: trtcmock.Fault{Action: acctest.Start, Kind: kind, Code: code, Times: times}, sent: sent, named: true}
	}
	faults := map[string]losingFault{
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

// TestLostStartIsAnnounced checks that after every such fault the error says
// where a task may be running, since when, what it costs and what to do, and
// that the start is not sent again.
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
			_, diags := session.ApplyConfig(t.Context(), world.Values(t, tfcore.Values{
				"room_id": "the lobby", "room_id_type": 0, "repeat_num": -1, "max_duration": 45,
			}))
			acctest.ExpectError(t, diags, "", "may have started", "no response was received",
				"room the lobby of application 1400000001 as user robot-1, region ap-singapore", "2026-03-01T13:23:00Z",
				"billed", "ingest event callback 701 (EventGroupId 7)", "terraform import ADDRESS 'ap-singapore/1400000001/<TaskId>'",
				"max_duration, 45 minutes")
			acctest.ExpectState(t, session, nil)
			expectRequestID(t, world, diags, test.named)
			if sent := len(world.Calls()); sent != test.sent {
				t.Errorf("sent %d times, want %d: %v", sent, test.sent, world.Calls())
			}
		})
	}
}

// expectRequestID checks that the error contains the RequestId if there is one.
func expectRequestID(t *testing.T, world *acctest.World, diags tfcore.Diagnostics, named bool) {
	t.Helper()
	if !named {
		if text := diags.String(); strings.Contains(text, "RequestId") {
			t.Errorf("%s names a RequestId that was not received", text)
		}
		return
	}
	calls := world.Mock.Journal()
	for _, call := range calls {
		if len(diags.Mentioning("\nRequestId: "+call.RequestID)) > 0 {
			if len(diags.Mentioning("\nCode: ")) == 0 {
				t.Errorf("%s does not name the code", diags)
			}
			return
		}
	}
	t.Errorf("%s names none of the RequestIds of %v", diags, calls)
}

// TestLostStartIsFoundAgain checks that the possibly running task blocks the
// next apply, whose error leads to a successful import.
func TestLostStartIsFoundAgain(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.FailNext(acctest.Start, trtcmock.FaultDropAfter))
	session, config := world.Session(t), world.Values(t, nil)
	session.ApplyConfig(t.Context(), config)
	session.Serve(world.Provider(t, nil))
	_, diags := session.ApplyConfig(t.Context(), config)
	acctest.ExpectError(t, diags, "", "FailedOperation.TaskExist", "import it", "event callback 701")

	task := world.Mock.Alive()[0]
	if diags := session.Import(t.Context(), acctest.Region+"/1400000001/"+task.ID); diags.HasErrors() {
		t.Fatal(diags)
	}
	acctest.ExpectApply(t, session, config, tfcore.Update)
	acctest.ExpectSettled(t, session, config)
	if alive := world.Mock.Alive(); len(alive) != 1 || alive[0].ID != task.ID {
		t.Errorf("alive: %v, want the announced task alone", alive)
	}
}

// TestSharedQuota checks that two concurrent runs that share one rate limit
// both finish. It uses the system clock: with a fake clock every waiter would
// advance it for all.
func TestSharedQuota(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const (
		// Each run assumes ten times the rate that the service allows, as if
		// many others were active.
		allowed, believed = 10, 100
		resources         = 20
	)
	world := acctest.NewWorld(t, anyTicket, func(options *trtcmock.Options) {
		options.RequestsPerSecond, options.Now = allowed, clock.System().Now
	})
	world.Options.Clock = clock.System()
	var running sync.WaitGroup
	for run := range 2 {
		below := world.Provider(t, tfcore.Values{"requests_per_second": believed})
		for number := range resources {
			session := acctest.SessionOf(t, below)
			config := world.Values(t, tfcore.Values{"room_id": strconv.Itoa(1000*(run+1) + number), "user_sig": "a-ticket"})
			running.Go(func() {
				if _, diags := session.ApplyConfig(t.Context(), config); diags.HasErrors() {
					t.Error(diags)
				}
			})
		}
	}
	running.Wait()
	accepted, refused, busiest := countCalls(world.Mock.Journal())
	t.Logf("%d calls accepted, %d refused, at most %d accepted in one second", accepted, refused, busiest)
	if refused == 0 {
		t.Error("nothing was refused: the runs did not share the rate")
	}
	if refused > 3*accepted {
		t.Errorf("%d calls refused, and %d accepted: the runs do not give way", refused, accepted)
	}
	if alive := world.Mock.Alive(); len(alive) != 2*resources {
		t.Errorf("%d tasks run, want %d", len(alive), 2*resources)
	}
}

// countCalls counts calls, and returns the maximum of accepted starts in one
// second.
func countCalls(calls []trtcmock.Call) (accepted, refused, busiest int) {
	perSecond := map[int64]int{}
	for _, call := range calls {
		if call.Code != "" {
			refused++
			continue
		}
		accepted++
		if call.Action == acctest.Start {
			perSecond[call.Time.Unix()]++
			busiest = max(busiest, perSecond[call.Time.Unix()])
		}
	}
	return accepted, refused, busiest
}
