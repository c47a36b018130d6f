package provider_test

import (
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// probes are configurations that only CLIs with a feature accept.
func probes(t *testing.T, world *acctest.World) map[features.Feature]string {
	t.Helper()
	stream := world.Config(t, nil)
	return map[features.Feature]string{
		features.Moved: stream + `
moved {
  from = trtc_stream_ingest.old
  to   = trtc_stream_ingest.test
}`,
		features.ImportBlocks: stream + `
variable "id" { default = "1400000001/x" }
import {
  to = trtc_stream_ingest.test
  id = var.id
}`,
		features.Identity: stream + `
import {
  to       = trtc_stream_ingest.test
  identity = { sdk_app_id = 1400000001, task_id = "x" }
}`,
		features.TerraformData: `resource "terraform_data" "test" {}`,
		features.Checks: `
check "test" {
  assert {
    condition     = path.module != ""
    error_message = "It is nowhere."
  }
}`,
		features.Removed: `
removed {
  from = trtc_stream_ingest.test
  lifecycle { destroy = false }
}`,
		features.Ephemeral: ephemeralBlock(userSigType, userSigArguments()),
		features.WriteOnly: world.Config(t, acctest.Arguments{"user_sig": "", "user_sig_wo": `"a-ticket"`}),
		features.Actions: `
action "trtc_stream_ingest_stop" "test" {
  config {
    sdk_app_id = 1400000001
    task_id    = "x"
  }
}`,
	}
}

// TestAccFeatures checks that the CLI supports exactly the features that the
// tests and the documentation assume.
func TestAccFeatures(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	for feature, configuration := range probes(t, world) {
		t.Run(string(feature), func(t *testing.T) {
			t.Parallel()
			cli := world.CLI(t)
			cli.Write(t, "main.tf", configuration)
			output := cli.Run(t, "validate", "-no-color")
			if has, want := output.ExitCode == 0, acctest.Has(t, feature); has != want {
				t.Errorf("it has %s: %t, want %t; it says %s%s", feature, has, want, output.Stdout, output.Stderr)
			}
		})
	}
}

// TestAccBinary runs the built program.
func TestAccBinary(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, anyTicket, func(options *trtcmock.Options) { options.Now = time.Now })
	// The tickets are checked by the program, which has the system's clock.
	world.Clock.Advance(time.Since(world.Clock.Now()))
	cli := acctest.InstalledCLI(t)
	cli.Write(t, "main.tf", world.Config(t, nil))
	cli.MustRun(t, "apply", "-auto-approve")
	world.ExpectJournal(t, acctest.Start, acctest.Describe)
	if output := cli.Run(t, "plan", "-detailed-exitcode"); output.ExitCode != 0 {
		t.Errorf("the plan is not empty: %s", output.Stdout)
	}
	cli.MustRun(t, "destroy", "-auto-approve", "-refresh=false")
	world.ExpectJournal(t, acctest.Describe, acctest.Stop, acctest.Describe)
}

// TestAccBinaryLogs checks that the program logs its calls when either log
// variable is set, and otherwise not.
func TestAccBinaryLogs(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, anyTicket, func(options *trtcmock.Options) { options.Now = time.Now })
	// The tickets are checked by the program, which has the system's clock.
	world.Clock.Advance(time.Since(world.Clock.Now()))
	cli := acctest.InstalledCLI(t)
	cli.Write(t, "main.tf", world.Config(t, nil))
	cli.MustRun(t, "apply", "-auto-approve")
	for asking, want := range map[string]bool{"": false, "TF_LOG=debug": true, "TF_LOG_PROVIDER=debug": true} {
		command := cli.Command(t, "plan")
		if asking != "" {
			command.Env = append(command.Env, asking)
		}
		output, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %s", err, output)
		}
		if got := strings.Contains(string(output), "called the TRTC API"); got != want {
			t.Errorf("with %q the call is logged: %t, want %t; output: %s", asking, got, want, output)
		}
	}
}
