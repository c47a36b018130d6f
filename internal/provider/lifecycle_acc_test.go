package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccMoved checks that renaming a resource changes nothing.
func TestAccMoved(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Moved)
	world := acctest.NewWorld(t)
	const moved = "moved {\n  from = trtc_stream_ingest.test\n  to = trtc_stream_ingest.renamed\n}\n"
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: world.Config(t, nil),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
		}),
		resource.TestStep{
			Config: world.ProviderBlock() + moved + acctest.StreamIngestBlock("renamed", world.StreamIngestArguments(t, nil)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("trtc_stream_ingest.renamed", plancheck.ResourceActionNoop),
			}},
			Check: world.ExpectCalls(t),
		},
	)
}

// TestAccTaint checks that a tainted task is replaced.
func TestAccTaint(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	apply := acctest.Apply{
		Config: world.Config(t, nil),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
	}
	tainted := apply
	tainted.Action, tainted.Calls = plancheck.ResourceActionDestroyBeforeCreate, []string{acctest.Stop, acctest.Start}
	step := world.Step(t, tainted)
	step.Taint = []string{acctest.Address}
	world.Run(t, world.Step(t, apply), step)
}

// TestAccCount checks that instances are added and removed at the end of the
// list.
func TestAccCount(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := func(count string) string {
		return world.Config(t, acctest.Arguments{"count": count, "room_id": `"${6000 + count.index}"`})
	}
	world.Run(t,
		resource.TestStep{Config: config("3"), Check: world.ExpectCalls(t, acctest.Start, acctest.Start, acctest.Start)},
		resource.TestStep{Config: config("1"), Check: world.ExpectCalls(t, acctest.Stop, acctest.Stop)},
		resource.TestStep{Config: config("2"), Check: world.ExpectCalls(t, acctest.Start)},
	)
}

// TestAccCommands counts the calls of the everyday commands.
func TestAccCommands(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli := world.CLI(t)
	config := world.StreamIngestArguments(t, nil)
	write := func(changes acctest.Arguments) {
		t.Helper()
		cli.Write(t, "main.tf", world.ProviderBlock()+acctest.StreamIngestBlock("test", merge(config, changes)))
	}
	write(nil)
	cli.MustRun(t, "validate")
	world.ExpectJournal(t)
	cli.MustRun(t, "plan", "-out=saved")
	world.ExpectJournal(t)
	cli.MustRun(t, "apply", "saved")
	world.ExpectJournal(t, acctest.Start, acctest.Describe)
	if output := cli.Run(t, "plan", "-detailed-exitcode"); output.ExitCode != 0 {
		t.Errorf("the plan is not empty: %s", output.Stdout)
	}
	world.ExpectJournal(t, acctest.Describe)

	write(acctest.Arguments{"volume": "33"})
	cli.MustRun(t, "apply", "-auto-approve")
	world.ExpectJournal(t, acctest.Describe, acctest.Update)
	cli.MustRun(t, "apply", "-auto-approve", "-replace="+acctest.Address)
	world.ExpectJournal(t, append([]string{acctest.Describe}, restart...)...)
	cli.MustRun(t, "destroy", "-auto-approve")
	world.ExpectJournal(t, acctest.Describe, acctest.Stop, acctest.Describe)
}

// TestAccRefreshOnly checks that a refresh removes an ended task from state, or
// records its end, and starts nothing.
func TestAccRefreshOnly(t *testing.T) {
	t.Parallel()
	for onTaskEnd, want := range map[string]any{"recreate": nil, "keep": "NotExist"} {
		t.Run(onTaskEnd, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			cli := world.CLI(t)
			cli.Write(t, "main.tf", world.Config(t, acctest.Arguments{"on_task_end": `"` + onTaskEnd + `"`}))
			cli.MustRun(t, "apply", "-auto-approve")
			world.Mock.ResetJournal()
			// The exit code is not reliable: the CLI also reports a new order
			// of sensitive paths.
			if output := cli.MustRun(t, "plan", "-refresh-only", "-no-color"); !strings.Contains(output.Stdout, "No changes.") {
				t.Errorf("a running task drifts: %s", output.Stdout)
			}
			world.ExpectJournal(t, acctest.Describe)
			world.FinishAll()
			cli.MustRun(t, "apply", "-refresh-only", "-auto-approve")
			world.ExpectJournal(t, acctest.Describe, acctest.Describe)
			if got := cli.StateOf(t, acctest.Address)["status"]; got != want {
				t.Errorf("status in the state = %v, want %v", got, want)
			}
		})
	}
}

// TestAccGenerateConfig checks that an import block without a resource block
// generates a configuration that adopts the task once it is completed.
func TestAccGenerateConfig(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.ImportBlocks)
	world := acctest.NewWorld(t)
	taskID := running(t, world)
	cli := world.CLI(t)
	block := "import {\n  to = " + acctest.Address + "\n  id = \"ap-singapore/1400000001/" + taskID + "\"\n}\n"
	cli.Write(t, "main.tf", world.ProviderBlock()+block)
	// Arguments that the API does not return are required, so the plan fails.
	output := cli.Run(t, "plan", "-no-color", "-generate-config-out=generated.tf")
	for _, missing := range []string{"room_id", "user_id"} {
		if output.ExitCode == 0 || !strings.Contains(output.Stderr, missing) {
			t.Errorf("exit code %d, output %s; want errors about %s", output.ExitCode, output.Stderr, missing)
		}
	}
	generated := cli.Read(t, "generated.tf")
	for _, line := range []string{"sdk_app_id", "1400000001", "room_id", "user_id"} {
		if !strings.Contains(generated, line) {
			t.Errorf("generated without %s:\n%s", line, generated)
		}
	}
	for _, computed := range []string{"task_id ", "status ", "  id "} {
		if strings.Contains(generated, computed) {
			t.Errorf("generated with the computed %s:\n%s", computed, generated)
		}
	}
	cli.Write(t, "generated.tf", world.StreamIngest(t, nil))
	world.Mock.ResetJournal()
	cli.MustRun(t, "apply", "-auto-approve")
	world.ExpectJournal(t, acctest.Describe)
	if output := cli.Run(t, "plan", "-detailed-exitcode"); output.ExitCode != 0 {
		t.Errorf("the plan after the adoption is not empty: %s", output.Stdout)
	}
}

// TestAccRemovedBlock checks that a task that a removed block removes from state
// keeps running.
func TestAccRemovedBlock(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Removed)
	world := acctest.NewWorld(t)
	cli := world.CLI(t)
	cli.Write(t, "main.tf", world.Config(t, nil))
	cli.MustRun(t, "apply", "-auto-approve")
	world.Mock.ResetJournal()
	cli.Write(t, "main.tf", world.ProviderBlock()+"removed {\n  from = "+acctest.Address+"\n  lifecycle {\n    destroy = false\n  }\n}\n")
	cli.MustRun(t, "apply", "-auto-approve")
	if got := world.ChangingCalls(); len(got) > 0 {
		t.Errorf("calls = %v", got)
	}
	if alive := world.Mock.Alive(); len(alive) != 1 {
		t.Errorf("running: %v, want the forgotten task", alive)
	}
	if cli.StateOf(t, acctest.Address) != nil {
		t.Error("it is still in the state")
	}
}

// TestAccTerraformTest checks that terraform test can test a module with a
// stream ingest and leaves nothing running and no record of a start. OpenTofu can reference other runs
// only where variables are set.
func TestAccTerraformTest(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Tests)
	world := newJournaled(t)
	cli := world.CLI(t)
	cli.Write(t, "main.tf", world.Config(t, acctest.Arguments{"volume": "var.volume"})+"variable \"volume\" {\n  default = 50\n}\n")
	cli.Write(t, "stream.tftest.hcl", `
run "starts" {
  assert {
    condition     = trtc_stream_ingest.test.status == "InProgress"
    error_message = "it does not run"
  }
}
run "gets_louder" {
  variables {
    volume  = 90
    started = run.starts.task_id
  }
  assert {
    condition     = trtc_stream_ingest.test.task_id == var.started
    error_message = "another task"
  }
}
run "stays" {
  command = plan
  variables { volume = 90 }
  assert {
    condition     = trtc_stream_ingest.test.status == "InProgress"
    error_message = "it does not run any more"
  }
}
`)
	cli.Write(t, "outputs.tf", "output \"task_id\" {\n  value = trtc_stream_ingest.test.task_id\n}\n")
	result := cli.Run(t, "test", "-no-color")
	if !strings.Contains(result.Stdout, "3 passed, 0 failed") {
		t.Errorf("output: %s %s", result.Stdout, result.Stderr)
	}
	if alive := world.Mock.Alive(); len(alive) > 0 {
		t.Errorf("still running: %v", alive)
	}
	if left := files(t, world.dir); len(left) > 0 {
		t.Errorf("records are left: %v", left)
	}
	got := strings.Join(world.ChangingCalls(), " ")
	if got != acctest.Start+" "+acctest.Update+" "+acctest.Stop {
		t.Errorf("calls = %s", got)
	}
}

// TestAccManyRooms checks that of many rooms, by count and by for_each, only
// the changed one is updated.
func TestAccManyRooms(t *testing.T) {
	t.Parallel()
	const rooms = 50
	// With a clock that sleeps advance, parallel calls come in bursts.
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.RequestsPerSecond = -1 })
	cli := world.CLI(t)
	// One ticket for both configurations, because time passes between them.
	ticket := fmt.Sprintf("%q", world.UserSig(t, acctest.UserID))
	config := func(rooms int, volume string) string {
		byKey := acctest.Arguments{
			"for_each": fmt.Sprintf("toset([for n in range(%d) : tostring(5000 + n)])", rooms), "room_id": "each.value",
			"volume": volume, "user_sig": ticket,
		}
		byIndex := acctest.Arguments{"count": fmt.Sprint(rooms), "room_id": `"${6000 + count.index}"`, "user_sig": ticket}
		return world.ProviderBlock() + acctest.StreamIngestBlock("keyed", world.StreamIngestArguments(t, byKey)) +
			acctest.StreamIngestBlock("counted", world.StreamIngestArguments(t, byIndex))
	}
	expect := func(want map[string]int) {
		t.Helper()
		got := map[string]int{}
		for _, call := range world.Calls() {
			got[call]++
		}
		for call := range got {
			if got[call] != want[call] {
				t.Errorf("%d times %s, want %d", got[call], call, want[call])
			}
		}
		for call := range want {
			if got[call] == 0 {
				t.Errorf("no %s, want %d", call, want[call])
			}
		}
		world.Mock.ResetJournal()
	}

	cli.Write(t, "main.tf", config(rooms, "100"))
	cli.MustRun(t, "apply", "-auto-approve")
	expect(map[string]int{acctest.Start: 2 * rooms, acctest.Describe: 2 * rooms})

	cli.Write(t, "main.tf", config(rooms-1, `each.value == "5007" ? 1 : 100`))
	output := cli.MustRun(t, "apply", "-auto-approve", "-no-color").Stdout
	// Each task is refreshed, and the two that end are read once more.
	expect(map[string]int{acctest.Describe: 2*rooms + 2, acctest.Update: 1, acctest.Stop: 2})
	if !strings.Contains(output, "0 added, 1 changed, 2 destroyed") {
		t.Error("other rooms were touched")
	}
	if alive := world.Mock.Alive(); len(alive) != 2*(rooms-1) {
		t.Errorf("%d tasks run, want %d", len(alive), 2*(rooms-1))
	}
}
