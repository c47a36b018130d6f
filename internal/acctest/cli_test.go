package acctest_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
)

// TestAccCLI runs commands with the provider served from this process.
func TestAccCLI(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli := world.CLI(t)
	cli.Write(t, "main.tf", world.Config(t, nil))
	if cli.Read(t, "versions.tf") != acctest.RequiredProviders {
		t.Errorf("versions.tf: %s", cli.Read(t, "versions.tf"))
	}
	cli.MustRun(t, "apply", "-auto-approve", "-input=false", "-no-color")
	world.ExpectJournal(t, acctest.Start, acctest.Describe)
	if state := cli.StateOf(t, acctest.Address); state["task_id"] != world.Mock.Alive()[0].ID {
		t.Errorf("state %v", state)
	}
	if state := cli.StateOf(t, "trtc_stream_ingest.other"); state != nil {
		t.Errorf("state of a resource that does not exist: %v", state)
	}
	failed := cli.Run(t, "plan", "-no-such-flag")
	if failed.ExitCode == 0 || !strings.Contains(failed.Stdout+failed.Stderr, "no-such-flag") {
		t.Errorf("an unknown flag: %+v", failed)
	}
}

func TestAccNeeds(t *testing.T) { //nolint:tparallel // The result of a subtest is needed at once.
	t.Parallel()
	acctest.Program(t)
	for _, feature := range []features.Feature{features.Moved, "a feature of no CLI"} {
		skipped := true
		t.Run(string(feature), func(t *testing.T) {
			acctest.Needs(t, feature)
			skipped = false
		})
		if has := acctest.Has(t, feature); has == skipped || has && feature != features.Moved {
			t.Errorf("%s: the CLI has it: %t, skipped: %t", feature, has, skipped)
		}
	}
}
