package acctest

import (
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
)

// TestUnchanged checks that every entry of a plan is a change, except an opened
// ephemeral resource.
func TestUnchanged(t *testing.T) {
	t.Parallel()
	resource := func(mode tfjson.ResourceMode, actions ...tfjson.Action) *tfjson.Plan {
		change := &tfjson.ResourceChange{Address: "x.y", Mode: mode, Change: &tfjson.Change{Actions: actions}}
		return &tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{change}}
	}
	output := func(action tfjson.Action) *tfjson.Plan {
		return &tfjson.Plan{OutputChanges: map[string]*tfjson.Change{"x": {Actions: tfjson.Actions{action}}}}
	}
	for name, test := range map[string]struct {
		plan    *tfjson.Plan
		changes bool
	}{
		"empty":              {&tfjson.Plan{}, false},
		"nothing to do":      {resource(tfjson.ManagedResourceMode, tfjson.ActionNoop), false},
		"opened":             {resource("ephemeral", "open"), false},
		"updated":            {resource(tfjson.ManagedResourceMode, tfjson.ActionUpdate), true},
		"replaced":           {resource(tfjson.ManagedResourceMode, tfjson.ActionDelete, tfjson.ActionCreate), true},
		"read":               {resource(tfjson.DataResourceMode, tfjson.ActionRead), true},
		"a resource opened":  {resource(tfjson.ManagedResourceMode, "open"), true},
		"opened and more":    {resource("ephemeral", "open", tfjson.ActionUpdate), true},
		"ephemeral, created": {resource("ephemeral", tfjson.ActionCreate), true},
		"same output":        {output(tfjson.ActionNoop), false},
		"other output":       {output(tfjson.ActionUpdate), true},
	} {
		var response plancheck.CheckPlanResponse
		unchanged{}.CheckPlan(t.Context(), plancheck.CheckPlanRequest{Plan: test.plan}, &response)
		if changes := response.Error != nil; changes != test.changes {
			t.Errorf("%s: a change: %t, want %t (%v)", name, changes, test.changes, response.Error)
		}
	}
}
