//go:build !windows

package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
)

// nothing is the state of a record that does not exist.
const nothing journal.State = ""

// killPoint is a moment of a create, and the record that a kill then leaves, by
// victim. Without the CLI, the provider finishes its calls.
type killPoint struct {
	at    moment
	tasks int
	left  map[string]journal.State
}

func killPoints() map[string]killPoint {
	lost := map[string]journal.State{theProvider: journal.Pending, theGroup: journal.Pending, theCLI: journal.Started}
	known := map[string]journal.State{theProvider: journal.Started, theGroup: journal.Started, theCLI: journal.Started}
	unsent := map[string]journal.State{theProvider: journal.Pending, theGroup: journal.Pending, theCLI: nothing}
	return map[string]killPoint{
		"before the start is sent":  {moment{"AssumeRole", true}, 0, unsent},
		"the start on its way":      {moment{acctest.Start, false}, 1, lost},
		"the response on its way":   {moment{acctest.Start, true}, 1, lost},
		"between journal and state": {moment{acctest.Describe, false}, 1, known},
		"during the confirmation":   {moment{acctest.Describe, true}, 1, known},
		"during the pause":          {moment{acctest.Update, true}, 1, known},
	}
}

// TestAccKill kills the provider, the CLI or their process group at each moment of a create.
// The next apply starts no second task and names the first one, or that one may
// be running; the import block that it prints works.
func TestAccKill(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.ImportBlocks)
	installed := acctest.InstalledCLI(t)
	for name, point := range killPoints() {
		for victim, left := range point.left {
			t.Run(victim+", "+name, func(t *testing.T) {
				t.Parallel()
				r := newRig(t, installed, point.at)
				r.write(t, r.roleConfig(t, acctest.Arguments{"paused": "true"}))
				running := r.start(t, "apply")
				running.await(t, "the call", r.gate.reached)
				running.signal(t, victim, syscall.SIGKILL)
				switch {
				case victim != theCLI:
					<-running.ended // The provider is gone before it could read a response.
				case point.at.action != acctest.Start:
					eventually(t, "the end of the call", r.gate.gone) // Only a start outlives the CLI.
				}
				r.gate.open()
				eventually(t, "the response", r.gate.done)
				<-running.ended
				record := r.awaitRecord(t, left)
				if started := len(r.Mock.Tasks()); started != point.tasks {
					t.Fatalf("%d tasks were started, want %d; the output: %s", started, point.tasks, running.output)
				}
				r.expectRecovery(t, record)
			})
		}
	}
}

// roleConfig has a stream, and a role whose keys are fetched between the record
// of a start and the start.
func (r *rig) roleConfig(t *testing.T, arguments acctest.Arguments) string {
	t.Helper()
	return r.ProviderBlock(fmt.Sprintf("sts_endpoint = %q", r.URL), `assume_role { role_arn = "qcs::cam::uin/100000000001:roleName/deploy" }`) +
		r.StreamIngest(t, arguments)
}

// awaitRecord waits until the only record of the stream has the state, or until
// there is none.
func (r *rig) awaitRecord(t *testing.T, state journal.State) (record journal.Record) {
	t.Helper()
	eventually(t, "a record that is "+string(state), func() bool {
		records := r.records(t)
		if len(records) == 1 {
			record = records[0]
			return record.State == state
		}
		return len(records) == 0 && state == nothing
	})
	return record
}

// expectRecovery checks the commands that follow a kill, until the state has the
// one task that runs and the plan is empty.
func (r *rig) expectRecovery(t *testing.T, record journal.Record) {
	t.Helper()
	starts := r.starts()
	output := r.Run(t, "apply")
	if record.State == nothing {
		if output.ExitCode != 0 || len(r.Mock.Alive()) != 1 {
			t.Fatalf("without a record: exit code %d, tasks %v: %s", output.ExitCode, r.Mock.Alive(), output.Text())
		}
		return
	}
	for _, text := range []string{record.File, record.At.UTC().Format(time.RFC3339), "room 1001", "Nothing was started", record.TaskID} {
		if output.ExitCode == 0 || !strings.Contains(output.Text(), text) {
			t.Errorf("exit code %d, and the output does not name %q: %s", output.ExitCode, text, output.Text())
		}
	}
	if again := r.starts(); again != starts {
		t.Fatalf("%d starts were sent after the kill: %s", again-starts, output.Text())
	}
	if len(r.Mock.Alive()) == 0 {
		second := r.Run(t, "apply")
		if second.ExitCode != 0 || len(r.Mock.Alive()) != 1 || !strings.Contains(second.Text(), "starts a task anyway") {
			t.Errorf("exit code %d, tasks %v, want one and a warning: %s", second.ExitCode, r.Mock.Alive(), second.Text())
		}
		return
	}
	task := r.Mock.Alive()[0].ID
	block := regexp.MustCompile(`(?ms)^│? +import \{.*?^│? +\}$`).FindString(output.Stderr)
	r.Write(t, "import.tf", strings.NewReplacer("│", "", "ADDRESS", acctest.Address, "<TaskId>", task).Replace(block))
	r.MustRun(t, "apply")
	r.MustRun(t, "plan", "-detailed-exitcode")
	if held := r.heldByState(t); len(held) != 1 || held[0] != task || len(r.Mock.Alive()) != 1 {
		t.Errorf("the state holds %v, and %v run, want task %s alone", held, r.Mock.Alive(), task)
	}
	// The TaskId of a pending start is not recorded, so its record stays.
	if left := r.records(t); (len(left) == 0) != (record.State == journal.Started) {
		t.Errorf("records are left: %+v", left)
	}
}

// starts returns the number of starts that were sent.
func (r *rig) starts() int {
	return strings.Count(strings.Join(r.Calls(), " "), acctest.Start)
}
