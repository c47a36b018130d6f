package provider_test

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccBinary is the program itself, as a user installs it.
func TestAccBinary(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, anyTicket, func(options *trtcmock.Options) { options.Now = time.Now })
	cli := world.InstalledCLI(t)
	cli.Write(t, "main.tf", world.Config(t, nil))
	cli.MustRun(t, "apply", "-auto-approve")
	world.ExpectJournal(t, acctest.Start, acctest.Describe)
	if said := cli.Run(t, "plan", "-detailed-exitcode"); said.ExitCode != 0 {
		t.Errorf("the plan is not empty: %s", said.Stdout)
	}
	cli.MustRun(t, "destroy", "-auto-approve", "-refresh=false")
	world.ExpectJournal(t, acctest.Describe, acctest.Stop, acctest.Describe)
}
