package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
)

// strayOnCLI is a command line with an action for a task that no state has. It
// skips the test where there are no actions.
func strayOnCLI(t *testing.T, world *acctest.World, further string) (cli *acctest.CLI, taskID string) {
	t.Helper()
	acctest.Needs(t, features.Actions)
	cli, taskID = world.CLI(t), running(t, world)
	cli.Write(t, "main.tf", world.ProviderBlock()+further+fmt.Sprintf(`
action "trtc_stream_ingest_stop" "stray" {
  config {
    sdk_app_id = %d
    task_id    = %q
  }
}
`, acctest.SdkAppID, taskID))
	return cli, taskID
}

// TestAccStopActionOnCLI: a user invokes the action, sees what it does, and
// nothing comes into the state.
func TestAccStopActionOnCLI(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli, taskID := strayOnCLI(t, world, "")
	said := cli.MustRun(t, "apply", "-auto-approve", "-no-color", "-invoke=action."+stopAction+".stray").Stdout
	for _, told := range []string{"Stopping task " + taskID, "Task " + taskID + " is gone"} {
		if !strings.Contains(said, told) {
			t.Errorf("the CLI does not say %q: %s", told, said)
		}
	}
	world.ExpectJournal(t, acctest.Stop, acctest.Describe)
	cli.MustRun(t, "apply", "-auto-approve")
	world.ExpectJournal(t)
}

// TestAccStopActionRefusedOnCLI: a user sees why nothing was stopped, and the
// command fails.
func TestAccStopActionRefusedOnCLI(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli, _ := strayOnCLI(t, world, "")
	world.Inject(t, acctest.Answer(acctest.Stop, "UnauthorizedOperation"))
	said := cli.Run(t, "apply", "-auto-approve", "-no-color", "-invoke=action."+stopAction+".stray")
	if said.ExitCode != 1 || !strings.Contains(said.Stderr, "Code: UnauthorizedOperation") {
		t.Errorf("exit code %d, said %s", said.ExitCode, said.Stderr)
	}
	world.ExpectJournal(t, acctest.Stop+":UnauthorizedOperation")
}

// TestAccStopActionTriggered: another resource's life invokes the action, once.
func TestAccStopActionTriggered(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli, _ := strayOnCLI(t, world, `
resource "terraform_data" "moved_elsewhere" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.trtc_stream_ingest_stop.stray]
    }
  }
}
`)
	cli.MustRun(t, "plan")
	world.ExpectJournal(t)
	cli.MustRun(t, "apply", "-auto-approve")
	world.ExpectJournal(t, acctest.Stop, acctest.Describe)
	if said := cli.Run(t, "plan", "-detailed-exitcode", "-no-color"); said.ExitCode != 0 {
		t.Errorf("the plan after it is not empty: %s", said.Stdout)
	}
	cli.MustRun(t, "destroy", "-auto-approve")
	world.ExpectJournal(t)
}
