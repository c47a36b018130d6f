package provider_test

import (
	"regexp"
	"slices"
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
	acctest.ExpectError(t, plan.Diagnostics, "user_sig_wo", "starts a task", "This plan replaces a running task")
	plan = session.Plan(t.Context(), forgotten.With(tfcore.Values{"room_id": "1003"}))
	acctest.ExpectError(t, plan.Diagnostics, "user_sig_wo", sameTitle)
	plan = session.Plan(t.Context(), forgotten.With(tfcore.Values{"room_id": "1002", "user_sig_wo": tfcore.Unknown}))
	acctest.ExpectPlan(t, plan, tfcore.Replace)
	world.ExpectJournal(t)
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
	world.ExpectRunning(t, 0)
	acctest.ExpectApply(t, session, moved, tfcore.Create)
}

// TestReplaceNotStopped checks that the new task is not started when the old
// one does not end.
func TestReplaceNotStopped(t *testing.T) {
	t.Parallel()
	world, _, _ := scenario{
		service: lingering(time.Hour), begin: created, change: tfcore.Values{"room_id": "1002"}, command: apply,
		action: tfcore.Replace, fails: []string{"still running"},
	}.run(t)
	world.ExpectChanges(t, acctest.Stop)
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

// withoutStream returns the change that removes the stream.
func withoutStream() tfcore.Values {
	return tfcore.Values{"stream_url": nil, "stream_url_wo": nil, "stream_url_wo_version": nil}
}

// writeOnlyStream returns the change to a write-only stream.
func writeOnlyStream() tfcore.Values {
	return withoutStream().With(tfcore.Values{"stream_url_wo": signedURL, "stream_url_wo_version": 1})
}

// TestStreamRemoved checks that removing the stream of a running task replaces
// it with a warning, even together with another reason to replace it.
func TestStreamRemoved(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before, further tfcore.Values
		forced          bool
		attribute       string
		because         []string
	}{
		"plain":               {nil, nil, false, "stream_url", []string{"stream_url"}},
		"write-only":          {writeOnlyStream(), nil, false, "stream_url_wo", []string{"stream_url_wo_version"}},
		"with another reason": {nil, tfcore.Values{"room_id": "2002"}, false, "stream_url", []string{"room_id", "stream_url"}},
		"with -replace":       {nil, nil, true, "stream_url", []string{"stream_url"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, test.before))
			acctest.ExpectSilence(t, session.Refresh(t.Context()))
			config := world.Values(t, withoutStream()).With(test.further)
			plan := session.Plan(t.Context(), config)
			if test.forced {
				plan = session.PlanReplace(t.Context(), config)
			}
			acctest.ExpectPlan(t, plan, tfcore.Replace)
			if !slices.Equal(plan.RequiresReplace, test.because) {
				t.Errorf("planned because of %v, want %v", plan.RequiresReplace, test.because)
			}
			acctest.ExpectWarning(t, plan.Diagnostics.On(test.attribute), "replaces the task")
			acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
			world.ExpectJournal(t, append(describes(1), restart...)...)
			acctest.ExpectSettled(t, session, config)
		})
	}
}

// TestAccStreamRemoved checks with the real CLI that the provider can tell a
// plan from an apply, even with -replace.
func TestAccStreamRemoved(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli := world.CLI(t)
	for _, options := range [][]string{nil, {"-replace=" + acctest.Address}} {
		cli.Write(t, "main.tf", world.Config(t, nil))
		cli.MustRun(t, "apply", "-auto-approve")
		world.Mock.ResetJournal()
		cli.Write(t, "main.tf", world.Config(t, acctest.Arguments{"stream_url": ""}))
		output := cli.MustRun(t, append([]string{"apply", "-auto-approve", "-no-color"}, options...)...)
		if !strings.Contains(output.Stdout, "Removing the stream replaces the task") {
			t.Errorf("no warning: %s", output.Stdout)
		}
		world.ExpectJournal(t, append([]string{acctest.Describe}, restart...)...)
		if output := cli.Run(t, "plan", "-detailed-exitcode"); output.ExitCode != 0 {
			t.Errorf("the plan is not empty: %s", output.Stdout)
		}
	}
	cli.MustRun(t, "destroy", "-auto-approve")
}

// TestStreamRemovedDuringApply checks that a stream that becomes null during
// apply is an error, because the plan was an update; and so it is with
// -refresh=false, when the provider cannot tell the one from the other.
func TestStreamRemovedDuringApply(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before, planned tfcore.Values
		attribute       string
	}{
		"plain":                  {nil, tfcore.Values{"stream_url": tfcore.Unknown}, "stream_url"},
		"write-only":             {writeOnlyStream(), writeOnlyStream().With(tfcore.Values{"stream_url_wo": tfcore.Unknown, "stream_url_wo_version": tfcore.Unknown}), "stream_url_wo"},
		"another twin":           {nil, withoutStream().With(tfcore.Values{"stream_url_wo": tfcore.Unknown, "stream_url_wo_version": tfcore.Unknown}), "stream_url"},
		"plain, no refresh":      {nil, withoutStream(), "stream_url"},
		"write-only, no refresh": {writeOnlyStream(), withoutStream(), "stream_url_wo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, test.before)
			session := world.Created(t, config)
			before := session.State()
			plan := session.Plan(t.Context(), config.With(test.planned))
			diags := plan.Diagnostics
			if !diags.HasErrors() {
				if plan.Action != tfcore.Update {
					t.Fatalf("planned to %s: a stream that is not known yet is most likely another one", plan)
				}
				plan.Config = config.With(withoutStream())
				diags = session.Apply(t.Context(), plan)
			}
			acctest.ExpectError(t, diags, test.attribute, "cannot be removed", session.State()["task_id"].(string), "terraform apply again")
			acctest.ExpectState(t, session, before)
			world.ExpectJournal(t)
			acctest.ExpectSettled(t, session, config)
		})
	}
}

// TestNoStreamToRemove checks that a configuration without a stream is valid for an
// imported task, whose stream is not recorded, and for one that has ended.
func TestNoStreamToRemove(t *testing.T) {
	t.Parallel()
	none := tfcore.Values{"stream_url": nil, "on_task_end": "keep"}
	world := acctest.NewWorld(t)
	session := imported(t, world)
	if plan := session.Plan(t.Context(), world.Values(t, none.With(tfcore.Values{"paused": true}))); costWarnings(plan) != "paused" {
		t.Errorf("planned to %s, diagnostics: %s", plan, plan.Diagnostics)
	}
	acctest.ExpectApply(t, session, world.Values(t, none), tfcore.Update)

	world = acctest.NewWorld(t)
	acctest.ExpectApply(t, ended(t, world, world.Values(t, nil)), world.Values(t, none), tfcore.Replace)
}

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
		acctest.ExpectSuccess(t, session.Refresh(t.Context()))
		plan := session.Plan(t.Context(), step.config)
		if plan.Diagnostics.HasErrors() || plan.Action != step.action || costWarnings(plan) != step.warned {
			t.Errorf("%s: planned to %s, diagnostics: %s; want warnings on %q", step.name, plan, plan.Diagnostics, step.warned)
		}
		acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
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
