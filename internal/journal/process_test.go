package journal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// taskVariable makes the test binary the other process of a test.
const taskVariable = "TRTC_JOURNAL_TEST_TASK"

// play is the other process, whose working directory is the journal's. After it
// has read a line, it begins a start of the user robot, records the TaskId unless
// it is "none", and prints the states of the other records. Then it waits until it
// is killed.
func play(taskID string) int {
	j, err := Open(config("."))
	if err != nil {
		say(err)
		return 1
	}
	say("open")
	in := bufio.NewScanner(os.Stdin)
	in.Scan()
	entry, others, err := j.Begin(streamOf("robot"))
	if err == nil && taskID != "none" {
		err = entry.Started(taskID)
	}
	say(states(others), err)
	in.Scan()
	return 0
}

func say(values ...any) { _, _ = fmt.Fprintln(os.Stdout, values...) }

func states(records []Record) string {
	names := make([]string, 0, len(records))
	for _, record := range records {
		names = append(names, string(record.State))
	}
	return "[" + strings.Join(names, " ") + "]"
}

// process is another process that uses the journal.
type process struct {
	tb   testing.TB
	cmd  *exec.Cmd
	in   io.WriteCloser
	read *bufio.Reader
}

func startProcess(tb testing.TB, dir, taskID string) *process {
	tb.Helper()
	binary, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(bounded(tb), binary)
	cmd.Env = append(os.Environ(), taskVariable+"="+taskID)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	in, inErr := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	noError(tb, errors.Join(inErr, outErr, cmd.Start()))
	p := &process{tb: tb, cmd: cmd, in: in, read: bufio.NewReader(out)}
	tb.Cleanup(p.kill)
	p.expect("open")
	return p
}

// begin lets the process begin its start.
func (p *process) begin() {
	p.tb.Helper()
	if _, err := fmt.Fprintln(p.in); err != nil {
		p.tb.Fatal(err)
	}
}

// response returns the next line that the process prints.
func (p *process) response() string {
	p.tb.Helper()
	text, err := p.read.ReadString('\n')
	if err != nil {
		p.tb.Fatalf("the other process ended: %v", err)
	}
	return strings.TrimSpace(text)
}

func (p *process) expect(want string) {
	p.tb.Helper()
	if got := p.response(); got != want {
		p.tb.Fatalf("the other process prints %q, want %q", got, want)
	}
}

// kill ends the process as the out-of-memory killer does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func TestBegin_KilledOwner(t *testing.T) {
	t.Parallel()
	for taskID, want := range map[string]State{"none": Pending, "T-1": Started} {
		dir := t.TempDir()
		owner, other := startProcess(t, dir, taskID), startProcess(t, dir, "none")
		owner.begin()
		owner.expect("[] <nil>")
		other.begin()
		other.expect("[live] <nil>")
		other.kill()
		j := open(t, dir)
		if records, err := j.Unreturned(service); err != nil || states(records) != "[pending]" {
			t.Errorf("Unreturned with a live owner and a dead one = %s, %v, want the dead one", states(records), err)
		}
		owner.kill()
		records, err := j.Lookup(streamOf("robot").Key)
		if err != nil || len(records) != 2 {
			t.Fatalf("Lookup = %s, %v, want two records", states(records), err)
		}
		for _, record := range records {
			if record.State != Pending && record.State != want || record.State == Started && record.TaskID != taskID {
				t.Errorf("a record is %v with TaskId %q, want %v with %q", record.State, record.TaskID, want, taskID)
			}
		}
	}
}

// TestBegin_ConcurrentProcesses checks that, if two processes begin a start of one
// stream, at least one process finds the other record, so at most one sends the start.
func TestBegin_ConcurrentProcesses(t *testing.T) {
	t.Parallel()
	const racers, rounds = 4, 5
	for range rounds {
		dir := t.TempDir()
		processes := make([]*process, racers)
		for i := range processes {
			processes[i] = startProcess(t, dir, "none")
		}
		for _, p := range processes {
			p.begin()
		}
		alone := 0
		for _, p := range processes {
			response := p.response()
			if response == "[] <nil>" {
				alone++
			}
			if strings.Contains(response, "pending") || strings.Contains(response, "invalid") {
				t.Errorf("a racer finds %q, want live records only", response)
			}
		}
		if alone > 1 {
			t.Errorf("%d of %d racers found no other, want at most one", alone, racers)
		}
		for _, p := range processes {
			p.kill()
		}
	}
}
