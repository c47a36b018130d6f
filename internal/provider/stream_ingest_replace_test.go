package provider_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccReplace replaces a task in the same room with the same user, while the
// old one still exists for some seconds.
func TestAccReplace(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = 10 * time.Second })
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: world.Config(t, nil),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
		}),
		world.Step(t, acctest.Apply{
			Config: world.Config(t, acctest.Arguments{"seek_second": "60"}),
			Action: plancheck.ResourceActionDestroyBeforeCreate,
			Calls:  []string{acctest.Stop, acctest.Start},
			Plan: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("task_id")),
				plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("status")),
				plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("id")),
			},
			State: map[string]knownvalue.Check{"seek_second": acctest.Whole(60), "status": acctest.Text("InProgress")},
		}),
	)
}

// TestReplaceNeedsTicket checks that a plan that replaces a task reports a
// missing ticket.
func TestReplaceNeedsTicket(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Created(t, world.Values(t, nil))
	forgotten := world.Values(t, tfcore.Values{"user_sig": nil})
	acctest.ExpectApply(t, session, forgotten, tfcore.Update)
	world.ExpectJournal(t, acctest.Describe)
	plan := session.Plan(t.Context(), forgotten.With(tfcore.Values{"room_id": "1002"}))
	acctest.ExpectError(t, plan.Diagnostics, "user_sig_wo", "starts a task")
	plan = session.Plan(t.Context(), forgotten.With(tfcore.Values{"room_id": "1002", "user_sig_wo": tfcore.Unknown}))
	if plan.Diagnostics.HasErrors() || plan.Action != tfcore.Replace {
		t.Errorf("plan = %s; diagnostics: %s; a ticket that is not known yet counts", plan, plan.Diagnostics)
	}
	world.ExpectJournal(t)
}

// TestReplaceNeedsTicket_Imported checks that -replace of an import that is not
// adopted yet reports a missing ticket: its state does not have the stream, so only
// the mark of the first plan shows that the second one replaces a task.
func TestReplaceNeedsTicket_Imported(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := imported(t, world)
	plan := session.PlanReplace(t.Context(), world.Values(t, tfcore.Values{"user_sig": nil}))
	acctest.ExpectError(t, plan.Diagnostics, "user_sig_wo", "starts a task", "terraform destroy -refresh=false")
}

// TestReplaceStartFails checks that when the old task was stopped and the new one
// cannot be started, state is empty and the next apply creates.
func TestReplaceStartFails(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, nil)
	session := world.Created(t, config)
	moved := config.With(tfcore.Values{"room_id": "1002"})
	world.Inject(t, acctest.RejectNext(acctest.Start, "FailedOperation.RestrictedConcurrency"))
	_, diags := session.ApplyConfig(t.Context(), moved)
	acctest.ExpectError(t, diags, "", "RestrictedConcurrency", "quota")
	acctest.ExpectState(t, session, nil)
	if alive := world.Mock.Alive(); len(alive) > 0 {
		t.Errorf("still running: %v", alive)
	}
	acctest.ExpectApply(t, session, moved, tfcore.Create)
}

// TestReplaceNotStopped checks that the new task is not started when the old
// one does not end.
func TestReplaceNotStopped(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = time.Hour })
	config := world.Values(t, nil)
	session := world.Created(t, config)
	before := session.State()
	_, diags := session.ApplyConfig(t.Context(), config.With(tfcore.Values{"room_id": "1002"}))
	acctest.ExpectError(t, diags, "", "still running")
	acctest.ExpectState(t, session, before)
	if calls := strings.Join(world.ChangingCalls(), " "); calls != acctest.Stop {
		t.Errorf("calls = %s", calls)
	}
}

// TestAccCreateBeforeDestroy checks that with the same room and user the error
// names create_before_destroy, and that in another room both tasks run for a
// moment.
func TestAccCreateBeforeDestroy(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	withLifecycle := func(changes acctest.Arguments) string {
		block := world.StreamIngest(t, changes)
		return world.ProviderBlock() + strings.TrimSuffix(block, "}\n") + "  lifecycle { create_before_destroy = true }\n}\n"
	}
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: withLifecycle(nil),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
		}),
		resource.TestStep{
			Config:      withLifecycle(acctest.Arguments{"seek_second": "5"}),
			ExpectError: regexp.MustCompile(`(?s)A stream ingest is already running.*create_before_destroy`),
		},
		world.Step(t, acctest.Apply{
			Before: world.Mock.ResetJournal,
			Config: withLifecycle(acctest.Arguments{"room_id": `"1002"`}),
			Action: plancheck.ResourceActionCreateBeforeDestroy,
			Calls:  []string{acctest.Start, acctest.Stop},
			State:  map[string]knownvalue.Check{"room_id": acctest.Text("1002")},
		}),
	)
}
