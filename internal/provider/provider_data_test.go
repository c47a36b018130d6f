package provider_test

import (
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
			world.Inject(t, acctest.Answer(acctest.Stop, code))
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
