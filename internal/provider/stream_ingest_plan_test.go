package provider_test

import (
	"fmt"
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
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestUnknownArguments checks that an unknown value is valid at plan time, for
// new and running tasks, and that the apply succeeds.
func TestUnknownArguments(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"region", "sdk_app_id", "room_id", "room_id_type", "user_id", "user_sig", "private_map_key", "stream_url", "seek_second",
		"auto_push", "repeat_num", "max_duration", "volume", "paused", "on_task_end", "stream_check", "timeouts",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			known := everyArgument(t, world)
			unknown := known.With(tfcore.Values{name: tfcore.Unknown})
			session := world.Session(t)
			plan := session.Plan(t.Context(), unknown)
			if plan.Diagnostics.HasErrors() || plan.Action != tfcore.Create {
				t.Fatalf("plan = %s; diagnostics: %s", plan, plan.Diagnostics)
			}
			world.ExpectJournal(t)
			plan.Config = known
			if diags := session.Apply(t.Context(), plan); diags.HasErrors() {
				t.Fatal(diags)
			}
			world.ExpectJournal(t, acctest.Start, acctest.Describe)

			plan = session.Plan(t.Context(), unknown)
			if plan.Diagnostics.HasErrors() || (plan.Action != tfcore.Update && plan.Action != tfcore.Replace) {
				t.Fatalf("plan = %s; diagnostics: %s", plan, plan.Diagnostics)
			}
			plan.Config = known
			if diags := session.Apply(t.Context(), plan); diags.HasErrors() {
				t.Fatal(diags)
			}
			if plan.Action == tfcore.Replace {
				world.ExpectJournal(t, restart...)
			}
			world.ExpectJournal(t)
			acctest.ExpectSettled(t, session, known)
		})
	}
}

// TestUnknownAll checks a configuration of which nothing is known, including
// write-only tickets.
func TestUnknownAll(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	known := everyArgument(t, world).With(tfcore.Values{
		"user_sig": nil, "user_sig_wo": world.UserSig(t, acctest.UserID),
		"private_map_key": nil, "private_map_key_wo": world.PrivateMapKey(t, acctest.UserID, 1001),
		"stream_url": nil, "stream_url_wo": acctest.StreamURL, "stream_url_wo_version": 1,
	})
	unknown := tfcore.Values{}
	for name, value := range known {
		unknown[name] = value
		if value != nil {
			unknown[name] = tfcore.Unknown
		}
	}
	session := world.Session(t)
	plan := session.Plan(t.Context(), unknown)
	if plan.Diagnostics.HasErrors() || plan.Action != tfcore.Create {
		t.Fatalf("plan = %s; diagnostics: %s", plan, plan.Diagnostics)
	}
	plan.Config = known
	if diags := session.Apply(t.Context(), plan); diags.HasErrors() {
		t.Fatal(diags)
	}
	acctest.ExpectSettled(t, session, known)
}

// TestUnknownBecomesInvalid checks that a value that becomes invalid is reported
// before any call.
func TestUnknownBecomesInvalid(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Session(t)
	plan := session.Plan(t.Context(), world.Values(t, tfcore.Values{"room_id": tfcore.Unknown}))
	plan.Config = world.Values(t, tfcore.Values{"room_id": "lobby"})
	acctest.ExpectError(t, session.Apply(t.Context(), plan), "room_id", integerRoomRule)
	world.ExpectJournal(t)
}

// TestAccUnknown checks values that become known during apply, in the resource
// and in the provider block.
func TestAccUnknown(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.TerraformData)
	world := acctest.NewWorld(t)
	const made = "resource \"terraform_data\" \"made\" {\n  input = { room = \"4004\", region = \"ap-mumbai\", volume = 12 }\n}\n"
	world.Run(t, world.Step(t, acctest.Apply{
		Config: made + world.RegionlessProviderBlock("region = terraform_data.made.output.region") +
			world.StreamIngest(t, acctest.Arguments{"room_id": "terraform_data.made.output.room", "volume": "terraform_data.made.output.volume"}),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
		Plan: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("room_id")),
			plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("region")),
		},
		State: map[string]knownvalue.Check{
			"room_id": acctest.Text("4004"), "region": acctest.Text("ap-mumbai"), "volume": acctest.Whole(12),
		},
	}))
}

// outcomes returns the values that an unknown argument may become.
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
		"stream_check":          {nil, "off", "error"},
		"timeouts":              {nil, tfcore.Values{"read": "9s"}},
	}
}

// TestUnknownOutcomes checks that for every value that an unknown argument
// becomes, the plan is still valid or the error is on the argument, so that
// Terraform never reports an inconsistent plan.
func TestUnknownOutcomes(t *testing.T) {
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
					session.Serve(world.Provider(t, nil)) // Terraform starts the provider again for the apply.
					if bugs := session.Apply(t.Context(), plan).Bugs(); len(bugs) > 0 {
						t.Errorf("planned to %s: %s", plan, bugs)
					}
				})
			}
		}
	}
}

// ended returns a session with a task that has ended, was kept, and is recorded
// as ended.
func ended(t *testing.T, world *acctest.World, config tfcore.Values) *tfcore.Session {
	t.Helper()
	session := world.Created(t, config.With(tfcore.Values{"on_task_end": "keep"}))
	world.FinishAll()
	if diags := session.Refresh(t.Context()); len(diags) > 0 {
		t.Fatal(diags)
	}
	world.Mock.ResetJournal()
	return session
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
// it with a warning, also together with another reason to replace it.
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
			if diags := session.Refresh(t.Context()); len(diags) > 0 {
				t.Fatal(diags)
			}
			config := world.Values(t, withoutStream()).With(test.further)
			plan := session.Plan(t.Context(), config)
			if test.forced {
				plan = session.PlanReplace(t.Context(), config)
			}
			if plan.Action != tfcore.Replace || !slices.Equal(plan.RequiresReplace, test.because) {
				t.Fatalf("plan = %s because of %v, want to replace because of %v; diagnostics: %s", plan, plan.RequiresReplace, test.because, plan.Diagnostics)
			}
			acctest.ExpectWarning(t, plan.Diagnostics.On(test.attribute), "replaces the task")
			if diags := session.Apply(t.Context(), plan); diags.HasErrors() {
				t.Fatal(diags)
			}
			world.ExpectJournal(t, append([]string{acctest.Describe}, restart...)...)
			acctest.ExpectSettled(t, session, config)
		})
	}
}

// TestAccStreamRemoved checks with the real CLI that the provider can tell a
// plan from an apply, also with -replace.
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

// TestNoStreamToRemove checks that a configuration without a stream is
// valid for an imported task and for one that has ended.
func TestNoStreamToRemove(t *testing.T) {
	t.Parallel()
	none := tfcore.Values{"stream_url": nil, "on_task_end": "keep"}
	world := acctest.NewWorld(t)
	acctest.ExpectApply(t, imported(t, world), world.Values(t, none), tfcore.Update)

	world = acctest.NewWorld(t)
	acctest.ExpectApply(t, ended(t, world, world.Values(t, nil)), world.Values(t, none), tfcore.Replace)
}

// TestEndNotVisibleUnknown checks that a task that was not visible after its start
// is not replaced because on_task_end is unknown.
func TestEndNotVisibleUnknown(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.StartDelay = time.Minute })
	session := world.Created(t, world.Values(t, nil))
	acctest.ExpectAttributes(t, session, tfcore.Values{"status": "NotExist"})
	plan := session.Plan(t.Context(), world.Values(t, tfcore.Values{"on_task_end": tfcore.Unknown}))
	if plan.Diagnostics.HasErrors() || plan.Action != tfcore.Update {
		t.Errorf("plan = %s; diagnostics: %s", plan, plan.Diagnostics)
	}
}

// TestAccUnknownOutcomes checks with the real CLI that plans stay consistent.
func TestAccUnknownOutcomes(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.TerraformData)
	world := acctest.NewWorld(t)
	// The condition is known once the resource exists, and then false.
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
				"on_task_end": `terraform_data.later.id == "" ? "recreate" : "keep"`,
			}),
			Action: plancheck.ResourceActionUpdate,
			Plan:   []plancheck.PlanCheck{plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("on_task_end"))},
			State:  map[string]knownvalue.Check{"on_task_end": acctest.Text("keep"), "status": acctest.Text("NotExist")},
		}),
	)
}
