package provider_test

import (
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
)

// probes are configurations that only a command line with a feature takes.
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
		features.WriteOnly: world.Config(t, acctest.Arguments{"user_sig": "", "user_sig_wo": `"a ticket"`}),
		features.Actions: `
action "trtc_stream_ingest_stop" "test" {
  config {
    sdk_app_id = 1400000001
    task_id    = "x"
  }
}`,
	}
}

// TestAccFeatures: what the command line can do is what the tests, and with
// them the documentation, take it to be able to do.
func TestAccFeatures(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	for feature, configuration := range probes(t, world) {
		t.Run(string(feature), func(t *testing.T) {
			t.Parallel()
			cli := world.CLI(t)
			cli.Write(t, "main.tf", configuration)
			said := cli.Run(t, "validate", "-no-color")
			if has, want := said.ExitCode == 0, acctest.Has(t, feature); has != want {
				t.Errorf("it has %s: %t, want %t; it says %s%s", feature, has, want, said.Stdout, said.Stderr)
			}
		})
	}
}
