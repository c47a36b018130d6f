package provider_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// outcomes are what an argument may turn out to be that a plan did not know.
func outcomes() map[string][]any {
	return map[string][]any{
		"region":                {nil, acctest.Region, "ap-mumbai"},
		"room_id":               {"1001", "1002"},
		"room_id_type":          {nil, 0, 1},
		"user_sig":              {nil, "another"},
		"private_map_key":       {nil, "another"},
		"stream_url":            {nil, acctest.StreamURL, otherURL},
		"stream_url_wo_version": {1, 2},
		"seek_second":           {nil, 7},
		"auto_push":             {nil, true},
		"repeat_num":            {nil, 3},
		"volume":                {nil, 100, 15},
		"paused":                {nil, true},
		"on_task_end":           {nil, "recreate", "keep"},
		"timeouts":              {nil, tfcore.Values{"read": "9s"}},
	}
}

// TestAccUnknownOutcomes: whatever an unknown value turns out to be, the plan
// that was made without it still holds, or the error is about the value. Core
// finds no contradiction to blame on the provider.
func TestAccUnknownOutcomes(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(*testing.T, *acctest.World, tfcore.Values) *tfcore.Session{
		"running": func(t *testing.T, world *acctest.World, config tfcore.Values) *tfcore.Session {
			t.Helper()
			return world.Created(t, config)
		},
		"imported": func(t *testing.T, world *acctest.World, _ tfcore.Values) *tfcore.Session {
			t.Helper()
			return imported(t, world)
		},
		"ended and kept": ended,
	} {
		for argument, values := range outcomes() {
			for _, value := range values {
				t.Run(fmt.Sprintf("%s/%s/%v", name, argument, value), func(t *testing.T) {
					t.Parallel()
					world := acctest.NewWorld(t, anyTicket)
					config := world.Values(t, tfcore.Values{"on_task_end": "keep"})
					if argument == "stream_url_wo_version" {
						config = config.With(tfcore.Values{"stream_url": nil, "stream_url_wo": signedURL, argument: 1})
					}
					session := begin(t, world, config)
					plan := session.Plan(t.Context(), config.With(tfcore.Values{argument: tfcore.Unknown}))
					if plan.Diagnostics.HasErrors() {
						t.Fatal(plan.Diagnostics)
					}
					plan.Config = config.With(tfcore.Values{argument: value})
					if bugs := session.Apply(t.Context(), plan).Bugs(); len(bugs) > 0 {
						t.Errorf("planned to %s: %s", plan, bugs)
					}
				})
			}
		}
	}
}

// ended is a session whose task has ended and was kept, and whose state knows
// it.
func ended(t *testing.T, world *acctest.World, config tfcore.Values) *tfcore.Session {
	t.Helper()
	session := world.Created(t, config.With(tfcore.Values{"on_task_end": "keep"}))
	world.FinishAll()
	if said := session.Refresh(t.Context()); len(said) > 0 {
		t.Fatal(said)
	}
	world.Mock.ResetJournal()
	return session
}

// TestAccStreamTakenAway: a running task can change its stream, not lose it,
// and which of the two it is may only show during the apply.
func TestAccStreamTakenAway(t *testing.T) {
	t.Parallel()
	none := tfcore.Values{"stream_url": nil, "stream_url_wo": nil, "stream_url_wo_version": nil}
	writeOnly := none.With(tfcore.Values{"stream_url_wo": signedURL, "stream_url_wo_version": 1})
	for name, test := range map[string]struct {
		before, planned tfcore.Values
		attribute       string
	}{
		"plain, known":        {nil, none, "stream_url"},
		"plain, unknown":      {nil, tfcore.Values{"stream_url": tfcore.Unknown}, "stream_url"},
		"write-only, known":   {writeOnly, none, "stream_url_wo"},
		"write-only, unknown": {writeOnly, writeOnly.With(tfcore.Values{"stream_url_wo": tfcore.Unknown, "stream_url_wo_version": tfcore.Unknown}), "stream_url_wo"},
		"another twin":        {nil, none.With(tfcore.Values{"stream_url_wo": tfcore.Unknown, "stream_url_wo_version": tfcore.Unknown}), "stream_url"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, test.before)
			session := world.Created(t, config)
			before := session.State()
			plan := session.Plan(t.Context(), config.With(test.planned))
			said := plan.Diagnostics
			if !said.HasErrors() {
				if plan.Action != tfcore.Update {
					t.Fatalf("planned to %s: a stream that is not known yet is most likely another one", plan)
				}
				plan.Config = config.With(none)
				said = session.Apply(t.Context(), plan)
			}
			acctest.ExpectError(t, said, test.attribute, "cannot be removed", session.State()["task_id"].(string), "terraform destroy -target=ADDRESS")
			acctest.ExpectState(t, session, before)
			world.ExpectJournal(t)
			acctest.ExpectSettled(t, session, config)
		})
	}
}

// TestAccStreamTakenAwayFromNobody: a task that was imported plays nothing that
// the state knows of, and one that has ended plays nothing.
func TestAccStreamTakenAwayFromNobody(t *testing.T) {
	t.Parallel()
	none := tfcore.Values{"stream_url": nil, "on_task_end": "keep"}
	world := acctest.NewWorld(t)
	acctest.ExpectApply(t, imported(t, world), world.Values(t, none), tfcore.Update)

	world = acctest.NewWorld(t)
	acctest.ExpectApply(t, ended(t, world, world.Values(t, nil)), world.Values(t, none), tfcore.Replace)
}

// TestAccEndKeepUnknown: what becomes of a task that has ended hangs on a value
// that is not known yet. The plan shows the most that can come of it.
func TestAccEndKeepUnknown(t *testing.T) {
	t.Parallel()
	for _, onTaskEnd := range []string{"recreate", "keep"} {
		t.Run(onTaskEnd, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := ended(t, world, world.Values(t, nil))
			plan := session.Plan(t.Context(), world.Values(t, tfcore.Values{"on_task_end": tfcore.Unknown}))
			if plan.Diagnostics.HasErrors() || plan.Action != tfcore.Replace {
				t.Fatalf("plan = %s, said %s", plan, plan.Diagnostics)
			}
			plan.Config = world.Values(t, tfcore.Values{"on_task_end": onTaskEnd})
			if said := session.Apply(t.Context(), plan); said.HasErrors() {
				t.Fatal(said)
			}
			acctest.ExpectSettled(t, session, plan.Config)
			acctest.ExpectAttributes(t, session, tfcore.Values{"status": "InProgress", "on_task_end": onTaskEnd})
		})
	}
}

// TestAccEndUnseenUnknown: a task that did not show when it was started is not
// replaced for a value that may well stay as it is.
func TestAccEndUnseenUnknown(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.StartDelay = time.Minute })
	session := world.Created(t, world.Values(t, nil))
	acctest.ExpectAttributes(t, session, tfcore.Values{"status": "NotExist"})
	plan := session.Plan(t.Context(), world.Values(t, tfcore.Values{"on_task_end": tfcore.Unknown}))
	if plan.Diagnostics.HasErrors() || plan.Action != tfcore.Update {
		t.Errorf("plan = %s, said %s", plan, plan.Diagnostics)
	}
}

// TestAccUnknownOutcomesOnCLI: core is the judge of what contradicts a plan.
func TestAccUnknownOutcomesOnCLI(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.TerraformData)
	world := acctest.NewWorld(t)
	// The condition is known once the resource is made, and then false.
	const made = "resource \"terraform_data\" \"made\" {}\n"
	late := func(value string) string { return `terraform_data.made.id == "" ? ` + value + ` : null` }
	keep := acctest.Arguments{"on_task_end": `"keep"`}
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: world.Config(t, keep),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
		}),
		resource.TestStep{
			Config:      made + world.Config(t, merge(keep, acctest.Arguments{"stream_url": late(`"` + otherURL + `"`)})),
			ExpectError: regexp.MustCompile(`(?s)cannot be removed.*on .*stream_url`),
		},
		world.Step(t, acctest.Apply{
			Before: world.FinishAll,
			Config: "resource \"terraform_data\" \"later\" {}\n" + made + world.Config(t, acctest.Arguments{
				"on_task_end": `terraform_data.later.id == "" ? "keep" : "recreate"`,
			}),
			Action: plancheck.ResourceActionDestroyBeforeCreate,
			Calls:  []string{acctest.Stop + ":FailedOperation.TaskFinished", acctest.Start},
		}),
	)
}
