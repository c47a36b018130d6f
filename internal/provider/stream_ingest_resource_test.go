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

// running starts a task that no state knows, and returns its TaskId with the
// journal reset.
func running(t *testing.T, world *acctest.World) string {
	t.Helper()
	session := world.Created(t, world.Values(t, nil))
	taskID, _ := session.State()["task_id"].(string)
	return taskID
}

// TestImport: every way to name a task gives the same state, for one
// Describe and nothing else.
func TestImport(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(t *testing.T, session *tfcore.Session, taskID string) tfcore.Diagnostics{
		"short ID": func(t *testing.T, session *tfcore.Session, taskID string) tfcore.Diagnostics {
			t.Helper()
			return session.Import(t.Context(), "1400000001/"+taskID)
		},
		"long ID": func(t *testing.T, session *tfcore.Session, taskID string) tfcore.Diagnostics {
			t.Helper()
			return session.Import(t.Context(), "ap-singapore/1400000001/"+taskID)
		},
		"identity": func(t *testing.T, session *tfcore.Session, taskID string) tfcore.Diagnostics {
			t.Helper()
			return session.ImportByIdentity(t.Context(), tfcore.Values{
				"sdk_app_id": acctest.SdkAppID, "task_id": taskID, "region": "ap-singapore",
			})
		},
		"identity without region": func(t *testing.T, session *tfcore.Session, taskID string) tfcore.Diagnostics {
			t.Helper()
			return session.ImportByIdentity(t.Context(), tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": taskID})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			taskID := running(t, world)
			session := world.Session(t)
			if said := take(t, session, taskID); len(said) > 0 {
				t.Fatal(said)
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

// TestImportRefused: what cannot name a task is told without a call; a task
// that does not exist costs two.
func TestImportRefused(t *testing.T) {
	t.Parallel()
	twice := []string{acctest.Describe, acctest.Describe}
	identity := func(changes tfcore.Values) func(*testing.T, *tfcore.Session) tfcore.Diagnostics {
		return func(t *testing.T, session *tfcore.Session) tfcore.Diagnostics {
			t.Helper()
			return session.ImportByIdentity(t.Context(), tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "x"}.With(changes))
		}
	}
	byID := func(id string) func(*testing.T, *tfcore.Session) tfcore.Diagnostics {
		return func(t *testing.T, session *tfcore.Session) tfcore.Diagnostics {
			t.Helper()
			return session.Import(t.Context(), id)
		}
	}
	for name, test := range map[string]struct {
		take    func(*testing.T, *tfcore.Session) tfcore.Diagnostics
		mention string
		calls   []string
	}{
		"no such task":              {byID("1400000001/none"), "does not exist", twice},
		"no such task, by identity": {identity(nil), "does not exist", twice},
		"task ID of any characters": {byID("ap-mumbai/1400000001/a/b c+d?e=f/"), "a/b c+d?e=f/", twice},
		"nothing":                   {byID(""), "<sdk_app_id>/<task_id>", nil},
		"task ID alone":             {byID("none"), "<sdk_app_id>/<task_id>", nil},
		"empty task ID":             {byID("1400000001/"), "<sdk_app_id>/<task_id>", nil},
		"no application":            {byID("ap-singapore/x"), "<sdk_app_id>/<task_id>", nil},
		"application 0":             {byID("0/x"), "<sdk_app_id>/<task_id>", nil},
		"application too large":     {byID("4294967296/x"), "<sdk_app_id>/<task_id>", nil},
		"application -1":            {byID("-1/x"), "<sdk_app_id>/<task_id>", nil},
		"slashes":                   {byID("///"), "<sdk_app_id>/<task_id>", nil},
		"identity, application 0":   {identity(tfcore.Values{"sdk_app_id": 0}), "from 1 to 4294967295", nil},
		"identity, application -1":  {identity(tfcore.Values{"sdk_app_id": -1}), "from 1 to 4294967295", nil},
		"identity, empty task ID":   {identity(tfcore.Values{"task_id": ""}), "task_id", nil},
		"identity, odd region":      {identity(tfcore.Values{"region": "Singapore"}), "must be a Tencent Cloud region", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Session(t)
			said := test.take(t, session)
			if len(said.Errors()) != 1 || len(said.Bugs()) > 0 || len(said.Mentioning(test.mention)) != 1 {
				t.Errorf("said %q, want one error that mentions %q", said, test.mention)
			}
			acctest.ExpectState(t, session, nil)
			world.ExpectJournal(t, test.calls...)
		})
	}
}

// TestImportRegion: an import without a region takes the provider's, and
// with Tencent's host the region is checked before anything is sent.
func TestImportRegion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		id        string
		byDefault any
		mention   string
	}{
		"none anywhere":        {"1400000001/x", nil, "TENCENTCLOUD_REGION"},
		"none the site offers": {"ap-nowhere/1400000001/x", "ap-singapore", "ap-bangkok"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Options.Transport = offline{t}
			session := acctest.SessionOf(t, world.Provider(t, tfcore.Values{"endpoint": nil, "region": test.byDefault}))
			said := session.Import(t.Context(), test.id)
			acctest.ExpectError(t, said, "region", test.mention)
		})
	}
}

// TestAccImport imports what the same CLI made, by command and by block.
func TestAccImport(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	taskID := func(state *terraform.State) string {
		return state.RootModule().Resources[acctest.Address].Primary.Attributes["task_id"]
	}
	short := func(state *terraform.State) (string, error) { return "1400000001/" + taskID(state), nil }
	long := func(state *terraform.State) (string, error) { return "ap-singapore/1400000001/" + taskID(state), nil }
	tells := []string{"id", "region", "sdk_app_id", "task_id", "status"}
	imported := func(by resource.ImportStateIdFunc) resource.TestStep {
		return resource.TestStep{
			ResourceName: acctest.Address, ImportState: true, ImportStateIdFunc: by, ImportStateVerify: true,
			ImportStateVerifyIgnore: untold(t, world, tells),
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

// untold are the attributes that the service does not tell.
func untold(t *testing.T, world *acctest.World, told []string) []string {
	t.Helper()
	var names []string
	for attribute := range world.Created(t, world.Values(t, tfcore.Values{"room_id": "77"})).State() {
		if !strings.Contains(" "+strings.Join(told, " ")+" ", " "+attribute+" ") {
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

// TestIdentity: every operation tells the identity, also for a state that
// carries none.
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

// TestIdentityOfReplacement: the new task has a new identity, and the old
// one does not stand in its way.
func TestIdentityOfReplacement(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, nil)
	session := world.Created(t, config)
	moved := config.With(tfcore.Values{"room_id": "1002"})
	acctest.ExpectApply(t, session, moved, tfcore.Replace)
	expectIdentity(t, session, world.Mock.Alive()[0].ID, acctest.Region)
	acctest.ExpectSettled(t, session, moved)
}

// TestIdentityOfEnded: an ended task leaves the state without a complaint
// about its identity, with and without one.
func TestIdentityOfEnded(t *testing.T) {
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
			if said := session.Refresh(t.Context()); said.HasErrors() || session.State() != nil {
				t.Errorf("said %q, state %v", said, session.State())
			}
		})
	}
}

// TestIdentityAfterFailedPause: the identity comes with the state that a
// failed create leaves.
func TestIdentityAfterFailedPause(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.Answer(acctest.Update, "UnauthorizedOperation"))
	session := world.Session(t)
	said := acctest.ExpectApply(t, session, world.Values(t, tfcore.Values{"paused": true}), tfcore.Create)
	acctest.ExpectWarning(t, said, "not paused")
	expectIdentity(t, session, world.Mock.Alive()[0].ID, acctest.Region)
}

// TestAccIdentity: the command line stores the identity.
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

// TestAccImportByIdentity: an import block with an identity adopts the
// task, with its region named or left to the provider.
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
			if said := cli.Run(t, "plan", "-detailed-exitcode", "-no-color"); said.ExitCode != 0 {
				t.Errorf("the plan after the import is not empty: %s", said.Stdout)
			}
		})
	}
}
