package main

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// responseBlocker delays the first response of an action after a Start, or of the
// Start, until release is closed. The action runs before the delay.
type responseBlocker struct {
	action  string
	reached chan struct{}
	release chan struct{}
}

func newResponseBlocker(action string) *responseBlocker {
	return &responseBlocker{action: action, reached: make(chan struct{}), release: make(chan struct{})}
}

func (b *responseBlocker) wrap(_ *world, inner http.Handler) http.Handler {
	isStarted := atomic.Bool{}
	first := sync.OnceFunc(func() {
		close(b.reached)
		<-b.release
	})
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		response := httptest.NewRecorder()
		inner.ServeHTTP(response, r)
		action := r.Header.Get("X-TC-Action")
		if action == "StartStreamIngest" {
			isStarted.Store(true)
		}
		if isStarted.Load() && action == b.action {
			first()
		}
		maps.Copy(rw.Header(), response.Header())
		rw.WriteHeader(response.Code)
		_, _ = rw.Write(response.Body.Bytes())
	})
}

// command returns the program as a separate process.
func (w *world) command(t *testing.T, only string, tier string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, os.Args[0], "-snapshots", w.snapshots)
	command.Env = append(os.Environ(), "LIVE_TEST_PROCESS=1")
	for name, value := range w.env {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Env = append(command.Env, "TRTC_LIVE_ONLY="+only, "TRTC_LIVE_TIER="+tier)
	command.Stdout, command.Stderr = &out, &out
	return command, &out
}

// startUntil starts the command and waits until the response of the action is
// blocked. The channel receives the error of the process.
func (b *responseBlocker) startUntil(t *testing.T, command *exec.Cmd) <-chan error {
	t.Helper()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case <-b.reached:
	case err := <-ended:
		t.Fatalf("the command ended before %s: %v", b.action, err)
	}
	return ended
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var failed *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &failed):
		return failed.ExitCode()
	default:
		t.Fatal(err)
		return -1
	}
}

func TestRun_Interrupted(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no interrupt can be sent to a process")
	}
	for action, signal := range map[string]os.Signal{"StartStreamIngest": syscall.SIGHUP, "DescribeStreamIngest": os.Interrupt} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			block := newResponseBlocker(action)
			w := newWorld(t, true, nil, block.wrap)
			command, out := w.command(t, "^33 ", "1")
			ended := block.startUntil(t, command)
			if len(w.mock.Alive()) != 1 {
				t.Errorf("%d tasks are running before the interrupt, want 1", len(w.mock.Alive()))
			}
			if err := command.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			close(block.release)
			if code := exitCode(t, <-ended); code != exitInconclusive && code != exitEqual {
				t.Errorf("exit code %d:\n%s", code, out)
			}
			w.expectNoTask(t)
		})
	}
}

// TestRun_KilledWithTask checks that the next run or the sweeper stops the task that a
// killed run has left.
func TestRun_KilledWithTask(t *testing.T) {
	t.Parallel()
	for name, cleanUp := range map[string]func(*testing.T, *world) string{
		"next run": func(t *testing.T, w *world) string {
			t.Helper()
			next, out := w.command(t, "^18 ", "0")
			if code := exitCode(t, next.Run()); code != exitEqual {
				t.Errorf("exit code %d:\n%s", code, out)
			}
			return out.String()
		},
		"sweeper": func(t *testing.T, w *world) string {
			t.Helper()
			var out bytes.Buffer
			p := program{
				lookupEnv: func(name string) (string, bool) { value, ok := w.env[name]; return value, ok },
				homeDir:   func() (string, error) { return t.TempDir(), nil },
				clock:     w.clock, stdout: &out,
			}
			if err := sweep(t.Context(), p); err != nil {
				t.Error(err)
			}
			return out.String()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			block := newResponseBlocker("DescribeStreamIngest")
			w := newWorld(t, true, nil, block.wrap)
			command, _ := w.command(t, "^33 ", "1")
			ended := block.startUntil(t, command)
			if err := command.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			if err := <-ended; err == nil {
				t.Error("the killed command succeeded")
			}
			close(block.release)
			if len(w.mock.Alive()) != 1 {
				t.Fatalf("%d tasks are running after the kill, want 1", len(w.mock.Alive()))
			}
			if out := cleanUp(t, w); !strings.Contains(out, "An earlier run left a task") {
				t.Errorf("the task is not reported:\n%s", out)
			}
			w.expectNoTask(t)
		})
	}
}

// TestRun_KilledDuringStart checks that the next run reports a start without a
// TaskId, whose task it cannot stop.
func TestRun_KilledDuringStart(t *testing.T) {
	t.Parallel()
	block := newResponseBlocker("StartStreamIngest")
	w := newWorld(t, true, nil, block.wrap)
	command, _ := w.command(t, "^33 ", "1")
	ended := block.startUntil(t, command)
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Error("the killed command succeeded")
	}
	close(block.release)
	for _, task := range w.mock.Alive() {
		if task.MaxDuration == nil || *task.MaxDuration > 2 || task.RepeatNum != -1 {
			t.Errorf("a task without a TaskId runs for %v minutes", task.MaxDuration)
		}
	}
	for i, want := range []int{exitInconclusive, exitEqual} {
		next, out := w.command(t, "^18 ", "0")
		code := exitCode(t, next.Run())
		if isReported := strings.Contains(out.String(), "was killed during a Start"); code != want || isReported != (i == 0) {
			t.Errorf("run %d: exit code %d, want %d:\n%s", i, code, want, out)
		}
	}
}

// TestRun_ClosedOutput checks that tasks are stopped even if standard output is
// closed.
func TestRun_ClosedOutput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, nil, nil)
	command, _ := w.command(t, "^(32|34) ", "1")
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stdout = writer
	_ = reader.Close()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	_ = writer.Close()
	if code := exitCode(t, command.Wait()); code != exitEqual {
		t.Errorf("exit code %d", code)
	}
	if len(w.mock.Tasks()) != 2 {
		t.Errorf("%d tasks were started, want 2", len(w.mock.Tasks()))
	}
	w.expectNoTask(t)
}
