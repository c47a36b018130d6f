package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestAccPause: paused from the start, resumed, and paused later.
func TestAccPause(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	apply := func(paused string, action plancheck.ResourceActionType, calls ...string) resource.TestStep {
		return world.Step(t, acctest.Apply{
			Config: world.Config(t, acctest.Arguments{"paused": paused}),
			Action: action,
			Calls:  calls,
			State: map[string]knownvalue.Check{
				"paused": knownvalue.Bool(paused == "true"), "status": acctest.Text("InProgress"),
			},
			After: func() {
				if tasks := world.Mock.Alive(); len(tasks) != 1 || tasks[0].Paused != (paused == "true") {
					t.Errorf("paused = %s, but the service has %v", paused, tasks)
				}
			},
		})
	}
	world.Run(t,
		apply("true", plancheck.ResourceActionCreate, acctest.Start, acctest.Update),
		apply("false", plancheck.ResourceActionUpdate, acctest.Update),
		apply("true", plancheck.ResourceActionUpdate, acctest.Update),
	)
}

// TestAccPauseAtCreate counts the calls: Start, its confirmation, then the
// pause.
func TestAccPauseAtCreate(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, tfcore.Values{"paused": true, "volume": 30})
	session := world.Session(t)
	said := acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectWarning(t, said.On("paused"), "billed")
	call := world.LastCall(t, acctest.Update)
	if call.Volume == nil || *call.Volume != 30 || call.StreamURL != "" {
		t.Errorf("the pause sent volume %v and URL %q", call.Volume, call.StreamURL)
	}
	world.ExpectJournal(t, acctest.Start, acctest.Describe, acctest.Update)
	acctest.ExpectSettled(t, session, config)
}

// TestAccPauseFails: the task was started, so it stays in the state, tainted as
// Terraform does with everything that was made half.
func TestAccPauseFails(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, tfcore.Values{"paused": true})
	session := world.Session(t)
	world.Inject(t, acctest.Answer(acctest.Update, "UnauthorizedOperation"))
	_, said := session.ApplyConfig(t.Context(), config)
	acctest.ExpectError(t, said, "", "pause the stream ingest that was just started", "UnauthorizedOperation")
	running := world.Mock.Alive()
	if len(running) != 1 || session.State()["task_id"] != running[0].ID || !session.Tainted() {
		t.Fatalf("running %v, state %v, tainted %t", running, session.State(), session.Tainted())
	}
	world.ExpectJournal(t, acctest.Start, acctest.Describe, acctest.Update+":UnauthorizedOperation")

	acctest.ExpectApply(t, session, config, tfcore.Replace)
	world.ExpectJournal(t, acctest.Describe, acctest.Stop, acctest.Describe, acctest.Start, acctest.Describe, acctest.Update)
	acctest.ExpectSettled(t, session, config)
}
