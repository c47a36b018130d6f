package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// responseBlocker delays the first response of an action that meets a running task
// until release is closed. The action runs before the delay.
type responseBlocker struct {
	action  string
	reached chan struct{}
	release chan struct{}
}

func (b *responseBlocker) wrap(w *world, inner http.Handler) http.Handler {
	first := sync.OnceFunc(func() {
		close(b.reached)
		<-b.release
	})
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		response := httptest.NewRecorder()
		inner.ServeHTTP(response, r)
		if r.Header.Get("X-TC-Action") == b.action && len(w.mock.Alive()) > 0 {
			first()
		}
		rw.Header().Set("Content-Type", response.Header().Get("Content-Type"))
		_, _ = rw.Write(response.Body.Bytes())
	})
}

// start starts the program as a separate process that runs the probes of tier 1 that
// a pattern selects. The channel receives the error of the process.
func (w *world) start(t *testing.T, only string, stdout *os.File) (*exec.Cmd, <-chan error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, os.Args[0], "-snapshots", w.snapshots)
	command.Env = append(os.Environ(), "LIVE_TEST_PROCESS=1")
	for name, value := range w.env {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Env = append(command.Env, "TRTC_LIVE_ONLY="+only)
	command.Stdout = stdout
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	return command, ended
}

// TestRun_Signals checks that an interrupted run stops its task, and that the run
// after a killed one does.
func TestRun_Signals(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no interrupt can be sent to a process")
	}
	for name, test := range map[string]struct {
		action string
		signal os.Signal
	}{
		"SIGHUP during a Start":  {"StartStreamIngest", syscall.SIGHUP},
		"SIGTERM during a Start": {"StartStreamIngest", syscall.SIGTERM},
		"interrupt":              {"DescribeStreamIngest", os.Interrupt},
		"kill":                   {"DescribeStreamIngest", os.Kill},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			block := &responseBlocker{action: test.action, reached: make(chan struct{}), release: make(chan struct{})}
			w := newWorld(t, true, block.wrap)
			command, ended := w.start(t, "^33 ", nil)
			select {
			case <-block.reached:
			case err := <-ended:
				t.Fatalf("the command ended before %s: %v", block.action, err)
			}
			if err := command.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			if test.signal != os.Kill {
				close(block.release)
			}
			var failed *exec.ExitError
			if err := <-ended; err != nil && !errors.As(err, &failed) {
				t.Fatal(err)
			}
			if test.signal == os.Kill {
				close(block.release)
				if len(w.mock.Alive()) != 1 {
					t.Fatalf("%d tasks are running after the kill, want 1", len(w.mock.Alive()))
				}
				w.env["TRTC_LIVE_ONLY"] = "^18 "
				if code, out := w.run(t); code != exitEqual || !strings.Contains(out, "An earlier run left a task") {
					t.Errorf("exit code %d of the next run:\n%s", code, out)
				}
			} else if code := failed.ExitCode(); failed != nil && code != exitInconclusive {
				t.Errorf("exit code %d", code)
			}
			w.expectNoTask(t)
		})
	}
}

// TestRun_ClosedOutput checks that tasks are stopped even if standard output is
// closed.
func TestRun_ClosedOutput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true, nil)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = reader.Close()
	_, ended := w.start(t, "^(32|34) ", writer)
	_ = writer.Close()
	if err := <-ended; err != nil || len(w.mock.Tasks()) != 2 {
		t.Errorf("%v, %d tasks were started, want 2", err, len(w.mock.Tasks()))
	}
	w.expectNoTask(t)
}
