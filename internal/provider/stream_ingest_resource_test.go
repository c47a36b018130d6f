package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// running starts a task that is in no state, resets the journal, and returns
// the TaskId.
func running(t *testing.T, world *acctest.World) string {
	t.Helper()
	session := world.Created(t, world.Values(t, nil))
	taskID, _ := session.State()["task_id"].(string)
	return taskID
}

// TestImport checks that every import ID and identity gives the same state with
// one Describe.
func TestImport(t *testing.T) {
	t.Parallel()
	for name, region := range map[string]tfcore.Values{"without region": nil, "with region": {"region": "ap-singapore"}} {
		for _, byIdentity := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, by identity %t", name, byIdentity), func(t *testing.T) {
				t.Parallel()
				world := acctest.NewWorld(t)
				taskID, id := running(t, world), "1400000001/"
				if region != nil {
					id = "ap-singapore/" + id
				}
				session := world.Session(t)
				if byIdentity {
					acctest.ExpectSilence(t, session.ImportByIdentity(t.Context(), region.With(tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": taskID})))
				} else {
					acctest.ExpectSilence(t, session.Import(t.Context(), id+taskID))
				}
				world.ExpectJournal(t, acctest.Describe)
				want := tfcore.Values{}
				for attribute := range session.State() {
					want[attribute] = nil
				}
				acctest.ExpectState(t, session, want.With(tfcore.Values{
					"id": "ap-singapore/1400000001/" + taskID, "region": "ap-singapore", "sdk_app_id": int64(acctest.SdkAppID),
					"task_id": taskID, "status": "InProgress",
				}))
				expectIdentity(t, session, taskID, "ap-singapore")
			})
		}
	}
}

// TestImportRefused checks that an invalid import ID or identity makes no call,
// and that a task that does not exist makes two. FuzzImportID has more IDs.
func TestImportRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		id       string
		identity tfcore.Values
		mention  string
		calls    []string
	}{
		"no such task":              {"1400000001/none", nil, "does not exist", describes(2)},
		"no such task, by identity": {"", tfcore.Values{"task_id": "none"}, "does not exist", describes(2)},
		"task ID of any characters": {"ap-mumbai/1400000001/a/b c+d?e=f/", nil, "a/b c+d?e=f/", describes(2)},
		"nothing":                   {"", nil, "<sdk_app_id>/<task_id>", nil},
		"empty task ID":             {"1400000001/", nil, "<sdk_app_id>/<task_id>", nil},
		"no application":            {"ap-singapore/x", nil, "<sdk_app_id>/<task_id>", nil},
		"application 0":             {"0/x", nil, "<sdk_app_id>/<task_id>", nil},
		"application too large":     {"4294967296/x", nil, "<sdk_app_id>/<task_id>", nil},
		"identity, application 0":   {"", tfcore.Values{"sdk_app_id": 0}, "from 1 to 4294967295", nil},
		"identity, empty task ID":   {"", tfcore.Values{"task_id": ""}, "task_id", nil},
		"identity, odd region":      {"", tfcore.Values{"region": "Singapore"}, "must be a Tencent Cloud region", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Session(t)
			var diags tfcore.Diagnostics
			if test.identity == nil {
				diags = session.Import(t.Context(), test.id)
			} else {
				diags = session.ImportByIdentity(t.Context(), tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "x"}.With(test.identity))
			}
			if len(diags.Errors()) != 1 || len(diags.Bugs()) > 0 || len(diags.Mentioning(test.mention)) != 1 {
				t.Errorf("diagnostics: %q, want one error that mentions %q", diags, test.mention)
			}
			acctest.ExpectState(t, session, nil)
			world.ExpectJournal(t, test.calls...)
		})
	}
}

// TestAccImport imports with the command and with a block.
func TestAccImport(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	taskID := func(state *terraform.State) string {
		return state.RootModule().Resources[acctest.Address].Primary.Attributes["task_id"]
	}
	short := func(state *terraform.State) (string, error) { return "1400000001/" + taskID(state), nil }
	long := func(state *terraform.State) (string, error) { return "ap-singapore/1400000001/" + taskID(state), nil }
	returned := []string{"id", "region", "sdk_app_id", "task_id", "status"}
	imported := func(by resource.ImportStateIdFunc) resource.TestStep {
		return resource.TestStep{
			ResourceName: acctest.Address, ImportState: true, ImportStateIdFunc: by, ImportStateVerify: true,
			ImportStateVerifyIgnore: notReturned(t, world, returned),
		}
	}
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: world.Config(t, nil),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
		}),
		imported(short),
		imported(long),
		resource.TestStep{
			ResourceName: acctest.Address, ImportState: true, ImportStateId: "1400000001/none",
			ExpectError: regexp.MustCompile("The stream ingest to import does not exist"),
		},
	)
}

// notReturned returns the attributes that the API does not return.
func notReturned(t *testing.T, world *acctest.World, returned []string) []string {
	t.Helper()
	var names []string
	for attribute := range world.Created(t, world.Values(t, tfcore.Values{"room_id": "77"})).State() {
		if !strings.Contains(" "+strings.Join(returned, " ")+" ", " "+attribute+" ") {
			names = append(names, attribute)
		}
	}
	world.FinishAll()
	return names
}

func expectIdentity(t *testing.T, session *tfcore.Session, taskID, region string) {
	t.Helper()
	want := tfcore.Values{"sdk_app_id": int64(acctest.SdkAppID), "task_id": taskID, "region": region}
	if diff := cmp.Diff(want, session.Identity()); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
}

// TestIdentity checks that every operation sets the identity, even for a state
// without one.
func TestIdentity(t *testing.T) {
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
	_, diags := apply(t.Context(), session, config.With(tfcore.Values{"volume": 3}))
	acctest.ExpectSuccess(t, diags)
	expectIdentity(t, session, taskID, "ap-mumbai")

	acctest.ExpectApply(t, session, config.With(tfcore.Values{"room_id": "1002"}), tfcore.Replace)
	expectIdentity(t, session, world.Mock.Alive()[0].ID, "ap-mumbai")

	session.ForgetIdentity()
	world.FinishAll()
	acctest.ExpectSuccess(t, session.Refresh(t.Context()))
	acctest.ExpectState(t, session, nil)
}

// TestAccIdentity checks that the CLI stores the identity.
func TestAccIdentity(t *testing.T) {
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

// TestAccImportByIdentity checks that an import block with an identity adopts
// the task, with and without a region.
func TestAccImportByIdentity(t *testing.T) {
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
			if output := cli.Run(t, "plan", "-detailed-exitcode", "-no-color"); output.ExitCode != 0 {
				t.Errorf("the plan after the import is not empty: %s", output.Stdout)
			}
		})
	}
}
