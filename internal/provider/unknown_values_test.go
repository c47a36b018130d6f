package provider_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestUnknownArguments checks that an unknown value is valid in the plan of a new
// task, and that the apply succeeds. TestUnknownOutcomes has those of other tasks.
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
			expectPlanned(t, world, known, known.With(tfcore.Values{name: tfcore.Unknown}))
		})
	}
}

// expectPlanned plans a new task with the unknown configuration, and applies the
// plan once the configuration is known.
func expectPlanned(t *testing.T, world *acctest.World, known, unknown tfcore.Values) {
	t.Helper()
	session := world.Session(t)
	plan := session.Plan(t.Context(), unknown)
	acctest.ExpectPlan(t, plan, tfcore.Create)
	world.ExpectJournal(t)
	plan.Config = known
	acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
	world.ExpectJournal(t, acctest.Start, acctest.Describe)
	acctest.ExpectSettled(t, session, known)
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
		if value != nil {
			unknown[name] = tfcore.Unknown
		}
	}
	expectPlanned(t, world, known, unknown)
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
		"running": created,
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
					acctest.ExpectSuccess(t, plan.Diagnostics)
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
