package provider_test

import (
	"slices"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// destroy destroys without a refresh.
func destroy(t *testing.T, session *tfcore.Session) tfcore.Diagnostics {
	t.Helper()
	return session.Apply(t.Context(), session.PlanDestroy(t.Context()))
}

// TestDeleteOfEndedTask checks that both codes for an ended task count as
// stopped.
func TestDeleteOfEndedTask(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"FailedOperation.TaskFinished", "FailedOperation.TaskNotExist"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, nil))
			world.FinishAll()
			world.Inject(t, acctest.RejectNext(acctest.Stop, code))
			if diags := destroy(t, session); len(diags) > 0 {
				t.Error(diags)
			}
			acctest.ExpectState(t, session, nil)
			world.ExpectJournal(t, acctest.Stop+":"+code, acctest.Describe)
		})
	}
}

// TestDeleteWaits checks that Stop is sent once, and that destroy ends when the
// service reports that the task is gone.
func TestDeleteWaits(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = 9 * time.Second })
	session := world.Created(t, world.Values(t, nil))
	if diags := destroy(t, session); len(diags) > 0 {
		t.Error(diags)
	}
	if alive := world.Mock.Alive(); len(alive) > 0 {
		t.Errorf("still running: %v", alive)
	}
	// Read after 0, 1, 3, 7 and 12 seconds.
	world.ExpectJournal(t, acctest.Stop, acctest.Describe, acctest.Describe, acctest.Describe, acctest.Describe, acctest.Describe)
}

// TestDeleteTimesOut checks that a task that does not end stays in state, and
// that the next destroy continues.
func TestDeleteTimesOut(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = time.Hour })
	session := world.Created(t, world.Values(t, tfcore.Values{"timeouts": tfcore.Values{"delete": "20s"}}))
	before, began := session.State(), world.Clock.Now()
	acctest.ExpectError(t, destroy(t, session), "", "still running", "timeouts.delete")
	if took := world.Clock.Now().Sub(began); took < 19*time.Second || took > 25*time.Second {
		t.Errorf("waited for %s, want the 20 s of timeouts.delete", took)
	}
	acctest.ExpectState(t, session, before)

	world.Clock.Advance(time.Hour)
	if diags := destroy(t, session); len(diags) > 0 {
		t.Error(diags)
	}
	acctest.ExpectState(t, session, nil)
}

// TestDeleteFails checks that destroy succeeds only when the service reports
// that the task is gone, and that it tolerates a status that cannot be read for
// a while.
func TestDeleteFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault trtcmock.Fault
		// mention is empty when the destroy must succeed.
		mention string
		// stops is how often Stop is sent.
		stops int
	}{
		"stop refused":           {acctest.RejectAll(acctest.Stop, "UnauthorizedOperation"), "UnauthorizedOperation", 1},
		"stop fails for a while": {acctest.RejectNext(acctest.Stop, "InternalError"), "", 2},
		"stop's answer lost":     {acctest.FailNext(acctest.Stop, trtcmock.FaultDropAfter), "", 2},
		"status not readable":    {acctest.RejectNext(acctest.Describe, "FailedOperation.QueryTaskInfoFailed"), "", 1},
		"status never readable":  {acctest.RejectAll(acctest.Describe, "FailedOperation.QueryTaskInfoFailed"), "timeouts.delete", 1},
		"status refused":         {acctest.RejectAll(acctest.Describe, "AuthFailure.TokenFailure"), "AuthFailure.TokenFailure", 1},
		"connections break":      {trtcmock.Fault{Action: acctest.Describe, Kind: trtcmock.FaultDropBefore, Times: -1}, "Unexpected response", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, nil))
			before := session.State()
			world.Inject(t, test.fault)
			diags := destroy(t, session)
			if test.mention == "" {
				before = nil
				if diags.HasErrors() {
					t.Error(diags)
				}
			} else {
				acctest.ExpectError(t, diags, "", test.mention)
			}
			acctest.ExpectState(t, session, before)
			stops := slices.DeleteFunc(world.Mock.Journal(), func(call trtcmock.Call) bool { return call.Action != acctest.Stop })
			if len(stops) != test.stops {
				t.Errorf("stopped %d times, want %d", len(stops), test.stops)
			}
		})
	}
}

// TestDeleteNeedsNoTicket checks that destroy requires no ticket, also with
// CLIs that do not store write-only values.
func TestDeleteNeedsNoTicket(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Created(t, world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": world.UserSig(t, acctest.UserID)}))
	session.Serve(world.Provider(t, nil)) // The next run.
	if diags := session.Destroy(t.Context()); len(diags) > 0 {
		t.Error(diags)
	}
	world.ExpectJournal(t, acctest.Describe, acctest.Stop, acctest.Describe)
}
