package journal

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const roleVariable = "TRTC_JOURNAL_TEST_ROLE"

// play is the other process, whose working directory is the journal's. It
// prints one line for each line that it reads: "begin" begins a start of the
// user role and prints the states of the other records, "started T" records a
// TaskId, and "close" closes the entry.
func play(role string) int {
	j, err := Open(config("."))
	if err != nil {
		say(err)
		return 1
	}
	say("open")
	var entry *Entry
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		command, argument, _ := strings.Cut(in.Text(), " ")
		var others []Record
		switch command {
		case "begin":
			entry, others, err = j.Begin(streamOf(role))
		case "started":
			err = entry.Started(argument)
		case "close":
			err = entry.Close()
		}
		say(states(others), err)
	}
	return 0
}

func say(values ...any) { _, _ = fmt.Fprintln(os.Stdout, values...) }

func states(records []Record) string {
	names := make([]string, 0, len(records))
	for _, record := range records {
		names = append(names, record.State.String())
	}
	return "[" + strings.Join(names, " ") + "]"
}

// process is another process that uses the
type process struct {
	tb   testing.TB
	cmd  *exec.Cmd
	in   io.WriteCloser
	read *bufio.Reader
}

func startProcess(tb testing.TB, dir, user string) *process {
	tb.Helper()
	binary, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(bounded(tb), binary)
	cmd.Env = append(os.Environ(), roleVariable+"="+user)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	p := &process{tb: tb, cmd: cmd, in: in, read: bufio.NewReader(out)}
	tb.Cleanup(p.kill)
	p.expect("open")
	return p
}

func (p *process) send(command string) {
	p.tb.Helper()
	if _, err := fmt.Fprintln(p.in, command); err != nil {
		p.tb.Fatal(err)
	}
}

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
		p.tb.Fatalf("the other process says %q, want %q", got, want)
	}
}

// kill ends the process as the out-of-memory killer does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func TestBegin_KilledOwner(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		commands []string
		taskID   string
		want     State
	}{
		"before the response": {commands: []string{"begin"}, want: Pending},
		"after the response":  {commands: []string{"begin", "started T-1"}, taskID: "T-1", want: Started},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			owner := startProcess(t, dir, "robot")
			for _, command := range test.commands {
				owner.send(command)
				owner.expect("[] <nil>")
			}
			other := startProcess(t, dir, "robot")
			other.send("begin")
			other.expect("[live] <nil>")
			other.kill()

			j := open(t, dir)
			if records, err := j.Unreturned(streamOf("robot").Key.Service); err != nil || states(records) != "[pending]" {
				t.Errorf("Unreturned with a live owner and a dead one = %s, %v, want the dead one", states(records), err)
			}
			owner.kill()
			records, err := j.Lookup(streamOf("robot").Key)
			if err != nil || len(records) != 2 {
				t.Fatalf("Lookup = %s, %v, want two records", states(records), err)
			}
			for _, record := range records {
				if record.State != Pending && record.State != test.want || record.State == Started && record.TaskID != test.taskID {
					t.Errorf("a record is %v with TaskId %q, want %v with %q", record.State, record.TaskID, test.want, test.taskID)
				}
			}
		})
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
			processes[i] = startProcess(t, dir, "robot")
		}
		for _, p := range processes {
			p.send("begin")
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
			t.Errorf("%d of %d racers found nobody, want at most one", alone, racers)
		}
		for _, p := range processes {
			p.kill()
		}
	}
}
