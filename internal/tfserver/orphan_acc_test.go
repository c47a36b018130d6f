//go:build linux

package tfserver_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccOrphan kills the CLI while the service runs a start. The provider
// takes the answer and then exits, whether somebody wanted its log or not.
func TestAccOrphan(t *testing.T) {
	t.Parallel()
	installed := acctest.NewWorld(t).InstalledCLI(t)
	// Orphans become children of this process, which can see how they end.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	for name, variables := range map[string][]string{"no log": nil, "log": {"TF_LOG=trace"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Now, options.AppKeys = time.Now, nil })
			// Long enough for the provider to notice that it is an orphan.
			world.Inject(t, trtcmock.Fault{Action: acctest.Start, Kind: trtcmock.FaultDelay, Delay: trtcmock.Duration(3 * time.Second)})
			started, heard := make(chan struct{}), make(chan bool, 1)
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("X-TC-Action") == acctest.Start {
					close(started)
					defer func() { heard <- r.Context().Err() == nil }()
				}
				world.Mock.ServeHTTP(w, r)
			}))
			t.Cleanup(front.Close)
			world.URL = front.URL

			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			cli := apply(ctx, t, installed, world, variables...)
			select {
			case <-started:
			case <-ctx.Done():
				t.Fatal("nothing was started")
			}
			if err := cli.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cli.Wait() // It was killed.
			for _, status := range reap(t, cli.Process.Pid) {
				if !status.Exited() || status.ExitStatus() != 0 {
					t.Errorf("the provider ended with exit status %d, signal %d", status.ExitStatus(), status.Signal())
				}
			}
			if !<-heard {
				t.Error("the provider was gone before the start was answered")
			}
			world.ExpectJournal(t, acctest.Start)
		})
	}
}

// apply starts an apply of one stream in a process group of its own, which is
// killed when the context runs out of time.
func apply(ctx context.Context, t *testing.T, installed *acctest.CLI, world *acctest.World, variables ...string) *exec.Cmd {
	t.Helper()
	model, dir := installed.Command(t), t.TempDir()
	config := acctest.RequiredProviders + world.Config(t, acctest.Arguments{"user_sig": `"a-ticket"`})
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(model.Path, "apply", "-auto-approve", "-input=false")
	command.Dir, command.Env = dir, slices.Concat(model.Env, variables)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	context.AfterFunc(ctx, func() {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		}
	})
	return command
}

// reap waits until all orphans of a process group have ended, and returns how.
func reap(t *testing.T, group int) []syscall.WaitStatus {
	t.Helper()
	var ended []syscall.WaitStatus
	for {
		var status syscall.WaitStatus
		_, err := syscall.Wait4(-group, &status, 0, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.ECHILD) && len(ended) > 0:
			return ended
		case err != nil:
			t.Fatal(err)
		default:
			ended = append(ended, status)
		}
	}
}
