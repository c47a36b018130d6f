//go:build !windows

package provider_test

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// nothing is the state of a record that does not exist.
const nothing journal.State = 0

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
		"before the start is sent":      {moment{"AssumeRole", true}, 0, unsent},
		"the start on its way":          {moment{acctest.Start, false}, 1, lost},
		"the start's answer on its way": {moment{acctest.Start, true}, 1, lost},
		"between journal and state":     {moment{acctest.Describe, false}, 1, known},
		"during the confirmation":       {moment{acctest.Describe, true}, 1, known},
		"during the pause":              {moment{acctest.Update, true}, 1, known},
	}
}

// TestAccKill kills the provider, the CLI or their process group at each moment of a create.
// The next apply starts no second task and names the first one, or that one may
// be running; the import block that it prints works.
func TestAccKill(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.ImportBlocks)
	installed := acctest.NewWorld(t).InstalledCLI(t)
	for name, point := range killPoints() {
		for victim, left := range point.left {
			t.Run(victim+", "+name, func(t *testing.T) {
				t.Parallel()
				r := newRig(t, installed, point.at)
				r.write(t, r.pausedConfig(t))
				running := r.start(t, applyNow()...)
				running.await(t, "the call was made", r.gate.reached)
				running.signal(t, victim, syscall.SIGKILL)
				switch {
				case victim != theCLI:
					<-running.ended // The provider is gone before it could read an answer.
				case point.at.action != acctest.Start:
					<-r.gate.gone // Only a start outlives the CLI.
				}
				r.gate.open()
				<-r.gate.done
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

// applyNow returns the arguments of an apply without questions.
func applyNow() []string { return []string{"apply", "-auto-approve", "-input=false", "-no-color"} }

// pausedConfig is roleConfig with a paused stream.
func (r *rig) pausedConfig(t *testing.T) string {
	t.Helper()
	return r.roleConfig(t, acctest.Arguments{"paused": "true"})
}

// roleConfig has a stream, and a role whose keys are fetched between the record
// of a start and the start.
func (r *rig) roleConfig(t *testing.T, arguments acctest.Arguments) string {
	t.Helper()
	arguments["user_sig"] = `"a-ticket"`
	return r.ProviderBlock(fmt.Sprintf("sts_endpoint = %q", r.URL), `assume_role { role_arn = "qcs::cam::uin/100000000001:roleName/deploy" }`) +
		r.StreamIngest(t, arguments)
}

// key is the stream of pausedConfig.
func (r *rig) key() journal.Key {
	return journal.Key{
		Service: r.Service(), SdkAppID: acctest.SdkAppID, RoomIDType: 1, RoomID: "1001", UserID: acctest.UserID,
	}
}

// openJournal opens the start journal.
func (r *rig) openJournal(t *testing.T) *journal.Journal {
	t.Helper()
	opened, err := journal.Open(journal.Config{Dir: r.journalDir(), Clock: clock.System(), Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// records returns the records of the stream.
func (r *rig) records(t *testing.T) []journal.Record {
	t.Helper()
	records, err := r.openJournal(t).Lookup(r.key())
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// awaitRecord waits until the only record of the stream has the state, or until
// there is none.
func (r *rig) awaitRecord(t *testing.T, state journal.State) journal.Record {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(commandTimeout); ; <-tick.C {
		records := r.records(t)
		switch {
		case len(records) == 0 && state == nothing:
			return journal.Record{}
		case len(records) == 1 && records[0].State == state:
			return records[0]
		case time.Now().After(deadline):
			t.Fatalf("records = %+v, want one that is %s", records, state)
		}
	}
}

// expectRecovery checks the commands that follow a kill, until the state has the
// one task that runs and the plan is empty.
func (r *rig) expectRecovery(t *testing.T, record journal.Record) {
	t.Helper()
	starts := r.starts()
	code, output := r.command(t, applyNow()...)
	if record.State == nothing {
		if code != 0 || len(r.Mock.Alive()) != 1 {
			t.Fatalf("without a record: exit code %d, tasks %v: %s", code, r.Mock.Alive(), output)
		}
		return
	}
	says := []string{record.File, record.At.UTC().Format(time.RFC3339), "room 1001", "Nothing was started", record.TaskID}
	for _, text := range says {
		if code == 0 || !strings.Contains(flat(output), text) {
			t.Errorf("exit code %d, and the output does not name %q: %s", code, text, output)
		}
	}
	if again := r.starts(); again != starts {
		t.Fatalf("%d starts were sent after the kill: %s", again-starts, output)
	}
	if len(r.Mock.Alive()) == 0 {
		r.expectSecondApply(t, output)
		return
	}
	task := r.Mock.Alive()[0].ID
	block := importBlock(t, output)
	block = strings.NewReplacer("ADDRESS", acctest.Address, "<TaskId>", task).Replace(block)
	if err := os.WriteFile(filepath.Join(r.dir, "import.tf"), []byte(block), 0o600); err != nil {
		t.Fatal(err)
	}
	r.run(t, applyNow()...)
	r.run(t, "plan", "-detailed-exitcode", "-input=false")
	if held := r.heldByState(t); len(held) != 1 || held[0] != task || len(r.Mock.Alive()) != 1 {
		t.Errorf("the state holds %v, and %v run, want task %s alone", held, r.Mock.Alive(), task)
	}
	// The TaskId of a pending start is not recorded, so its record stays.
	if left := r.records(t); (len(left) == 0) != (record.State == journal.Started) {
		t.Errorf("records are left: %+v", left)
	}
}

// expectSecondApply checks the apply after the one that reported a start whose
// task does not run.
func (r *rig) expectSecondApply(t *testing.T, reported string) {
	t.Helper()
	code, output := r.command(t, applyNow()...)
	if code != 0 || len(r.Mock.Alive()) != 1 || !strings.Contains(flat(output), "starts a task anyway") {
		t.Errorf("exit code %d, tasks %v, want one and a warning: %s; before: %s", code, r.Mock.Alive(), output, reported)
	}
}

// starts returns the number of starts that were sent.
func (r *rig) starts() int {
	return strings.Count(strings.Join(r.Calls(), " "), acctest.Start)
}

// command runs a command, which may fail.
func (r *rig) command(t *testing.T, arguments ...string) (code int, output string) {
	t.Helper()
	running := r.start(t, arguments...)
	<-running.ended
	return running.command.ProcessState.ExitCode(), running.output.String()
}

// unframed returns output without the frame around diagnostics.
func unframed(output string) string {
	return regexp.MustCompile(`(?m)^[│╷╵] ?`).ReplaceAllString(output, "")
}

// flat returns output in one line, because the CLI wraps diagnostics.
func flat(output string) string {
	return strings.Join(strings.Fields(unframed(output)), " ")
}

// importBlock returns the import block in the output.
func importBlock(t *testing.T, output string) string {
	t.Helper()
	block := regexp.MustCompile(`(?ms)^  import \{.*?^  \}$`).FindString(unframed(output))
	if block == "" {
		t.Fatalf("there is no import block: %s", output)
	}
	return block + "\n"
}

// TestAccTwoApplies runs two applies of one stream at once, from two copies of
// the configuration: one task runs, and one apply has an error.
func TestAccTwoApplies(t *testing.T) {
	t.Parallel()
	installed := acctest.NewWorld(t).InstalledCLI(t)
	r := newRig(t, installed, moment{acctest.Start, false})
	r.write(t, r.pausedConfig(t))
	first := r.start(t, applyNow()...)
	first.await(t, "the call was made", r.gate.reached)

	copied := *r
	copied.dir = t.TempDir()
	copied.write(t, r.pausedConfig(t))
	code, output := copied.command(t, applyNow()...)
	if code == 0 || !strings.Contains(flat(output), "Another run is starting this stream") {
		t.Errorf("the second apply: exit code %d: %s", code, output)
	}
	r.gate.open()
	<-first.ended
	if held := r.heldByState(t); len(held) != 1 || len(r.Mock.Tasks()) != 1 {
		t.Errorf("the state holds %v, and %v were started, want one", held, r.Mock.Tasks())
	}
	code, output = copied.command(t, applyNow()...)
	if task := r.Mock.Alive()[0].ID; code == 0 || !strings.Contains(flat(output), task) || len(r.Mock.Tasks()) != 1 {
		t.Errorf("the next apply of the copy: exit code %d, want an error that names %s: %s", code, task, output)
	}
}

// TestAccErroredState checks an apply after one that could not save its state:
// it names the task and the file that has it.
func TestAccErroredState(t *testing.T) {
	t.Parallel()
	w := newJournaled(t, func(options *trtcmock.Options) { options.AppKeys = nil })
	cli := w.CLI(t)
	cli.Write(t, "main.tf", w.Config(t, acctest.Arguments{"user_sig": `"a-ticket"`}))
	cli.MustRun(t, applyNow()...)
	dir := cli.Command(t).Dir
	if err := os.Rename(filepath.Join(dir, "terraform.tfstate"), filepath.Join(dir, "errored.tfstate")); err != nil {
		t.Fatal(err)
	}
	w.Mock.ResetJournal()
	output := cli.Run(t, applyNow()...)
	if said := flat(output.Stdout + output.Stderr); output.ExitCode == 0 || !strings.Contains(said, w.Mock.Alive()[0].ID) ||
		!strings.Contains(said, "terraform state push errored.tfstate") {
		t.Errorf("exit code %d: %s", output.ExitCode, said)
	}
	w.ExpectJournal(t, acctest.Describe)
	cli.MustRun(t, "state", "push", "errored.tfstate")
	cli.MustRun(t, "plan", "-detailed-exitcode", "-refresh=false")
	if left := files(t, w.dir); len(left) > 0 {
		t.Errorf("records are left: %v", left)
	}
}
