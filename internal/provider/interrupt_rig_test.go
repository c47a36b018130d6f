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
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// rig is a working directory with the real CLI and the real provider, and its
// own service behind a gate.
type rig struct {
	*acctest.World

	model *exec.Cmd
	dir   string
	gate  *gate
	// gated is true while calls pass through the gate.
	gated *atomic.Bool
}

// newRig uses the program, environment and settings of a CLI with the provider
// installed. The gate holds the first call at the given moment.
func newRig(t *testing.T, installed *acctest.CLI, at moment, changes ...func(*trtcmock.Options)) *rig {
	t.Helper()
	changes = append(changes, anyTicket, func(options *trtcmock.Options) { options.Now = time.Now })
	r := &rig{World: acctest.NewWorld(t, changes...), model: installed.Command(t), dir: t.TempDir(), gated: new(atomic.Bool)}
	r.model.Env = append(slices.Clone(r.model.Env), "TRTC_START_JOURNAL="+r.journalDir())
	r.gate = newGate(r.Mock, at)
	r.gated.Store(true)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if r.gated.Load() {
			r.gate.ServeHTTP(w, request)
		} else {
			r.Mock.ServeHTTP(w, request)
		}
	}))
	t.Cleanup(front.Close)
	t.Cleanup(r.gate.open)
	r.URL = front.URL
	return r
}

// journalDir is the directory of the start journal.
func (r *rig) journalDir() string { return filepath.Join(r.dir, "starts") }

func (r *rig) write(t *testing.T, config string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, "main.tf"), []byte(acctest.RequiredProviders+config), 0o600); err != nil {
		t.Fatal(err)
	}
}

// commandTimeout is the command timeout; a stuck command fails its own test.
const commandTimeout = 90 * time.Second

var errStuck = errors.New("killed because it did not end")

// process is a command in its own process group, as in a terminal: Ctrl-C
// reaches the CLI and the provider.
type process struct {
	command *exec.Cmd
	output  *transcript
	ended   chan struct{}
}

// start starts a command of the CLI.
func (r *rig) start(t *testing.T, arguments ...string) *process {
	t.Helper()
	return startLike(t, r.model, r.dir, arguments...)
}

// startLike starts a command with the program and environment of the model. It
// must end within commandTimeout.
func startLike(t *testing.T, model *exec.Cmd, dir string, arguments ...string) *process {
	t.Helper()
	output := &transcript{}
	ctx, cancel := context.WithTimeoutCause(t.Context(), commandTimeout, errStuck)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, model.Path, arguments...)
	command.Cancel = func() error {
		if cause := context.Cause(ctx); errors.Is(cause, errStuck) {
			t.Errorf("%s: %v: %s", arguments[0], cause, output)
		}
		return syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	}
	command.Dir, command.Env = dir, model.Env
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.WaitDelay = time.Second
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	running := &process{command: command, output: output, ended: make(chan struct{})}
	go func() {
		_ = command.Wait() // The exit code of an interrupted command does not matter.
		close(running.ended)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) // A provider may have outlived its CLI.
		<-running.ended
	})
	return running
}

// The victims of a signal.
const (
	theProvider = "provider"
	theCLI      = "CLI"
	// theGroup is what a terminal, timeout and systemd signal.
	theGroup = "group"
)

// interrupt sends Ctrl-C.
func (p *process) interrupt(t *testing.T) {
	t.Helper()
	p.signal(t, theGroup, syscall.SIGINT)
}

// signal sends a signal to a victim.
func (p *process) signal(t *testing.T, victim string, signal syscall.Signal) {
	t.Helper()
	var err error
	switch victim {
	case theProvider:
		p.signalProvider(t, signal)
	case theCLI:
		err = syscall.Kill(p.command.Process.Pid, signal)
	default:
		err = syscall.Kill(-p.command.Process.Pid, signal)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// suspendProvider suspends the provider's process until resume is called.
func (p *process) suspendProvider(t *testing.T) (resume func()) {
	t.Helper()
	pid := p.signalProvider(t, syscall.SIGSTOP)
	return func() { _ = syscall.Kill(pid, syscall.SIGCONT) } // The CLI may have killed it.
}

// signalProvider sends a signal to the provider's process.
func (p *process) signalProvider(t *testing.T, signal syscall.Signal) (provider int) {
	t.Helper()
	provider, listing := p.provider(t)
	if provider == 0 {
		t.Fatalf("no provider runs:\n%s", listing)
	}
	if err := syscall.Kill(provider, signal); err != nil {
		t.Fatal(err)
	}
	return provider
}

// provider returns the ID of the provider's process, or 0, and a list of all
// processes.
func (p *process) provider(t *testing.T) (provider int, listing string) {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "ps", "-A", "-o", "pid=,pgid=,args=").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(output)) {
		var pid, group int
		var program string
		_, err := fmt.Sscan(line, &pid, &group, &program)
		if err == nil && group == p.command.Process.Pid && filepath.Base(program) == "terraform-provider-trtc" {
			return pid, string(output)
		}
	}
	return 0, string(output)
}

// await waits for an event, and fails the test if the command ends without it.
func (p *process) await(t *testing.T, what string, event <-chan struct{}) {
	t.Helper()
	select {
	case <-event:
	case <-p.ended:
		select {
		case <-event:
		default:
			t.Fatalf("the command ended, and not after %s: %s", what, p.output)
		}
	}
}

// run runs a command, which must succeed.
func (r *rig) run(t *testing.T, arguments ...string) {
	t.Helper()
	running := r.start(t, arguments...)
	<-running.ended
	if code := running.command.ProcessState.ExitCode(); code != 0 {
		t.Fatalf("%s: exit code %d: %s", arguments[0], code, running.output)
	}
}

// heldByState returns the TaskIds in the state file.
func (r *rig) heldByState(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, "terraform.tfstate"))
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

// orphans returns the tasks that run and are in no state.
func (r *rig) orphans(t *testing.T) []trtcmock.Task {
	t.Helper()
	held := r.heldByState(t)
	return slices.DeleteFunc(r.Mock.Alive(), func(task trtcmock.Task) bool { return slices.Contains(held, task.ID) })
}

// transcript collects the output of a running command.
type transcript struct {
	mu      sync.Mutex
	text    bytes.Buffer
	waiting []listener
}

type listener struct {
	text  string
	heard chan struct{}
}

// Write appends output, and closes the channels of texts that it contains now.
func (s *transcript) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(text)
	s.waiting = slices.DeleteFunc(s.waiting, func(one listener) bool {
		heard := strings.Contains(s.text.String(), one.text)
		if heard {
			close(one.heard)
		}
		return heard
	})
	return len(text), nil
}

// hears returns a channel that is closed once the output contains the text.
func (s *transcript) hears(text string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	heard := make(chan struct{})
	if strings.Contains(s.text.String(), text) {
		close(heard)
		return heard
	}
	s.waiting = append(s.waiting, listener{text: text, heard: heard})
	return heard
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

	// reached is closed when all held calls have arrived, gone when their callers
	// have abandoned them, opened when they may pass, and done when they were run
	// and answered.
	reached, gone, opened, done         chan struct{}
	held, arrived, abandoned, responses atomic.Int32
	open                                func()
}

func newGate(mock http.Handler, at moment) *gate {
	opened := make(chan struct{})
	return &gate{
		mock: mock, at: at, calls: 1,
		reached: make(chan struct{}), gone: make(chan struct{}), done: make(chan struct{}),
		opened: opened, open: sync.OnceFunc(func() { close(opened) }),
	}
}

// ServeHTTP passes the call to the mock even if the caller has gone.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	held := r.Header.Get("X-TC-Action") == g.at.action && g.held.Add(1) <= g.calls
	if held {
		defer g.count(&g.responses, g.done)
	}
	if held && !g.at.ran {
		g.hold(r)
	}
	answer := httptest.NewRecorder()
	g.mock.ServeHTTP(answer, r)
	if held && g.at.ran {
		g.hold(r)
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // The caller may have gone.
}

// count counts a held call, and closes the channel after the last one.
func (g *gate) count(counter *atomic.Int32, last chan struct{}) {
	if counter.Add(1) == g.calls {
		close(last)
	}
}

// hold waits until the gate opens, and records that the caller has gone.
func (g *gate) hold(r *http.Request) {
	g.count(&g.arrived, g.reached)
	select {
	case <-r.Context().Done():
		g.count(&g.abandoned, g.gone)
		<-g.opened
	case <-g.opened:
	}
}
