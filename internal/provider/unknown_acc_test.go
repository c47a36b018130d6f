package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestAccUnknownArguments: a value that is known only after apply is no error
// at plan time, neither for a new task nor for a running one; and the apply
// works once it is known.
func TestAccUnknownArguments(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"region", "sdk_app_id", "room_id", "room_id_type", "user_id", "user_sig", "private_map_key", "stream_url", "seek_second",
		"auto_push", "repeat_num", "max_duration", "volume", "paused", "on_task_end", "timeouts",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			known := everyArgument(t, world)
			unknown := known.With(tfcore.Values{name: tfcore.Unknown})
			session := world.Session(t)
			plan := session.Plan(t.Context(), unknown)
			if plan.Diagnostics.HasErrors() || plan.Action != tfcore.Create {
				t.Fatalf("plan = %s, said %s", plan, plan.Diagnostics)
			}
			world.ExpectJournal(t)
			plan.Config = known
			if said := session.Apply(t.Context(), plan); said.HasErrors() {
				t.Fatal(said)
			}
			world.ExpectJournal(t, acctest.Start, acctest.Describe)

			plan = session.Plan(t.Context(), unknown)
			if plan.Diagnostics.HasErrors() || (plan.Action != tfcore.Update && plan.Action != tfcore.Replace) {
				t.Fatalf("plan = %s, said %s", plan, plan.Diagnostics)
			}
			plan.Config = known
			if said := session.Apply(t.Context(), plan); said.HasErrors() {
				t.Fatal(said)
			}
			if plan.Action == tfcore.Replace {
				world.ExpectJournal(t, restart...)
			}
			world.ExpectJournal(t)
			acctest.ExpectSettled(t, session, known)
		})
	}
}

// TestAccUnknownAll: nothing at all is known, write-only tickets included.
func TestAccUnknownAll(t *testing.T) {
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
		t.Fatalf("plan = %s, said %s", plan, plan.Diagnostics)
	}
	plan.Config = known
	if said := session.Apply(t.Context(), plan); said.HasErrors() {
		t.Fatal(said)
	}
	acctest.ExpectSettled(t, session, known)
}

// TestAccUnknownTurnsBad: a value that turns out to be wrong when it is known
// is refused then, still without a call.
func TestAccUnknownTurnsBad(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Session(t)
	plan := session.Plan(t.Context(), world.Values(t, tfcore.Values{"room_id": tfcore.Unknown}))
	plan.Config = world.Values(t, tfcore.Values{"room_id": "lobby"})
	acctest.ExpectError(t, session.Apply(t.Context(), plan), "room_id", integerRoomRule)
	world.ExpectJournal(t)
}

// TestAccUnknownProvider: provider arguments may be unknown while planning. At
// apply they are known, and the default region is settled.
func TestAccUnknownProvider(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"region", "endpoint", "secret_id", "secret_key", "requests_per_second"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, nil)
			session := acctest.SessionOf(t, world.Provider(t, tfcore.Values{name: tfcore.Unknown}))
			plan := session.Plan(t.Context(), config)
			if plan.Diagnostics.HasErrors() || plan.Action != tfcore.Create {
				t.Fatalf("plan = %s, said %s", plan, plan.Diagnostics)
			}
			world.ExpectJournal(t)
			session.Serve(world.Provider(t, nil))
			if said := session.Apply(t.Context(), plan); said.HasErrors() {
				t.Fatal(said)
			}
			acctest.ExpectAttributes(t, session, tfcore.Values{"region": acctest.Region})
			acctest.ExpectSettled(t, session, config)
		})
	}
}

// TestAccUnknownProviderNeeded: a call that is needed all the same says which
// arguments are missing, and leaves the state alone.
func TestAccUnknownProviderNeeded(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Created(t, world.Values(t, nil))
	before := session.State()
	session.Serve(world.Provider(t, tfcore.Values{"secret_key": tfcore.Unknown, "endpoint": tfcore.Unknown}))
	acctest.ExpectError(t, session.Refresh(t.Context()), "", "not fully configured", "endpoint", "secret_key", "-target")
	acctest.ExpectState(t, session, before)
	world.ExpectJournal(t)

	// The task has its region, so that of the provider need not be known.
	session.Serve(world.Provider(t, tfcore.Values{"region": tfcore.Unknown}))
	acctest.ExpectSettled(t, session, world.Values(t, nil))
	another := session.Sibling()
	acctest.ExpectError(t, another.Import(t.Context(), "1400000001/x"), "region", "not known yet", "-target")
}

// TestAccUnknownOnCLI: values that another resource makes known during apply,
// in the resource and in the provider block.
func TestAccUnknownOnCLI(t *testing.T) {
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
