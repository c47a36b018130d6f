package provider_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// laterRun has two streams, a and b, whose runs have different environments.
type laterRun struct {
	*journaled

	cli         *acctest.CLI
	environment atomic.Pointer[map[string]string]
	// block has lines of the provider block.
	block []string
	// a and b are the arguments; those of b are nil while it is not configured.
	a, b acctest.Arguments
}

// newLaterRun returns a configuration with which a is applied. b has the
// arguments of a in another room with another user.
func newLaterRun(t *testing.T, changes ...func(*trtcmock.Options)) *laterRun {
	t.Helper()
	w := &laterRun{journaled: newJournaled(t, append(changes, func(options *trtcmock.Options) { options.AppKeys[otherSdkAppID] = otherKey })...)}
	w.Options.LookupEnv = func(name string) (string, bool) {
		value, ok := (*w.environment.Load())[name]
		return value, ok
	}
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
	w.environment.Store(&variables)
}

// write writes the configuration.
func (w *laterRun) write(t *testing.T) {
	t.Helper()
	text := w.RegionlessProviderBlock(w.block...) + acctest.StreamIngestBlock("a", w.a)
	if w.b != nil {
		text += acctest.StreamIngestBlock("b", w.b)
	}
	w.cli.Write(t, "main.tf", text)
}

// run runs a command and returns its exit code and its output on one line.
func (w *laterRun) run(t *testing.T, arguments ...string) (exitCode int, output string) {
	t.Helper()
	w.write(t)
	w.Mock.ResetJournal()
	result := w.cli.Run(t, append([]string{arguments[0], "-no-color"}, arguments[1:]...)...)
	return result.ExitCode, strings.Join(strings.Fields(strings.ReplaceAll(result.Stdout+result.Stderr, "│", "")), " ")
}

// mustRun runs a command that must succeed, with the output that it returns.
func (w *laterRun) mustRun(t *testing.T, arguments ...string) string {
	t.Helper()
	exitCode, output := w.run(t, arguments...)
	if exitCode != 0 {
		t.Fatalf("terraform %v: %s", arguments, output)
	}
	return output
}

// apply applies both streams.
func (w *laterRun) apply(t *testing.T) {
	t.Helper()
	w.mustRun(t, "apply", "-auto-approve")
}

// applyA applies a alone, as a partial apply does.
func (w *laterRun) applyA(t *testing.T) {
	t.Helper()
	w.mustRun(t, "apply", "-auto-approve", "-target=trtc_stream_ingest.a")
}

// finishB ends the task of b.
func (w *laterRun) finishB(t *testing.T) {
	t.Helper()
	for _, task := range w.Mock.Alive() {
		if task.UserID == "robot-2" {
			w.Mock.Finish(task.ID)
		}
	}
}

// startOfB is what the start journal has on the stream of b.
func (w *laterRun) startOfB() journal.Start {
	start := w.start()
	start.Key.RoomID, start.Key.UserID = "1002", "robot-2"
	return start
}

// record leaves a record of a start, pending without a TaskId.
func (w *laterRun) record(t *testing.T, start journal.Start, taskID string) *journal.Entry {
	t.Helper()
	entry, _, err := w.journal(t).Begin(start)
	if err == nil && taskID != "" {
		err = entry.Started(taskID)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = entry.Close() })
	return entry
}

// orphan starts a task that is in no state, and returns its TaskId.
func (w *laterRun) orphan(t *testing.T) string {
	t.Helper()
	other := acctest.NewWorld(t)
	other.URL, other.Mock = w.URL, w.Mock
	session := other.Session(t)
	acctest.ExpectApply(t, session, w.Values(t, tfcore.Values{"room_id": "1003"}), tfcore.Create)
	return session.State()["task_id"].(string)
}

// unusable puts the start journal where no directory can be.
func (w *laterRun) unusable(t *testing.T) map[string]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"TRTC_START_JOURNAL": filepath.Join(file, "starts")}
}

// TestAccDestroy destroys while the configuration has a stream that the
// environment, the time or the start journal does not let start. The plan that
// destroy makes first warns, and the running task is stopped. An apply in the same
// environment fails before it sends a start.
func TestAccDestroy(t *testing.T) {
	t.Parallel()
	noKey := map[string]string{"TRTC_SDK_SECRET_KEY": ""}
	for name, test := range map[string]struct {
		change func(*testing.T, *laterRun)
		// warning is the summary in the plan.
		warning string
	}{
		"task ended, no key": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.apply(t)
			w.finishB(t)
			w.setenv(noKey)
		}, "A ticket is required to start the task"},
		"never started, no key": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.applyA(t)
			w.setenv(noKey)
		}, "A ticket is required to start the task"},
		"kept and changed, no key": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.b["on_task_end"] = `"keep"`
			w.apply(t)
			w.finishB(t)
			w.b["seek_second"] = "60"
			w.setenv(noKey)
		}, "A ticket is required to start the task"},
		"no key for the PrivateMapKey": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.applyA(t)
			w.b["user_sig"], w.b["mint_private_map_key"] = fmt.Sprintf("%q", w.UserSig(t, "robot-2")), "true"
			w.setenv(noKey)
		}, "An application key is required"},
		"malformed key": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.applyA(t)
			w.setenv(map[string]string{"TRTC_SDK_SECRET_KEY": "0123"})
		}, "Invalid application key"},
		"malformed key in the provider block": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.applyA(t)
			w.block = []string{`sdk_secret_key = "0123"`}
		}, "Invalid application key"},
		"key of another application": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.applyA(t)
			w.block = []string{"sdk_app_id = 1400000002"}
		}, "The application key belongs to another application"},
		"expired ticket": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.b["user_sig"] = fmt.Sprintf("%q", w.UserSig(t, "robot-2"))
			w.apply(t)
			w.finishB(t)
			w.Clock.Advance(30 * 24 * time.Hour)
		}, "The ticket has expired"},
		"no region": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.apply(t)
			w.finishB(t)
			w.setenv(map[string]string{"TENCENTCLOUD_REGION": ""})
		}, "No region"},
		"region of another site": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.applyA(t)
			w.setenv(map[string]string{"TENCENTCLOUD_REGION": "ap-beijing"})
		}, "Region without stream ingest"},
		"own region, another site": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.a["region"], w.b["region"] = `"ap-singapore"`, `"ap-bangkok"`
			w.applyA(t)
			w.setenv(map[string]string{"TENCENTCLOUD_DOMAIN": chinaDomain})
		}, "Region without stream ingest"},
		"unusable start journal": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.apply(t)
			w.finishB(t)
			w.setenv(w.unusable(t))
		}, "The start journal cannot be used"},
		"start journal removed": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.apply(t)
			w.finishB(t)
			if err := os.RemoveAll(w.dir); err != nil {
				t.Fatal(err)
			}
			w.setenv(map[string]string{"TRTC_SDK_SECRET_KEY": ""})
		}, "A ticket is required"},
		"record in use": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.applyA(t)
			w.record(t, w.startOfB(), "")
		}, "The start journal has an earlier start of this stream"},
		"record of an unknown outcome": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.applyA(t)
			_ = w.record(t, w.startOfB(), "").Close()
		}, "The start journal has an earlier start of this stream"},
		"record of a task": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.applyA(t)
			_ = w.record(t, w.startOfB(), w.orphan(t)).Close()
		}, "The start journal has an earlier start of this stream"},
		"damaged record": {func(t *testing.T, w *laterRun) {
			t.Helper()
			w.applyA(t)
			entry := w.record(t, w.startOfB(), "")
			_ = entry.Close()
			if err := os.WriteFile(entry.File(), []byte("{}\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "The start journal has an earlier start of this stream"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newLaterRun(t)
			test.change(t, w)
			exitCode, output := w.run(t, "apply", "-auto-approve")
			if exitCode != 1 || !strings.Contains(output, "Error: ") || !strings.Contains(output, "Warning: "+test.warning) {
				t.Errorf("exit code %d of the apply, want an error after the warning %q: %s", exitCode, test.warning, output)
			}
			for _, call := range w.ChangingCalls() {
				if strings.HasPrefix(call, acctest.Start) {
					t.Errorf("the apply sent a start")
				}
			}
			w.mustRun(t, "destroy", "-auto-approve")
			w.ExpectChanges(t, acctest.Stop)
			w.ExpectNothingRuns(t)
		})
	}
}

// TestAccDestroy_OtherSite destroys tasks whose arguments the site of the run does
// not have.
func TestAccDestroy_OtherSite(t *testing.T) {
	t.Parallel()
	w := newLaterRun(t, chinaSite)
	china := map[string]string{"TENCENTCLOUD_DOMAIN": chinaDomain, "TENCENTCLOUD_REGION": "ap-beijing"}
	w.setenv(china)
	w.a["tempo"], w.a["volume"], w.b = "2", "150", nil
	w.apply(t)
	w.setenv(nil)
	if output := w.mustRun(t, "plan", "-detailed-exitcode"); !strings.Contains(output, "Warning: Argument of the China site") {
		t.Errorf("no warning about the site: %s", output)
	}
	w.a["paused"] = "true"
	if exitCode, output := w.run(t, "apply", "-auto-approve"); exitCode != 1 || !strings.Contains(output, "Error: Argument of the China site") {
		t.Errorf("exit code %d of an update: %s", exitCode, output)
	}
	w.ExpectChanges(t)
	w.mustRun(t, "destroy", "-auto-approve")
	w.ExpectChanges(t, acctest.Stop)
}
