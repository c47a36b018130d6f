package acctest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
)

// withOpenings makes steps fit a CLI whose plans list the ephemeral resources
// that they open. The test framework takes those for changes, although the CLI
// and its exit code say that there are none; so the empty plan that it insists
// on after a step is insisted on here.
func withOpenings(t testing.TB, steps []resource.TestStep) []resource.TestStep {
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

// opens tells whether plans follow a step that open an ephemeral resource.
func opens(step resource.TestStep) bool {
	return step.ExpectError == nil && regexp.MustCompile(`(?m)^ephemeral "`).MatchString(step.Config)
}

// unchanged checks that a plan changes nothing. To open an ephemeral resource
// is no change.
type unchanged struct{}

// CheckPlan looks at resources and outputs.
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
