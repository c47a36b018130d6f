package acctest

import (
	"context"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// Run runs steps with the real CLI against the world's providers. In the end
// everything is destroyed, and no task may be left.
func (w *World) Run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	w.RunWith(t, nil, steps...)
}

// RunWith is Run with further providers.
func (w *World) RunWith(t *testing.T, further map[string]func() (tfprotov6.ProviderServer, error), steps ...resource.TestStep) {
	t.Helper()
	providers := w.Factories()
	maps.Copy(providers, further)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             w.ExpectNothingRuns(t),
		Steps:                    withOpenings(t, steps),
	})
}

// Apply is one terraform apply, what it must plan for Address, what it must
// call, and what state it must leave. The plan after it must be empty.
type Apply struct {
	// Config is the whole configuration.
	Config string
	// Action is what must be planned.
	Action plancheck.ResourceActionType
	// Calls are the calls that change something, in order; none when empty.
	Calls []string
	// State holds attributes that the state must have.
	State map[string]knownvalue.Check
	// Before runs before the step, After when it was applied and the journal has
	// its calls.
	Before, After func()
	// Plan holds further checks of the plan.
	Plan []plancheck.PlanCheck
}

// looking is a state check that looks elsewhere. Unlike a step's Check it costs
// no further command.
type looking func()

// CheckState looks.
func (l looking) CheckState(context.Context, statecheck.CheckStateRequest, *statecheck.CheckStateResponse) {
	l()
}

// Step makes a step of a.
func (w *World) Step(t testing.TB, a Apply) resource.TestStep {
	t.Helper()
	step := resource.TestStep{
		Config:    a.Config,
		PreConfig: a.Before,
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply:             append([]plancheck.PlanCheck{plancheck.ExpectResourceAction(Address, a.Action)}, a.Plan...),
			PostApplyPostRefresh: []plancheck.PlanCheck{unchanged{}},
		},
		ConfigStateChecks: []statecheck.StateCheck{looking(func() {
			t.Helper()
			if a.After != nil {
				a.After()
			}
			w.ExpectChanges(t, a.Calls...)
		})},
	}
	for name, check := range a.State {
		step.ConfigStateChecks = append(step.ConfigStateChecks, statecheck.ExpectKnownValue(Address, tfjsonpath.New(name), check))
	}
	return step
}
