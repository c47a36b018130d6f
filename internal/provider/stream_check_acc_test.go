package provider_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// watchedCLI is the CLI with a configuration of one stream, whose URL leads to a
// media server.
type watchedCLI struct {
	*acctest.World

	media *mediaServer
	cli   *acctest.CLI
}

func newWatchedCLI(t *testing.T) *watchedCLI {
	t.Helper()
	world, media := newWatched(t)
	return &watchedCLI{World: world, media: media, cli: world.CLI(t)}
}

// expectRun runs a command with changed arguments of the stream, and checks its
// exit code, that it prints a text, and how often it requests the stream.
func (w *watchedCLI) expectRun(t *testing.T, changes acctest.Arguments, exitCode int, text string, requests int64, command ...string) {
	t.Helper()
	w.cli.Write(t, "main.tf", w.Config(t, merge(acctest.Arguments{"stream_url": fmt.Sprintf("%q", mediaURL)}, changes)))
	w.Mock.ResetJournal()
	w.media.requests.Store(0)
	result := w.cli.Run(t, append([]string{command[0], "-no-color"}, command[1:]...)...)
	output := strings.Join(strings.Fields(strings.ReplaceAll(result.Stdout+result.Stderr, "│", "")), " ")
	if result.ExitCode != exitCode || !strings.Contains(output, text) || text == "" && strings.Contains(output, mayNotPlay) {
		t.Errorf("%v: exit code %d, want %d and %q: %s", command, result.ExitCode, exitCode, text, output)
	}
	w.media.expectRequests(t, requests)
}

// Texts that the CLI prints.
const (
	printedWarning = "Warning: " + mayNotPlay
	printedError   = "Error: " + mayNotPlay
)

// TestAccStreamCheck_Warn checks that each walk that starts a task or changes its
// URL looks once and prints one warning, and that other walks look at nothing.
func TestAccStreamCheck_Warn(t *testing.T) {
	t.Parallel()
	w := newWatchedCLI(t)
	w.media.status.Store(http.StatusNotFound)
	warn := acctest.Arguments{"stream_check": `"warn"`}
	w.expectRun(t, warn, 0, printedWarning, 1, "plan", "-out=saved")
	w.expectRun(t, warn, 0, printedWarning, 1, "apply", "saved")
	w.ExpectChanges(t, acctest.Start)
	w.expectRun(t, warn, 0, "", 0, "plan", "-detailed-exitcode")
	next := merge(warn, acctest.Arguments{"stream_url": fmt.Sprintf("%q", nextURL)})
	w.expectRun(t, next, 0, printedWarning, 2, "apply", "-auto-approve")
	w.ExpectChanges(t, acctest.Update)
	w.expectRun(t, next, 0, "", 0, "destroy", "-auto-approve")
}

// TestAccStreamCheck_Error checks that a stream that cannot be played is not
// started and replaces no other one, and that destroy passes.
func TestAccStreamCheck_Error(t *testing.T) {
	t.Parallel()
	w := newWatchedCLI(t)
	w.media.status.Store(http.StatusNotFound)
	check := acctest.Arguments{"stream_check": `"error"`}
	w.expectRun(t, check, 2, printedWarning, 1, "plan", "-detailed-exitcode")
	w.expectRun(t, check, 1, printedError, 2, "apply", "-auto-approve")
	w.ExpectJournal(t)
	w.expectRun(t, check, 0, "Destroy complete", 0, "destroy", "-auto-approve")

	w.media.status.Store(http.StatusOK)
	w.expectRun(t, check, 0, "", 2, "apply", "-auto-approve")
	w.ExpectChanges(t, acctest.Start)
	w.media.status.Store(http.StatusNotFound)
	next := merge(check, acctest.Arguments{"stream_url": fmt.Sprintf("%q", nextURL)})
	w.expectRun(t, next, 1, printedError, 2, "apply", "-auto-approve")
	w.ExpectChanges(t)
	w.expectRun(t, next, 0, "Destroy complete", 1, "destroy", "-auto-approve")
	w.ExpectChanges(t, acctest.Stop)
}

// TestAccStreamCheck_Replace checks that a plan that replaces a running task fails
// if the stream cannot be played, and names the destroy that works. A source that
// fails after the plan is a warning of the apply, which has stopped the task.
func TestAccStreamCheck_Replace(t *testing.T) {
	t.Parallel()
	w := newWatchedCLI(t)
	check := acctest.Arguments{"stream_check": `"error"`}
	moved := merge(check, acctest.Arguments{"room_id": `"1002"`})
	w.expectRun(t, check, 0, "", 2, "apply", "-auto-approve")
	w.expectRun(t, moved, 0, "", 1, "plan", "-out=saved")
	w.media.status.Store(http.StatusNotFound)
	w.expectRun(t, moved, 0, printedWarning, 1, "apply", "saved")
	w.ExpectChanges(t, acctest.Stop, acctest.Start)

	for _, run := range []struct {
		changes acctest.Arguments
		command []string
	}{
		{check, []string{"plan"}},
		{check, []string{"destroy", "-auto-approve"}},
		{moved, []string{"plan", "-replace=" + acctest.Address}},
	} {
		w.expectRun(t, run.changes, 1, printedError, 1, run.command...)
		w.expectRun(t, run.changes, 1, "terraform destroy -refresh=false", 1, run.command...)
		w.ExpectChanges(t)
	}
	w.cli.MustRun(t, "taint", acctest.Address)
	w.expectRun(t, moved, 1, printedError, 1, "plan")
	w.expectRun(t, moved, 0, "", 0, "destroy", "-auto-approve", "-refresh=false")
	w.ExpectChanges(t, acctest.Stop)
}

// TestAccStreamCheck_Binary checks that the built program looks through the proxy of
// its environment, once in each walk for all resources with one URL, and prints no
// secret of the URL, which is in a variable. The CLI prints one of several warnings
// with the same summary, so each kind of finding has a summary of its own.
func TestAccStreamCheck_Binary(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, anyTicket, func(options *trtcmock.Options) { options.Now = time.Now })
	world.Clock.Advance(time.Since(world.Clock.Now()))
	var requests atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host == "media.example.com" {
			requests.Add(1)
			if r.URL.Query().Has("missing") {
				w.WriteHeader(http.StatusNotFound)
			}
			_, _ = io.WriteString(w, "<!DOCTYPE html><html>") // A web page.
		}
	}))
	t.Cleanup(proxy.Close)
	cli := acctest.InstalledCLI(t)
	cli.Write(t, "main.tf", world.Config(t, acctest.Arguments{
		"count": "8", "room_id": "1001 + count.index", "user_id": `"robot-${count.index}"`, "user_sig": `"a-ticket"`,
		"stream_url": `"${var.stream_url}${count.index % 2 == 0 ? "" : "&missing"}"`, "stream_check": `"warn"`,
	})+"variable \"stream_url\" {\n  sensitive = true\n}\n")
	for _, step := range []struct {
		arguments []string
		warned    bool
		requests  int64
	}{
		{[]string{"apply", "-auto-approve"}, true, 4},
		{[]string{"plan"}, false, 0},
		{[]string{"destroy", "-auto-approve"}, false, 0},
	} {
		command := cli.Command(t, step.arguments...)
		command.Env = append(command.Env, "HTTP_PROXY="+proxy.URL, "TF_VAR_stream_url="+mediaURL, "TF_LOG_PROVIDER=trace")
		output, err := command.CombinedOutput()
		warned := strings.Contains(string(output), mayNotPlay+": web page") && strings.Contains(string(output), mayNotPlay+": HTTP status 404")
		if err != nil || warned != step.warned || strings.Contains(string(output), "c4n4ry") {
			t.Errorf("%v: %v: %s", step.arguments, err, output)
		}
		if got := requests.Swap(0); got != step.requests {
			t.Errorf("%v: %d requests of the stream, want %d", step.arguments, got, step.requests)
		}
	}
}
