package provider_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

// TestAccStreamCheck checks that a stream that cannot be played is not started and
// replaces no other one, that destroy passes, and that each walk looks at most once
// at each URL.
func TestAccStreamCheck(t *testing.T) {
	t.Parallel()
	world, media := newWatched(t)
	cli := world.CLI(t)
	run := func(changes acctest.Arguments, exitCode int, text string, requests int64, command ...string) {
		t.Helper()
		check := acctest.Arguments{"stream_url": fmt.Sprintf("%q", mediaURL), "stream_check": `"error"`}
		cli.Write(t, "main.tf", world.Config(t, merge(check, changes)))
		world.Mock.ResetJournal()
		output := cli.Run(t, command...)
		if output.ExitCode != exitCode || !strings.Contains(output.Text(), text) || text == "" && strings.Contains(output.Text(), mayNotPlay) {
			t.Errorf("%v: exit code %d, want %d and %q: %s", command, output.ExitCode, exitCode, text, output.Text())
		}
		media.expectRequests(t, requests)
	}
	const printedWarning, printedError = "Warning: " + mayNotPlay, "Error: " + mayNotPlay
	moved, next := acctest.Arguments{"room_id": `"1002"`}, acctest.Arguments{"stream_url": fmt.Sprintf("%q", nextURL)}
	media.status.Store(http.StatusNotFound)
	run(nil, 2, printedWarning, 1, "plan", "-detailed-exitcode")
	run(nil, 1, printedError, 2, "apply")
	world.ExpectJournal(t)
	run(nil, 0, "Destroy complete", 0, "destroy")

	media.status.Store(http.StatusOK)
	run(nil, 0, "", 2, "apply")
	world.ExpectChanges(t, acctest.Start)
	media.status.Store(http.StatusNotFound)
	run(next, 1, printedError, 2, "apply")
	run(moved, 1, printedError, 1, "plan")
	run(nil, 1, printedError, 1, "plan", "-replace="+acctest.Address)
	run(moved, 1, "terraform destroy -refresh=false", 1, "destroy")
	world.ExpectChanges(t)
	run(next, 0, "Destroy complete", 1, "destroy")
	world.ExpectChanges(t, acctest.Stop)
}

// TestAccStreamCheck_Binary checks that the built program looks through the proxy of
// its environment, once in each walk for all resources with one URL, and prints no
// secret of the URL, which is in a variable. The CLI prints one of several warnings
// with the same summary, so each kind of finding has a summary of its own.
func TestAccStreamCheck_Binary(t *testing.T) {
	t.Parallel()
	world := acctest.NewSystemWorld(t)
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
		"count": "8", "room_id": "1001 + count.index",
		"stream_url": `"${var.stream_url}${count.index % 2 == 0 ? "" : "&missing"}"`, "stream_check": `"warn"`,
	})+"variable \"stream_url\" {\n  sensitive = true\n}\n")
	cli.Env = append(cli.Env, "HTTP_PROXY="+proxy.URL, "TF_VAR_stream_url="+mediaURL, "TF_LOG_PROVIDER=trace")
	for _, step := range []struct {
		command  string
		warned   bool
		requests int64
	}{{"apply", true, 4}, {"plan", false, 0}, {"destroy", false, 0}} {
		output := cli.MustRun(t, step.command).Text()
		warned := strings.Contains(output, mayNotPlay+": web page") && strings.Contains(output, mayNotPlay+": HTTP status 404")
		if warned != step.warned || strings.Contains(output, "c4n4ry") {
			t.Errorf("%s: warned: %t, want %t: %s", step.command, warned, step.warned, output)
		}
		if got := requests.Swap(0); got != step.requests {
			t.Errorf("%s: %d requests of the stream, want %d", step.command, got, step.requests)
		}
	}
}
