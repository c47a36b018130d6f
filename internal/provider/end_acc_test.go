package provider_test

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestAccEndRecreate: a task that ended leaves the state, so the next plan
// starts a new one.
func TestAccEndRecreate(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	apply := acctest.Apply{
		Config: world.Config(t, nil),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
		State:  map[string]knownvalue.Check{"status": acctest.Text("InProgress")},
	}
	again := apply
	again.Before = world.FinishAll
	again.Plan = []plancheck.PlanCheck{plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("task_id"))}
	world.Run(t, world.Step(t, apply), world.Step(t, again))
}

// TestAccEndKeep: a task that ended stays, quietly, until a change that would
// have to be sent to it replaces it.
func TestAccEndKeep(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	keep := acctest.Arguments{"on_task_end": `"keep"`}
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: world.Config(t, keep),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
		}),
		world.Step(t, acctest.Apply{
			Before: world.FinishAll,
			Config: world.Config(t, keep),
			Action: plancheck.ResourceActionNoop,
			Plan:   []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			State:  map[string]knownvalue.Check{"on_task_end": acctest.Text("keep"), "status": acctest.Text("NotExist")},
		}),
		world.Step(t, acctest.Apply{
			Config: world.Config(t, merge(keep, acctest.Arguments{"volume": "20"})),
			Action: plancheck.ResourceActionDestroyBeforeCreate,
			Calls:  []string{acctest.Stop + ":FailedOperation.TaskFinished", acctest.Start},
			State:  map[string]knownvalue.Check{"status": acctest.Text("InProgress"), "volume": acctest.Whole(20)},
		}),
	)
}

// TestAccEndKeepChanges: which changes replace a task that ended and was kept,
// and which only change the state.
func TestAccEndKeepChanges(t *testing.T) {
	t.Parallel()
	const finished = acctest.Stop + ":FailedOperation.TaskFinished"
	again := []string{finished, acctest.Describe, acctest.Start, acctest.Describe}
	for name, test := range map[string]struct {
		change tfcore.Values
		action tfcore.Action
		calls  []string
		status string
	}{
		"volume":     {tfcore.Values{"volume": 20}, tfcore.Replace, again, "InProgress"},
		"stream_url": {tfcore.Values{"stream_url": "https://example.com/2"}, tfcore.Replace, again, "InProgress"},
		"paused":     {tfcore.Values{"paused": true}, tfcore.Replace, append(again[:4:4], acctest.Update), "InProgress"},
		"room_id":    {tfcore.Values{"room_id": "1002"}, tfcore.Replace, again, "InProgress"},
		"recreate":   {tfcore.Values{"on_task_end": "recreate"}, tfcore.Replace, again, "InProgress"},
		"user_sig":   {tfcore.Values{"user_sig": "another"}, tfcore.Update, nil, "NotExist"},
		"timeouts":   {tfcore.Values{"timeouts": tfcore.Values{"read": "5s"}}, tfcore.Update, nil, "NotExist"},
		"nothing":    {nil, tfcore.NoOp, nil, "NotExist"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, tfcore.Values{"on_task_end": "keep"})
			session := world.Created(t, config)
			world.FinishAll()
			if said := session.Refresh(t.Context()); len(said) > 0 {
				t.Fatal(said)
			}
			world.Mock.ResetJournal()
			changed := config.With(test.change)
			plan := session.Plan(t.Context(), changed)
			if plan.Diagnostics.HasErrors() || plan.Action != test.action {
				t.Fatalf("plan = %s, want to %s; said %s", plan, test.action, plan.Diagnostics)
			}
			if said := session.Apply(t.Context(), plan); said.HasErrors() {
				t.Fatal(said)
			}
			world.ExpectJournal(t, test.calls...)
			acctest.ExpectAttributes(t, session, tfcore.Values{"status": test.status})
			acctest.ExpectSettled(t, session, changed)
		})
	}
}

// TestAccEndKeepNeedsTicket: replacing an ended task starts one.
func TestAccEndKeepNeedsTicket(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, tfcore.Values{"on_task_end": "keep"})
	session := world.Created(t, config)
	world.FinishAll()
	if said := session.Refresh(t.Context()); len(said) > 0 {
		t.Fatal(said)
	}
	plan := session.Plan(t.Context(), config.With(tfcore.Values{"user_sig": nil, "volume": 1}))
	acctest.ExpectError(t, plan.Diagnostics, "user_sig_wo", "starts a task")
}

func merge(all ...acctest.Arguments) acctest.Arguments {
	merged := acctest.Arguments{}
	for _, arguments := range all {
		maps.Copy(merged, arguments)
	}
	return merged
}
