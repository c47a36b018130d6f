package provider_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// laterRun has two streams, a and b, whose runs have different environments.
type laterRun struct {
	*journaled

	cli *acctest.CLI
	// block has lines of the provider block.
	block []string
	// a and b are the arguments; those of b are nil while it is not configured.
	a, b acctest.Arguments
}

// newLaterRun returns a configuration with which a is applied. b has the
// arguments of a in another room with another user.
func newLaterRun(t *testing.T) *laterRun {
	t.Helper()
	w := &laterRun{journaled: newJournaled(t, func(options *trtcmock.Options) { options.AppKeys[otherSdkAppID] = otherKey })}
	w.setenv(nil)
	w.cli = w.CLI(t)
	w.a = w.StreamIngestArguments(t, acctest.Arguments{"user_sig": ""})
	w.b = merge(w.a, acctest.Arguments{"room_id": `"1002"`, "user_id": `"robot-2"`})
	return w
}

// setenv sets the environment of the next runs: the usual one with the changes.
func (w *laterRun) setenv(changes map[string]string) {
	variables := map[string]string{
		"TENCENTCLOUD_REGION": acctest.Region, "TRTC_SDK_SECRET_KEY": acctest.SdkSecretKey, "TRTC_START_JOURNAL": w.dir,
	}
	maps.Copy(variables, changes)
	w.Setenv(variables)
}

// run runs a command with the configuration.
func (w *laterRun) run(t *testing.T, arguments ...string) acctest.Output {
	t.Helper()
	text := w.RegionlessProviderBlock(w.block...) + acctest.StreamIngestBlock("a", w.a)
	if w.b != nil {
		text += acctest.StreamIngestBlock("b", w.b)
	}
	w.cli.Write(t, "main.tf", text)
	w.Mock.ResetJournal()
	return w.cli.Run(t, arguments...)
}

// mustRun runs a command that must succeed.
func (w *laterRun) mustRun(t *testing.T, arguments ...string) {
	t.Helper()
	if output := w.run(t, arguments...); output.ExitCode != 0 {
		t.Fatalf("%v: %s", arguments, output.Text())
	}
}

// expectError runs a command that must fail with each of the texts, without a call
// that changes something.
func (w *laterRun) expectError(t *testing.T, texts []string, arguments ...string) {
	t.Helper()
	output := w.run(t, arguments...)
	for _, text := range texts {
		if output.ExitCode != 1 || !strings.Contains(output.Text(), text) {
			t.Errorf("%v: exit code %d, want an error and %q: %s", arguments, output.ExitCode, text, output.Text())
		}
	}
	w.ExpectChanges(t)
}

// finishB ends the task of b.
func (w *laterRun) finishB() {
	for _, task := range w.Mock.Alive() {
		if task.UserID == "robot-2" {
			w.Mock.Finish(task.ID)
		}
	}
}

// record leaves the record of a start that is pending, until the entry is closed.
func (w *laterRun) record(t *testing.T, start journal.Start) *journal.Entry {
	t.Helper()
	entry, _, err := w.journal(t).Begin(start)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = entry.Close() })
	return entry
}

// TestAccDestroy destroys while the configuration has a stream that the
// environment, the time or the start journal does not let start. The plan that
// destroy makes first warns, and the running task is stopped. An apply in the same
// environment fails before it sends a start.
func TestAccDestroy(t *testing.T) {
	t.Parallel()
	unusable := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(unusable, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	noKey := map[string]string{"TRTC_SDK_SECRET_KEY": ""}
	for name, test := range map[string]struct {
		// ended is true if the task of b was started and has ended. Otherwise b
		// was never started, as after a partial apply.
		ended bool
		// b are changes of b.
		b     acctest.Arguments
		block []string
		env   map[string]string
		// warning is the summary in the plan.
		warning string
	}{
		"task ended, no key":                  {ended: true, env: noKey, warning: "A ticket is required to start the task"},
		"never started, no key":               {env: noKey, warning: "A ticket is required to start the task"},
		"malformed key":                       {env: map[string]string{"TRTC_SDK_SECRET_KEY": "0123"}, warning: "Invalid application key"},
		"malformed key in the provider block": {block: []string{`sdk_secret_key = "0123"`}, warning: "Invalid application key"},
		"key of another application":          {block: []string{"sdk_app_id = 1400000002"}, warning: "The application key belongs to another application"},
		"no region":                           {ended: true, env: map[string]string{"TENCENTCLOUD_REGION": ""}, warning: "No region"},
		"region of another site":              {env: map[string]string{"TENCENTCLOUD_REGION": "ap-beijing"}, warning: "Region without stream ingest"},
		"start journal is a file":             {ended: true, env: map[string]string{"TRTC_START_JOURNAL": unusable}, warning: "The start journal cannot be used"},
		"region of b, another site": {
			b: acctest.Arguments{"region": `"ap-bangkok"`}, env: map[string]string{"TENCENTCLOUD_DOMAIN": chinaDomain},
			warning: "Region without stream ingest",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newLaterRun(t)
			w.a["region"] = fmt.Sprintf("%q", acctest.Region)
			w.b = merge(w.b, test.b)
			if test.ended {
				w.mustRun(t, "apply")
				w.finishB()
			} else {
				w.mustRun(t, "apply", "-target=trtc_stream_ingest.a")
			}
			w.block = test.block
			w.setenv(test.env)
			w.expectDestroy(t, test.warning)
		})
	}
}

// TestAccDestroy_Ticket destroys while the ticket of a stream has expired.
func TestAccDestroy_Ticket(t *testing.T) {
	t.Parallel()
	w := newLaterRun(t)
	w.b["user_sig"] = fmt.Sprintf("%q", w.UserSig(t, "robot-2"))
	w.mustRun(t, "apply")
	w.finishB()
	w.Clock.Advance(30 * 24 * time.Hour)
	w.expectDestroy(t, "The ticket has expired")
}

// TestAccDestroy_Record destroys while another process starts a stream.
func TestAccDestroy_Record(t *testing.T) {
	t.Parallel()
	w := newLaterRun(t)
	w.mustRun(t, "apply", "-target=trtc_stream_ingest.a")
	start := w.start()
	start.Key.RoomID, start.Key.UserID = "1002", "robot-2"
	w.record(t, start)
	w.expectDestroy(t, "An earlier start of this stream is recorded")
}

// expectDestroy checks that an apply warns and fails, and that a destroy stops the
// task of a.
func (w *laterRun) expectDestroy(t *testing.T, warning string) {
	t.Helper()
	w.expectError(t, []string{"Error: ", "Warning: " + warning}, "apply")
	w.mustRun(t, "destroy")
	w.ExpectChanges(t, acctest.Stop)
	w.ExpectRunning(t, 0)
}

// TestAccDestroy_Ephemeral destroys a task whose ticket is from an ephemeral
// resource, without the key: the error of the ephemeral resource names the destroy
// that works.
func TestAccDestroy_Ephemeral(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Ephemeral, features.WriteOnly)
	w := newLaterRun(t)
	w.a["user_sig_wo"], w.b = "ephemeral.trtc_user_sig.test.user_sig", nil
	w.cli.Write(t, "ephemeral.tf", ephemeralBlock(userSigType, userSigArguments()))
	w.mustRun(t, "apply")
	w.setenv(map[string]string{"TRTC_SDK_SECRET_KEY": ""})
	w.expectError(t, []string{"terraform destroy -refresh=false"}, "destroy")
	w.mustRun(t, "destroy", "-refresh=false")
	w.ExpectChanges(t, acctest.Stop)
}

// TestAccReplace_CannotStart checks that a plan that replaces a running task is an
// error if the new task cannot be started: the task is not stopped. The error
// names the destroy that works.
func TestAccReplace_CannotStart(t *testing.T) {
	t.Parallel()
	noKey := map[string]string{"TRTC_SDK_SECRET_KEY": ""}
	changed := acctest.Arguments{"seek_second": "60"}
	inUse := func(t *testing.T, w *laterRun) { t.Helper(); w.record(t, w.start()) }
	for name, test := range map[string]struct {
		change  acctest.Arguments
		env     map[string]string
		before  func(*testing.T, *laterRun)
		command string
		error   string
	}{
		"changed, no key":        {changed, noKey, nil, "destroy", "A ticket is required"},
		"stream removed, no key": {acctest.Arguments{"stream_url": ""}, noKey, nil, "destroy", "A ticket is required"},
		"-replace, no key":       {nil, noKey, nil, "plan -replace=trtc_stream_ingest.a", "A ticket is required"},
		"-replace, no region":    {nil, map[string]string{"TENCENTCLOUD_REGION": ""}, nil, "plan -replace=trtc_stream_ingest.a", "No region"},
		"tainted, no key": {nil, noKey, func(t *testing.T, w *laterRun) {
			t.Helper()
			w.mustRun(t, "taint", "trtc_stream_ingest.a")
		}, "destroy", "A ticket is required"},
		"changed, record in use": {changed, nil, inUse, "destroy", "Another run is starting this stream"},
		"changed, unknown outcome": {changed, nil, func(t *testing.T, w *laterRun) {
			t.Helper()
			_ = w.record(t, w.start()).Close()
		}, "destroy", "A task of this stream may be running"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newLaterRun(t)
			w.b = nil
			w.mustRun(t, "apply")
			if test.before != nil {
				test.before(t, w)
			}
			w.a = merge(w.a, test.change)
			w.setenv(test.env)
			w.expectError(t, []string{"Error: " + test.error, "terraform destroy -refresh=false"}, strings.Fields(test.command)...)
			w.mustRun(t, "destroy", "-refresh=false")
			w.ExpectChanges(t, acctest.Stop)
		})
	}
}
