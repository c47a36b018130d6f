package acctest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/tfserver"
)

// Run runs steps with the real CLI and the world's providers. At the end, it
// destroys all resources and checks that no task runs.
func (w *World) Run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"trtc": func() (tfprotov6.ProviderServer, error) { return tfserver.New(provider.New(w.Options)()), nil },
		},
		CheckDestroy: func(*terraform.State) error {
			w.ExpectRunning(t, 0)
			return nil
		},
		Steps: allowOpenings(t, steps),
	})
}

// Apply is one terraform apply: the planned action for Address, the calls and
// the state after it. The next plan must be empty.
type Apply struct {
	// Config is the whole configuration.
	Config string
	// Action is the planned action.
	Action plancheck.ResourceActionType
	// Calls are the calls without Describe, in order.
	Calls []string
	// State has attributes that the state must have.
	State map[string]knownvalue.Check
	// Before runs before the step. After runs after the apply, before Calls are
	// checked.
	Before, After func()
	// Plan has additional checks of the plan.
	Plan []plancheck.PlanCheck
}

// stateCheckFunc is a state check that ignores the state. Unlike a step's Check,
// it runs no command.
type stateCheckFunc func()

// CheckState calls the function.
func (f stateCheckFunc) CheckState(context.Context, statecheck.CheckStateRequest, *statecheck.CheckStateResponse) {
	f()
}

// Step returns a as a step of the test framework.
func (w *World) Step(t testing.TB, a Apply) resource.TestStep {
	t.Helper()
	step := resource.TestStep{
		Config:    a.Config,
		PreConfig: a.Before,
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply:             append([]plancheck.PlanCheck{plancheck.ExpectResourceAction(Address, a.Action)}, a.Plan...),
			PostApplyPostRefresh: []plancheck.PlanCheck{unchanged{}},
		},
		ConfigStateChecks: []statecheck.StateCheck{stateCheckFunc(func() {
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

// Text returns the check of a known string.
func Text(value string) knownvalue.Check { return knownvalue.StringExact(value) }

// Whole returns the check of a known whole number.
func Whole(value int64) knownvalue.Check { return knownvalue.Int64Exact(value) }

// allowOpenings adapts steps to a CLI whose plans list opened ephemeral
// resources. The test framework treats these as changes, although the CLI and
// its exit code report none, so the empty plan after a step is checked here.
func allowOpenings(t testing.TB, steps []resource.TestStep) []resource.TestStep {
	t.Helper()
	if !slices.ContainsFunc(steps, opens) {
		return steps
	}
	if cli, found := underTest(t); !found || !cli.PlansOpenings() {
		return steps
	}
	adapted := slices.Clone(steps)
	for i, step := range adapted {
		if opens(step) {
			checks := &adapted[i].ConfigPlanChecks
			checks.PostApplyPreRefresh = append(slices.Clone(checks.PostApplyPreRefresh), unchanged{})
			checks.PostApplyPostRefresh = append(slices.Clone(checks.PostApplyPostRefresh), unchanged{})
			adapted[i].ExpectNonEmptyPlan = true
		}
	}
	return adapted
}

// opens reports whether the plans after a step open an ephemeral resource.
func opens(step resource.TestStep) bool {
	return step.ExpectError == nil && regexp.MustCompile(`(?m)^ephemeral "`).MatchString(step.Config)
}

// unchanged checks that a plan has no changes. Opening an ephemeral resource is
// not a change.
type unchanged struct{}

// CheckPlan checks resources and outputs.
func (unchanged) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, planned := range req.Plan.ResourceChanges {
		opened := planned.Mode == "ephemeral" && slices.Equal(planned.Change.Actions, tfjson.Actions{"open"})
		if !opened && !planned.Change.Actions.NoOp() {
			resp.Error = fmt.Errorf("the plan is not empty: %v of %s", planned.Change.Actions, planned.Address)
			return
		}
	}
	for name, planned := range req.Plan.OutputChanges {
		if !planned.Actions.NoOp() {
			resp.Error = fmt.Errorf("the plan is not empty: %v of the output %s", planned.Actions, name)
			return
		}
	}
}
