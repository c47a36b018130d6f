package tfcore_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

type (
	planner = func(*tfprotov6.PlanResourceChangeRequest, map[string]tftypes.Value) *tfprotov6.PlanResourceChangeResponse
	applier = func(map[string]tftypes.Value) (map[string]tftypes.Value, []*tfprotov6.Diagnostic)
)

// planning is a planner that sets one attribute.
func planning(name string, value any) planner {
	return func(_ *tfprotov6.PlanResourceChangeRequest, proposed map[string]tftypes.Value) *tfprotov6.PlanResourceChangeResponse {
		proposed[name] = text(value)
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: closed(proposed)}
	}
}

// applying is an applier that sets one attribute.
func applying(name string, value any) applier {
	return func(planned map[string]tftypes.Value) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
		planned[name] = text(value)
		return planned, nil
	}
}

func TestApplyConfig_BrokenContracts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		server fake
		want   string
	}{
		"configured value not planned":      {fake{plan: planning("name", "other")}, "Provider produced invalid plan"},
		"write-only value planned":          {fake{plan: planning("secret", "x")}, "Provider produced invalid plan"},
		"planned value not applied":         {fake{plan: planning("id", "promised"), apply: applying("id", "else")}, "Provider produced inconsistent result after apply"},
		"unknown after apply":               {fake{apply: applying("id", tftypes.UnknownValue)}, "Provider returned invalid result object after apply"},
		"write-only value stored":           {fake{apply: applying("secret", "x")}, "Write-only attribute set"},
		"nothing returned, and no error":    {fake{apply: func(map[string]tftypes.Value) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) { return nil, nil }}, "Provider produced inconsistent result after apply"},
		"second plan contradicts the first": {fake{plan: changing()}, "Provider produced inconsistent final plan"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := start(t, &test.server).ApplyConfig(t.Context(), tfcore.Values{"name": "n", "secret": "x"})
			if len(diags.Bugs().Mentioning(test.want)) == 0 {
				t.Errorf("diagnostics %s, want the bug %q", diags, test.want)
			}
		})
	}
}

// inPlace is a planner that requires no replacement.
func inPlace(_ *tfprotov6.PlanResourceChangeRequest, proposed map[string]tftypes.Value) *tfprotov6.PlanResourceChangeResponse {
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: closed(proposed)}
}

// changing plans another id each time.
func changing() planner {
	round := 0
	return func(_ *tfprotov6.PlanResourceChangeRequest, proposed map[string]tftypes.Value) *tfprotov6.PlanResourceChangeResponse {
		round++
		proposed["id"] = text(string(rune('a' + round)))
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: closed(proposed)}
	}
}

func TestValidate_TestErrors(t *testing.T) {
	t.Parallel()
	session := start(t, &fake{})
	for name, config := range map[string]tfcore.Values{
		"no such attribute": {"label": "n"},
		"wrong type":        {"name": 1},
	} {
		if diags := session.Validate(t.Context(), config); len(diags.Bugs()) != 1 {
			t.Errorf("%s: diagnostics %s", name, diags)
		}
	}
	if diags := session.Apply(t.Context(), tfcore.Plan{}); len(diags.Bugs()) != 1 {
		t.Errorf("an apply of nothing: diagnostics %s", diags)
	}
}

func TestApply_ValuesKnownLater(t *testing.T) {
	t.Parallel()
	session := start(t, &fake{})
	plan := session.Plan(t.Context(), tfcore.Values{"name": tfcore.Unknown})
	plan.Config = tfcore.Values{"name": "known"}
	if diags := session.Apply(t.Context(), plan); diags.HasErrors() {
		t.Fatal(diags)
	}
	if got := session.State()["name"]; got != "known" {
		t.Errorf("name = %v", got)
	}
}
