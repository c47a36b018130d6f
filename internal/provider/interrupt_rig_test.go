//go:build !windows

package provider_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// rig is a working directory with the real CLI and the real provider, and a
// service of its own behind a gate.
type rig struct {
	*journaled
	*acctest.CLI

	gate *gate
}

// newRig copies a CLI with the provider installed. The gate holds the first call
// at the given moment.
func newRig(t *testing.T, installed *acctest.CLI, at moment, changes ...func(*trtcmock.Options)) *rig {
	t.Helper()
	r := &rig{journaled: &journaled{World: acctest.NewSystemWorld(t, changes...)}, CLI: installed.Copy(t)}
	r.dir = filepath.Join(r.Dir, "starts")
	r.Env = append(r.Env, "TRTC_START_JOURNAL="+r.dir)
	opened := make(chan struct{})
	r.gate = &gate{mock: r.Mock, at: at, calls: 1, opened: opened, open: sync.OnceFunc(func() { close(opened) })}
	front := httptest.NewServer(r.gate)
	t.Cleanup(front.Close)
	r.URL = front.URL
	t.Cleanup(r.gate.open)
	return r
}

// write writes the configuration.
func (r *rig) write(t *testing.T, config string) {
	t.Helper()
	r.Write(t, "main.tf", config)
}

// heldByState returns the TaskIds in the state file. It restores the state file
// from its backup when the CLI left it truncated, as a user would.
func (r *rig) heldByState(t *testing.T) []string {
	t.Helper()
	file := filepath.Join(r.Dir, "terraform.tfstate")
	text, err := os.ReadFile(file)
	if err == nil && !json.Valid(text) {
		text, err = os.ReadFile(file + ".backup") // Some CLIs create none if the state did not change.
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var state struct {
		Resources []struct {
			Instances []struct {
				Attributes struct {
					TaskID string `json:"task_id"`
				}
			}
		}
	}
	if err == nil {
		err = json.Unmarshal(text, &state)
	}
	if err != nil {
		t.Fatal(err)
	}
	var held []string
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			held = append(held, instance.Attributes.TaskID)
		}
	}
	return held
}

// commandTimeout is the time for a command; a stuck command fails its own test.
const commandTimeout = 90 * time.Second

// process is a command in its own process group, as in a terminal: Ctrl-C
// reaches the CLI and the provider.
type process struct {
	command *exec.Cmd
	output  *transcript
	ended   chan struct{}
}

// start starts a command, which must end within commandTimeout.
func (r *rig) start(t *testing.T, arguments ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), commandTimeout)
	t.Cleanup(cancel)
	model := r.Command(t, arguments...)
	p := &process{command: exec.CommandContext(ctx, model.Path, arguments...), output: new(transcript), ended: make(chan struct{})}
	p.command.Cancel = func() error {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Errorf("%s did not end: %s", arguments[0], p.output)
		}
		return p.kill(syscall.SIGKILL)
	}
	p.command.Dir, p.command.Env = model.Dir, model.Env
	p.command.Stdout, p.command.Stderr = p.output, p.output
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.command.WaitDelay = time.Second
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.command.Wait() // The exit code of an interrupted command does not matter.
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.kill(syscall.SIGKILL) // A provider may have outlived its CLI.
		<-p.ended
	})
	return p
}

// kill sends a signal to the process group.
func (p *process) kill(signal syscall.Signal) error {
	return syscall.Kill(-p.command.Process.Pid, signal)
}

// The victims of a signal.
const (
	theProvider = "provider"
	theCLI      = "CLI"
	// theGroup is the process group, which a terminal, timeout and systemd signal.
	theGroup = "group"
)

// signal sends a signal to a victim.
func (p *process) signal(t *testing.T, victim string, signal syscall.Signal) {
	t.Helper()
	target := map[string]int{theCLI: p.command.Process.Pid, theGroup: -p.command.Process.Pid}[victim]
	if victim == theProvider {
		if target = p.provider(t); target == 0 {
			t.Fatal("no provider runs")
		}
	}
	if err := syscall.Kill(target, signal); err != nil {
		t.Fatal(err)
	}
}

// provider returns the ID of the provider's process, or 0.
func (p *process) provider(t *testing.T) int {
	t.Helper()
	listing, err := exec.CommandContext(t.Context(), "ps", "-A", "-o", "pid=,pgid=,args=").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(listing)) {
		var pid, group int
		var program string
		_, err := fmt.Sscan(line, &pid, &group, &program)
		if err == nil && group == p.command.Process.Pid && filepath.Base(program) == "terraform-provider-trtc" {
			return pid
		}
	}
	return 0
}

// await waits for an event, and fails the test if the command ends without it.
func (p *process) await(t *testing.T, event string, happened func() bool) {
	t.Helper()
	eventually(t, event, func() bool {
		select {
		case <-p.ended:
			if !happened() {
				t.Fatalf("the command ended before %s: %s", event, p.output)
			}
			return true
		default:
			return happened()
		}
	})
}

// awaitText waits until the command has printed a text.
func (p *process) awaitText(t *testing.T, text string) {
	t.Helper()
	p.await(t, text, func() bool { return strings.Contains(p.output.String(), text) })
}

// eventually waits for an event of another process.
func eventually(t *testing.T, event string, happened func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(commandTimeout); !happened(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not happen", event)
		}
	}
}

// transcript is the output of a running command.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write appends output.
func (s *transcript) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(text)
}

// String returns the output so far.
func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// moment is a point in the course of a call.
type moment struct {
	action string
	// ran is true for the point after the service has run the call and before
	// its response is sent, false for the point before the call is run.
	ran bool
}

// gate holds the first calls of an action at a moment.
type gate struct {
	mock http.Handler
	at   moment
	// calls is the number of calls that are held, 1 unless a test changes it.
	calls int32
	// held, arrived, abandoned and responses count the calls that the gate has
	// seen, that wait, whose callers have gone, and that were answered.
	held, arrived, abandoned, responses atomic.Int32
	opened                              chan struct{}
	// open lets the held calls pass.
	open func()
}

// reached reports whether all held calls have arrived.
func (g *gate) reached() bool { return g.arrived.Load() == g.calls }

// gone reports whether the callers have abandoned all held calls.
func (g *gate) gone() bool { return g.abandoned.Load() == g.calls }

// done reports whether all held calls were run and answered.
func (g *gate) done() bool { return g.responses.Load() == g.calls }

// ServeHTTP passes the call to the mock even if the caller has gone.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	held := r.Header.Get("X-TC-Action") == g.at.action && g.held.Add(1) <= g.calls
	if held && !g.at.ran {
		g.hold(r)
	}
	response := httptest.NewRecorder()
	g.mock.ServeHTTP(response, r)
	if held && g.at.ran {
		g.hold(r)
	}
	w.WriteHeader(response.Code)
	_, _ = w.Write(response.Body.Bytes()) // The caller may have gone.
	if held {
		g.responses.Add(1)
	}
}

// hold waits until the gate opens, and records that the caller has gone.
func (g *gate) hold(r *http.Request) {
	g.arrived.Add(1)
	select {
	case <-r.Context().Done():
		g.abandoned.Add(1)
		<-g.opened
	case <-g.opened:
	}
}
