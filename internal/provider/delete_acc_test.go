package provider_test

import (
	"slices"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// destroy destroys without a refresh before it.
func destroy(t *testing.T, session *tfcore.Session) tfcore.Diagnostics {
	t.Helper()
	return session.Apply(t.Context(), session.PlanDestroy(t.Context()))
}

// TestAccDeleteMeetsGone: a task that ended before is as good as stopped, by
// either code.
func TestAccDeleteMeetsGone(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"FailedOperation.TaskFinished", "FailedOperation.TaskNotExist"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, nil))
			world.FinishAll()
			world.Inject(t, acctest.Answer(acctest.Stop, code))
			if said := destroy(t, session); len(said) > 0 {
				t.Error(said)
			}
			acctest.ExpectState(t, session, nil)
			world.ExpectJournal(t, acctest.Stop+":"+code, acctest.Describe)
		})
	}
}

// TestAccDeleteWaits: Stop is sent once, and the destroy is over when the
// service says that the task is gone.
func TestAccDeleteWaits(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = 9 * time.Second })
	session := world.Created(t, world.Values(t, nil))
	if said := destroy(t, session); len(said) > 0 {
		t.Error(said)
	}
	if alive := world.Mock.Alive(); len(alive) > 0 {
		t.Errorf("still running: %v", alive)
	}
	// Looked at after 0, 1, 3, 7 and 12 seconds.
	world.ExpectJournal(t, acctest.Stop, acctest.Describe, acctest.Describe, acctest.Describe, acctest.Describe, acctest.Describe)
}

// TestAccDeleteTimesOut: a task that does not end stays in the state, and the
// next destroy goes on with it.
func TestAccDeleteTimesOut(t *testing.T) {
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
	if said := destroy(t, session); len(said) > 0 {
		t.Error(said)
	}
	acctest.ExpectState(t, session, nil)
}

// TestAccDeleteFails: only the service's word ends a task; and a status that
// cannot be read for a while is no reason to give up.
func TestAccDeleteFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault trtcmock.Fault
		// mention is empty when the destroy must succeed.
		mention string
		// stops is how often Stop must be sent.
		stops int
	}{
		"stop refused":           {acctest.AnswerAlways(acctest.Stop, "UnauthorizedOperation"), "UnauthorizedOperation", 1},
		"stop fails for a while": {acctest.Answer(acctest.Stop, "InternalError"), "", 2},
		"stop's answer lost":     {acctest.Break(acctest.Stop, trtcmock.FaultDropAfter), "", 2},
		"status not readable":    {acctest.Answer(acctest.Describe, "FailedOperation.QueryTaskInfoFailed"), "", 1},
		"status never readable":  {acctest.AnswerAlways(acctest.Describe, "FailedOperation.QueryTaskInfoFailed"), "timeouts.delete", 1},
		"status refused":         {acctest.AnswerAlways(acctest.Describe, "AuthFailure.TokenFailure"), "AuthFailure.TokenFailure", 1},
		"connections break":      {trtcmock.Fault{Action: acctest.Describe, Kind: trtcmock.FaultDropBefore, Times: -1}, "No readable answer", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, nil))
			before := session.State()
			world.Inject(t, test.fault)
			said := destroy(t, session)
			if test.mention == "" {
				before = nil
				if said.HasErrors() {
					t.Error(said)
				}
			} else {
				acctest.ExpectError(t, said, "", test.mention)
			}
			acctest.ExpectState(t, session, before)
			stops := slices.DeleteFunc(world.Mock.Journal(), func(call trtcmock.Call) bool { return call.Action != acctest.Stop })
			if len(stops) != test.stops {
				t.Errorf("stopped %d times, want %d", len(stops), test.stops)
			}
		})
	}
}

// TestAccDeleteNeedsNoTicket: nothing is planned to start, so none is asked
// for, not even when the plan is made under a CLI that keeps none.
func TestAccDeleteNeedsNoTicket(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Created(t, world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": world.UserSig(t, acctest.UserID)}))
	if said := session.Destroy(t.Context()); len(said) > 0 {
		t.Error(said)
	}
	world.ExpectJournal(t, acctest.Describe, acctest.Stop, acctest.Describe)
}
