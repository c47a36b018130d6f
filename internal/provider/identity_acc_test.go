package provider_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

func expectIdentity(t *testing.T, session *tfcore.Session, taskID, region string) {
	t.Helper()
	want := tfcore.Values{"sdk_app_id": int64(acctest.SdkAppID), "task_id": taskID, "region": region}
	if diff := cmp.Diff(want, session.Identity()); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
}

// TestAccIdentity: every operation tells the identity, also for a state that
// carries none.
func TestAccIdentity(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, tfcore.Values{"region": "ap-mumbai"})
	session := world.Created(t, config)
	taskID := world.Mock.Alive()[0].ID
	expectIdentity(t, session, taskID, "ap-mumbai")

	session.ForgetIdentity()
	acctest.ExpectSettled(t, session, config)
	expectIdentity(t, session, taskID, "ap-mumbai")

	session.ForgetIdentity()
	plan := session.Plan(t.Context(), config.With(tfcore.Values{"volume": 3}))
	if said := session.Apply(t.Context(), plan); said.HasErrors() {
		t.Fatal(said)
	}
	expectIdentity(t, session, taskID, "ap-mumbai")

	session.ForgetIdentity()
	if said := session.Destroy(t.Context()); said.HasErrors() {
		t.Fatal(said)
	}
}

// TestAccIdentityOfReplacement: the new task has a new identity, and the old
// one does not stand in its way.
func TestAccIdentityOfReplacement(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, nil)
	session := world.Created(t, config)
	moved := config.With(tfcore.Values{"room_id": "1002"})
	acctest.ExpectApply(t, session, moved, tfcore.Replace)
	expectIdentity(t, session, world.Mock.Alive()[0].ID, acctest.Region)
	acctest.ExpectSettled(t, session, moved)
}

// TestAccIdentityOfEnded: an ended task leaves the state without a complaint
// about its identity, with and without one.
func TestAccIdentityOfEnded(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]bool{"known": false, "not in the state": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, nil))
			if forget {
				session.ForgetIdentity()
			}
			world.FinishAll()
			if said := session.Refresh(t.Context()); len(said) > 0 || session.State() != nil {
				t.Errorf("said %q, state %v", said, session.State())
			}
		})
	}
}

// TestAccIdentityAfterFailedPause: the identity comes with the state that a
// failed create leaves.
func TestAccIdentityAfterFailedPause(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.Answer(acctest.Update, "UnauthorizedOperation"))
	session := world.Session(t)
	if _, said := session.ApplyConfig(t.Context(), world.Values(t, tfcore.Values{"paused": true})); !said.HasErrors() {
		t.Fatal("the pause did not fail")
	}
	expectIdentity(t, session, world.Mock.Alive()[0].ID, acctest.Region)
}

// TestAccIdentityOnCLI: the command line stores the identity.
func TestAccIdentityOnCLI(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Identity)
	world := acctest.NewWorld(t)
	step := world.Step(t, acctest.Apply{
		Config: world.Config(t, nil),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
	})
	step.ConfigStateChecks = append(step.ConfigStateChecks, statecheck.ExpectIdentity(acctest.Address, map[string]knownvalue.Check{
		"sdk_app_id": acctest.Whole(acctest.SdkAppID), "task_id": knownvalue.NotNull(), "region": acctest.Text(acctest.Region),
	}))
	world.Run(t, step)
}

// TestAccImportByIdentityOnCLI: an import block with an identity adopts the
// task, with its region named or left to the provider.
func TestAccImportByIdentityOnCLI(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Identity)
	for name, region := range map[string]string{"with region": "    region = \"ap-singapore\"\n", "without region": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			taskID := running(t, world)
			cli := world.CLI(t)
			cli.Write(t, "main.tf", world.Config(t, nil)+fmt.Sprintf(
				"import {\n  to = %s\n  identity = {\n%s    sdk_app_id = %d\n    task_id = %q\n  }\n}\n",
				acctest.Address, region, acctest.SdkAppID, taskID))
			cli.MustRun(t, "apply", "-auto-approve")
			world.ExpectJournal(t, acctest.Describe)
			state := cli.StateOf(t, acctest.Address)
			if state["task_id"] != taskID || state["region"] != acctest.Region {
				t.Errorf("the state has %v in %v, want %s in %s", state["task_id"], state["region"], taskID, acctest.Region)
			}
			if said := cli.Run(t, "plan", "-detailed-exitcode", "-no-color"); said.ExitCode != 0 {
				t.Errorf("the plan after the import is not empty: %s", said.Stdout)
			}
		})
	}
}
