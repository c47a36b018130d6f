package provider_test

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/protocol"
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
		change protocol.Values
		action protocol.Action
		calls  []string
		status string
	}{
		"volume":     {protocol.Values{"volume": 20}, protocol.Replace, again, "InProgress"},
		"stream_url": {protocol.Values{"stream_url": "https://example.com/2"}, protocol.Replace, again, "InProgress"},
		"paused":     {protocol.Values{"paused": true}, protocol.Replace, append(again[:4:4], acctest.Update), "InProgress"},
		"room_id":    {protocol.Values{"room_id": "1002"}, protocol.Replace, again, "InProgress"},
		"recreate":   {protocol.Values{"on_task_end": "recreate"}, protocol.Replace, again, "InProgress"},
		"user_sig":   {protocol.Values{"user_sig": "another"}, protocol.Update, nil, "NotExist"},
		"timeouts":   {protocol.Values{"timeouts": protocol.Values{"read": "5s"}}, protocol.Update, nil, "NotExist"},
		"nothing":    {nil, protocol.NoOp, nil, "NotExist"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, protocol.Values{"on_task_end": "keep"})
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
			acctest.ExpectAttributes(t, session, protocol.Values{"status": test.status})
			acctest.ExpectSettled(t, session, changed)
		})
	}
}

// TestAccEndKeepNeedsTicket: replacing an ended task starts one.
func TestAccEndKeepNeedsTicket(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, protocol.Values{"on_task_end": "keep"})
	session := world.Created(t, config)
	world.FinishAll()
	if said := session.Refresh(t.Context()); len(said) > 0 {
		t.Fatal(said)
	}
	plan := session.Plan(t.Context(), config.With(protocol.Values{"user_sig": nil, "volume": 1}))
	acctest.ExpectError(t, plan.Diagnostics, "user_sig_wo", "starts a task")
}

func merge(all ...acctest.Arguments) acctest.Arguments {
	merged := acctest.Arguments{}
	for _, arguments := range all {
		maps.Copy(merged, arguments)
	}
	return merged
}
