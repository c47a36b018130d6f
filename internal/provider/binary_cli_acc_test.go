package provider_test

import (
	"strings"
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

// TestAccBinaryLogs: the program logs its calls to whoever asks, by either
// variable, and composes no line for nobody.
func TestAccBinaryLogs(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, anyTicket, func(options *trtcmock.Options) { options.Now = time.Now })
	cli := world.InstalledCLI(t)
	cli.Write(t, "main.tf", world.Config(t, nil))
	cli.MustRun(t, "apply", "-auto-approve")
	for asking, want := range map[string]bool{"": false, "TF_LOG=debug": true, "TF_LOG_PROVIDER=debug": true} {
		command := cli.Command(t, "plan")
		if asking != "" {
			command.Env = append(command.Env, asking)
		}
		said, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %s", err, said)
		}
		if got := strings.Contains(string(said), "called the TRTC API"); got != want {
			t.Errorf("with %q the call is logged: %t, want %t; said %s", asking, got, want, said)
		}
	}
}
