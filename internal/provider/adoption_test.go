package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// everyCreateOnly returns a change of every argument that the API does not
// return.
func everyCreateOnly() tfcore.Values {
	return tfcore.Values{
		"room_id": "2002", "room_id_type": 0, "seek_second": 9, "auto_push": true, "repeat_num": -1, "max_duration": 10,
		"volume": 15, "paused": true, "on_task_end": "keep", "timeouts": tfcore.Values{"read": "9s"}, "user_sig": nil,
	}
}

// imported returns a session that has just imported a running task.
func imported(t *testing.T, world *acctest.World) *tfcore.Session {
	t.Helper()
	taskID := running(t, world)
	session := world.Session(t)
	acctest.ExpectSuccess(t, session.Import(t.Context(), "1400000001/"+taskID))
	world.Mock.ResetJournal()
	return session
}

// TestAdoption checks that the first apply after an import records the
// configuration and sends nothing, and that later changes are sent.
func TestAdoption(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]tfcore.Values{
		"as it runs":       nil,
		"all of it else":   everyCreateOnly(),
		"no stream":        {"stream_url": nil, "user_sig": nil},
		"ticket not known": {"user_sig": nil, "user_sig_wo": "a-ticket"},
		"URL write-only":   {"stream_url": nil, "stream_url_wo": acctest.StreamURL, "stream_url_wo_version": 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session, config := imported(t, world), world.Values(t, changes)
			acctest.ExpectWarning(t, acctest.ExpectApply(t, session, config, tfcore.Update), "sent nothing")
			acctest.ExpectSettled(t, session, config)
			world.ExpectJournal(t, describes(2)...)
			acctest.ExpectApply(t, session, config.With(tfcore.Values{"volume": 66}), tfcore.Update)
			world.ExpectJournal(t, acctest.Describe, acctest.Update)
		})
	}
}

// TestAdoption_Null checks that null is an ordinary value once the task is adopted.
func TestAdoption_Null(t *testing.T) {
	t.Parallel()
	adopted := func(t *testing.T, world *acctest.World, config tfcore.Values) *tfcore.Session {
		t.Helper()
		session := imported(t, world)
		acctest.ExpectApply(t, session, config, tfcore.Update)
		return session
	}
	runScenarios(t, map[string]scenario{
		"seek_second":           {begin: adopted, change: tfcore.Values{"seek_second": 1}, command: apply, action: tfcore.Replace},
		"max_duration and loop": {begin: adopted, change: tfcore.Values{"repeat_num": -1, "max_duration": 5}, command: apply, action: tfcore.Replace},
		"room":                  {begin: adopted, change: tfcore.Values{"room_id": "3003"}, command: apply, action: tfcore.Replace},
	})
}

// TestAdoptionStays checks that refreshes and failed plans do not end the
// adoption.
func TestAdoptionStays(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := imported(t, world)
	for range 3 {
		acctest.ExpectSuccess(t, session.Refresh(t.Context()))
	}
	acctest.ExpectError(t, session.Plan(t.Context(), world.Values(t, tfcore.Values{"volume": 201})).Diagnostics, "volume", "")
	world.Mock.ResetJournal()
	acctest.ExpectApply(t, session, world.Values(t, everyCreateOnly()), tfcore.Update)
	world.ExpectJournal(t, acctest.Describe)
}

// TestAdoptionOfAnother checks that another application or region than those of
// the import is an error that shows the right import ID, even when it is known
// only during apply, and replaces nothing. A task that has ended is replaced.
func TestAdoptionOfAnother(t *testing.T) {
	t.Parallel()
	for attribute, change := range map[string]tfcore.Values{
		"sdk_app_id": {"sdk_app_id": 1400000002, "user_sig": "a-ticket"},
		"region":     {"region": "ap-mumbai"},
	} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := imported(t, world)
			taskID, config := world.Mock.Alive()[0].ID, world.Values(t, change)
			right := map[string]string{"sdk_app_id": "ap-singapore/1400000002/", "region": "ap-mumbai/1400000001/"}[attribute] + taskID
			for _, ticket := range []tfcore.Values{nil, {"user_sig": nil}} { // An imported task needs no ticket.
				diags := session.Plan(t.Context(), config.With(ticket)).Diagnostics
				acctest.ExpectError(t, diags, attribute, "ap-singapore/1400000001/"+taskID, right, "destroy -refresh=false")
			}
			unknown := session.Plan(t.Context(), config.With(tfcore.Values{attribute: tfcore.Unknown}))
			acctest.ExpectPlan(t, unknown, tfcore.Update)
			unknown.Config = config
			acctest.ExpectError(t, session.Apply(t.Context(), unknown), attribute, right)
			world.ExpectJournal(t)

			unknown.Config = config.With(map[string]tfcore.Values{"sdk_app_id": {"sdk_app_id": acctest.SdkAppID}, "region": {"region": acctest.Region}}[attribute])
			acctest.ExpectSuccess(t, session.Apply(t.Context(), unknown))
			world.ExpectJournal(t)

			ended := acctest.NewWorld(t)
			session = imported(t, ended)
			ended.FinishAll()
			acctest.ExpectApply(t, session, config, tfcore.Replace)
		})
	}
}

// TestAdoptionForcedReplacement checks that -replace right after an import
// starts a task that does not have to be adopted.
func TestAdoptionForcedReplacement(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := imported(t, world)
	config := world.Values(t, nil)
	acctest.ExpectError(t, session.PlanReplace(t.Context(), config.With(tfcore.Values{"user_sig": nil})).Diagnostics, "user_sig_wo", "starts a task")
	plan := session.PlanReplace(t.Context(), config)
	acctest.ExpectPlan(t, plan, tfcore.Replace)
	acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
	world.ExpectJournal(t, restart...)
	acctest.ExpectApply(t, session, config.With(tfcore.Values{"seek_second": 4}), tfcore.Replace)
}

// TestAdoptionEnded checks that on_task_end in the configuration counts for a
// task that ended after its import, before an apply recorded the argument.
func TestAdoptionEnded(t *testing.T) {
	t.Parallel()
	for onTaskEnd, action := range map[string]tfcore.Action{"keep": tfcore.Update, "recreate": tfcore.Replace} {
		t.Run(onTaskEnd, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := imported(t, world)
			world.FinishAll()
			config := world.Values(t, tfcore.Values{"on_task_end": onTaskEnd})
			acctest.ExpectApply(t, session, config, action)
			acctest.ExpectSettled(t, session, config)
			acctest.ExpectAttributes(t, session, tfcore.Values{"status": map[tfcore.Action]string{tfcore.Update: "NotExist", tfcore.Replace: "InProgress"}[action]})
		})
	}
}

// TestAccAdoption imports, adopts and changes a task with the real CLI.
func TestAccAdoption(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	taskID := running(t, world)
	arguments := acctest.Arguments{"seek_second": "30", "volume": "40"}
	world.Run(t,
		resource.TestStep{
			Config: world.Config(t, arguments), ResourceName: acctest.Address,
			ImportState: true, ImportStatePersist: true, ImportStateId: "1400000001/" + taskID,
		},
		world.Step(t, acctest.Apply{
			Config: world.Config(t, arguments),
			Action: plancheck.ResourceActionUpdate,
			State: map[string]knownvalue.Check{
				"seek_second": acctest.Whole(30), "volume": acctest.Whole(40), "task_id": acctest.Text(taskID),
			},
		}),
		world.Step(t, acctest.Apply{
			Config: world.Config(t, merge(arguments, acctest.Arguments{"volume": "41"})),
			Action: plancheck.ResourceActionUpdate,
			Calls:  []string{acctest.Update},
		}),
		world.Step(t, acctest.Apply{
			Config: world.Config(t, acctest.Arguments{"volume": "41"}),
			Action: plancheck.ResourceActionDestroyBeforeCreate,
			Calls:  []string{acctest.Stop, acctest.Start},
			State:  map[string]knownvalue.Check{"seek_second": knownvalue.Null()},
		}),
	)
}

// TestAccAdoptionOfAnother checks an import block and terraform import with
// another region than the configuration: nothing is stopped, unless the user
// destroys the task.
func TestAccAdoptionOfAnother(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.ImportBlocks)
	world := acctest.NewWorld(t)
	taskID := running(t, world)
	cli := world.CLI(t)
	cli.Write(t, "main.tf", world.Config(t, acctest.Arguments{"region": `"ap-mumbai"`}))
	block := "import {\n  to = " + acctest.Address + "\n  id = \"1400000001/" + taskID + "\"\n}\n"
	fails := func(arguments ...string) {
		t.Helper()
		said := cli.Run(t, append(arguments, "-no-color")...)
		if said.ExitCode != 1 || !strings.Contains(said.Stderr, "ap-mumbai/1400000001/") || strings.Count(said.Stderr, "Error:") != 1 {
			t.Errorf("%v: exit code %d\n%s%s", arguments, said.ExitCode, said.Stdout, said.Stderr)
		}
	}
	cli.Write(t, "import.tf", block)
	fails("apply", "-auto-approve")
	cli.Write(t, "import.tf", strings.Replace(block, `"1400000001`, `"ap-mumbai/1400000001`, 1))
	cli.MustRun(t, "plan")
	cli.Write(t, "import.tf", "")
	cli.MustRun(t, "import", acctest.Address, "1400000001/"+taskID)
	fails("plan")
	fails("destroy", "-auto-approve")
	world.ExpectChanges(t)
	cli.MustRun(t, "destroy", "-auto-approve", "-refresh=false")
	world.ExpectChanges(t, acctest.Stop)
}

// TestAccAdoptIgnored checks arguments that the first apply after an import ignored
// and did not record. Once they are no longer ignored, an apply records them: it
// replaces nothing and sends nothing.
func TestAccAdoptIgnored(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.ImportBlocks)
	for _, ignored := range []string{"all", "[room_id, user_id, auto_push, repeat_num]", "[auto_push]"} {
		t.Run(ignored, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			taskID := running(t, world)
			cli := world.CLI(t)
			resource := world.StreamIngest(t, acctest.Arguments{"repeat_num": "-1", "auto_push": "true"})
			cli.Write(t, "import.tf", world.ProviderBlock()+"import {\n  to = "+acctest.Address+"\n  id = \"ap-singapore/1400000001/"+taskID+"\"\n}\n")
			cli.Write(t, "main.tf", strings.TrimSuffix(resource, "}\n")+"  lifecycle {\n    ignore_changes = "+ignored+"\n  }\n}\n")
			cli.MustRun(t, "apply", "-auto-approve")
			cli.Write(t, "main.tf", resource)
			world.Mock.ResetJournal()
			said := cli.MustRun(t, "apply", "-auto-approve", "-no-color")
			if !strings.Contains(said.Stdout, "1 changed, 0 destroyed") {
				t.Errorf("want a change in place:\n%s", said.Stdout)
			}
			world.ExpectJournal(t, acctest.Describe)
			if said := cli.Run(t, "plan", "-detailed-exitcode"); said.ExitCode != 0 {
				t.Errorf("the plan after it is not empty:\n%s", said.Stdout)
			}
		})
	}
}
