package provider_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// costWarnings returns on which attributes a plan warns about a task that is
// billed without playing.
func costWarnings(plan tfcore.Plan) string {
	var warned []string
	for _, attribute := range []string{"paused", "stream_url"} {
		if len(plan.Diagnostics.Warnings().On(attribute)) > 0 {
			warned = append(warned, attribute)
		}
	}
	return strings.Join(warned, " ")
}

// TestQuietPlans checks that the warnings about a paused task and a missing
// stream appear in the plan that makes it so, and neither in validation nor in
// later plans.
func TestQuietPlans(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Session(t)
	silent := world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": world.UserSig(t, acctest.UserID), "on_task_end": "keep"})
	costly := silent.With(tfcore.Values{"paused": true, "stream_url": nil})
	if diags := session.Validate(t.Context(), costly); len(diags) > 0 {
		t.Errorf("validation diagnostics: %s", diags)
	}
	for _, step := range []struct {
		name   string
		before func()
		config tfcore.Values
		action tfcore.Action
		warned string
	}{
		{"created paused, without a stream", nil, costly, tfcore.Create, "paused stream_url"},
		{"settled", nil, costly, tfcore.NoOp, ""},
		{"another change", nil, costly.With(tfcore.Values{"volume": 3}), tfcore.Update, ""},
		{"resumed, with a stream", nil, silent, tfcore.Update, ""},
		{"paused again", nil, silent.With(tfcore.Values{"paused": true}), tfcore.Update, "paused"},
		{"ended", world.FinishAll, silent.With(tfcore.Values{"paused": true}), tfcore.NoOp, ""},
		{"restarted without a stream", nil, costly, tfcore.Replace, "stream_url"},
	} {
		if step.before != nil {
			step.before()
		}
		if diags := session.Refresh(t.Context()); diags.HasErrors() {
			t.Fatal(diags)
		}
		plan := session.Plan(t.Context(), step.config)
		if plan.Diagnostics.HasErrors() || plan.Action != step.action || costWarnings(plan) != step.warned {
			t.Errorf("%s: planned to %s, diagnostics: %s; want warnings on %q", step.name, plan, plan.Diagnostics, step.warned)
		}
		if diags := session.Apply(t.Context(), plan); diags.HasErrors() {
			t.Fatal(diags)
		}
	}
}

// TestQuietAdoption checks that an import, which does not record whether there is
// a stream, causes no warning about one.
func TestQuietAdoption(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := imported(t, world)
	config := world.Values(t, tfcore.Values{"stream_url": nil})
	if plan := session.Plan(t.Context(), config); plan.Action != tfcore.Update || costWarnings(plan) != "" {
		t.Errorf("planned to %s, diagnostics: %s", plan, plan.Diagnostics)
	}
	if plan := session.Plan(t.Context(), config.With(tfcore.Values{"paused": true})); costWarnings(plan) != "paused" {
		t.Errorf("planned to %s, diagnostics: %s", plan, plan.Diagnostics)
	}
}

// TestAccQuietPlans checks the same with the CLI.
func TestAccQuietPlans(t *testing.T) {
	t.Parallel()
	world := minting(t, nil)
	cli := world.CLI(t)
	cli.Write(t, "main.tf", world.Config(t, acctest.Arguments{"user_sig": "", "stream_url": "", "paused": "true"}))
	const warning = "Warning: "
	if output := cli.MustRun(t, "validate", "-no-color"); strings.Contains(output.Stdout, warning) {
		t.Errorf("validate: %s", output.Stdout)
	}
	output := cli.MustRun(t, "apply", "-auto-approve", "-no-color").Stdout
	if !strings.Contains(output, "Paused tasks are still billed") || !strings.Contains(output, "The task has no stream") {
		t.Errorf("apply: %s", output)
	}
	if output := cli.MustRun(t, "plan", "-no-color"); strings.Contains(output.Stdout, warning) || !strings.Contains(output.Stdout, "No changes.") {
		t.Errorf("plan: %s", output.Stdout)
	}
}
