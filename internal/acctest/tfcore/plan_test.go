package tfcore_test

import (
	"slices"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

func TestPlan_Replacement(t *testing.T) {
	t.Parallel()
	server := &fake{}
	session := created(t, server)
	server.planned = nil
	plan := session.Plan(t.Context(), tfcore.Values{"name": "new"})
	if plan.Action != tfcore.Replace || !slices.Equal(plan.RequiresReplace, []string{"name"}) {
		t.Fatalf("plan = %s", plan)
	}
	if plan.Planned()["id"] != tfcore.Unknown {
		t.Errorf("planned id = %v, want an unknown one", plan.Planned()["id"])
	}
	if len(server.planned) != 2 || open(server.planned[1].PriorState) != nil {
		t.Fatalf("%d rounds of planning; the second must have a null prior state", len(server.planned))
	}
	if got := string(server.planned[1].PriorPrivate); got != "planned:applied" {
		t.Errorf("private data of the second round = %q, want that of the first", got)
	}
	server.applied = nil
	if diags := session.Apply(t.Context(), plan); diags.HasErrors() {
		t.Fatal(diags)
	}
	if len(server.applied) != 2 || open(server.applied[0].PlannedState) != nil || open(server.applied[1].PriorState) != nil {
		t.Error("a replacement must delete, then create")
	}
	if got := session.State()["name"]; got != "new" {
		t.Errorf("name = %v", got)
	}
}

func TestPlanActions(t *testing.T) {
	t.Parallel()
	same := tfcore.Values{"name": "old"}
	for name, test := range map[string]struct {
		plan func(*tfcore.Session) tfcore.Plan
		want tfcore.Action
	}{
		"nothing to do":    {func(s *tfcore.Session) tfcore.Plan { return s.Plan(t.Context(), same) }, tfcore.NoOp},
		"new object":       {func(s *tfcore.Session) tfcore.Plan { return s.Sibling().Plan(t.Context(), same) }, tfcore.Create},
		"forced":           {func(s *tfcore.Session) tfcore.Plan { return s.PlanReplace(t.Context(), same) }, tfcore.Replace},
		"tainted":          {func(s *tfcore.Session) tfcore.Plan { s.Taint(); return s.Plan(t.Context(), same) }, tfcore.Replace},
		"destroy":          {func(s *tfcore.Session) tfcore.Plan { return s.PlanDestroy(t.Context()) }, tfcore.Delete},
		"destroy of none":  {func(s *tfcore.Session) tfcore.Plan { return s.Sibling().PlanDestroy(t.Context()) }, tfcore.NoOp},
		"invalid argument": {func(s *tfcore.Session) tfcore.Plan { return s.Plan(t.Context(), tfcore.Values{"label": "x"}) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if plan := test.plan(created(t, &fake{})); plan.Action != test.want {
				t.Errorf("planned to %q, want %q; diagnostics %s", plan.Action, test.want, plan.Diagnostics)
			}
		})
	}
}

func TestPlan_ComputedValues(t *testing.T) {
	t.Parallel()
	session := created(t, &fake{plan: inPlace})
	plan, diags := session.ApplyConfig(t.Context(), tfcore.Values{"name": "new"})
	if diags.HasErrors() || plan.Action != tfcore.Update || plan.Planned()["id"] != "made" || session.State()["name"] != "new" {
		t.Errorf("planned to %s, state %v, diagnostics %s", plan, session.State(), diags)
	}
}
