package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccReplace_CannotStart checks that a plan that replaces a running task is an
// error if the new task cannot be started: the task is not stopped. The error
// names the destroy that works.
func TestAccReplace_CannotStart(t *testing.T) {
	t.Parallel()
	noKey := map[string]string{"TRTC_SDK_SECRET_KEY": ""}
	replace := func(*testing.T, *laterRun) []string {
		return []string{"plan", "-replace=trtc_stream_ingest.a"}
	}
	change := func(t *testing.T, w *laterRun) []string {
		t.Helper()
		w.a["seek_second"] = "60"
		return []string{"destroy", "-auto-approve"}
	}
	taint := func(t *testing.T, w *laterRun) []string {
		t.Helper()
		w.mustRun(t, "taint", "trtc_stream_ingest.a")
		return []string{"destroy", "-auto-approve"}
	}
	for name, test := range map[string]struct {
		start  func(*testing.T, *laterRun) map[string]string
		by     func(*testing.T, *laterRun) []string
		error  string
		passes bool // the second destroy passes.
	}{
		"changed, no key":  {func(*testing.T, *laterRun) map[string]string { return noKey }, change, "A ticket is required", false},
		"-replace, no key": {func(*testing.T, *laterRun) map[string]string { return noKey }, replace, "A ticket is required", false},
		"tainted, no key":  {func(*testing.T, *laterRun) map[string]string { return noKey }, taint, "A ticket is required", false},
		"stream removed, no key": {func(*testing.T, *laterRun) map[string]string { return noKey }, func(t *testing.T, w *laterRun) []string {
			t.Helper()
			w.a["stream_url"] = ""
			return []string{"destroy", "-auto-approve"}
		}, "A ticket is required", false},
		"tainted, no region": {func(*testing.T, *laterRun) map[string]string {
			return map[string]string{"TENCENTCLOUD_REGION": ""}
		}, taint, "No region", false},
		"-replace, malformed key": {func(*testing.T, *laterRun) map[string]string {
			return map[string]string{"TRTC_SDK_SECRET_KEY": "0123"}
		}, replace, "Invalid application key", false},
		"changed, expired ticket": {func(t *testing.T, w *laterRun) map[string]string {
			t.Helper()
			w.a["user_sig"] = fmt.Sprintf("%q", w.UserSig(t, acctest.UserID))
			w.apply(t)
			w.Clock.Advance(30 * 24 * time.Hour)
			return nil
		}, change, "The ticket has expired", false},
		"changed, record in use": {func(t *testing.T, w *laterRun) map[string]string {
			t.Helper()
			w.record(t, w.start(), "")
			return nil
		}, change, "Another run is starting this stream", false},
		"tainted, damaged record": {func(t *testing.T, w *laterRun) map[string]string {
			t.Helper()
			entry := w.record(t, w.start(), "")
			_ = entry.Close()
			if err := os.WriteFile(entry.File(), []byte("{}\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			return nil
		}, taint, "A record of the start journal cannot be used", false},
		"changed, record of a running task": {func(t *testing.T, w *laterRun) map[string]string {
			t.Helper()
			_ = w.record(t, w.start(), w.orphan(t)).Close()
			return nil
		}, change, "A task of this stream is already running", false},
		"changed, unknown outcome": {func(t *testing.T, w *laterRun) map[string]string {
			t.Helper()
			_ = w.record(t, w.start(), "").Close()
			return nil
		}, change, "A task of this stream may be running", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newLaterRun(t)
			w.b = nil
			w.apply(t)
			w.setenv(test.start(t, w))
			arguments := test.by(t, w)
			exitCode, output := w.run(t, arguments...)
			if exitCode != 1 || !strings.Contains(output, "Error: "+test.error) || !strings.Contains(output, "terraform destroy -refresh=false") {
				t.Errorf("exit code %d, want the error %q and the way out: %s", exitCode, test.error, output)
			}
			w.ExpectChanges(t)
			if test.passes {
				w.mustRun(t, "destroy", "-auto-approve")
			} else {
				w.mustRun(t, "destroy", "-auto-approve", "-refresh=false")
			}
			w.ExpectChanges(t, acctest.Stop)
		})
	}
}

// TestAccReplace_UnusableStartJournal checks that a task is replaced although the
// start journal cannot be used: the plan and the apply warn. With another user, the
// create could not know that it replaces a task, so the plan is an error.
func TestAccReplace_UnusableStartJournal(t *testing.T) {
	t.Parallel()
	w := newLaterRun(t)
	w.b = nil
	w.apply(t)
	w.setenv(w.unusable(t))
	w.a["room_id"] = `"1009"`
	for _, arguments := range [][]string{
		{"apply", "-auto-approve"},
		{"apply", "-auto-approve", "-replace=trtc_stream_ingest.a"},
	} {
		if output := w.mustRun(t, arguments...); !strings.Contains(output, "Warning: The start is not recorded") {
			t.Errorf("no warning: %s", output)
		}
		w.ExpectChanges(t, acctest.Stop, acctest.Start)
	}
	w.a["volume"] = "7"
	if output := w.mustRun(t, "apply", "-auto-approve"); strings.Contains(output, "journal") {
		t.Errorf("an update needs no start journal: %s", output)
	}
	w.ExpectChanges(t, acctest.Update)
	w.a["user_id"] = `"robot-9"`
	if exitCode, output := w.run(t, "apply", "-auto-approve"); exitCode != 1 || !strings.Contains(output, "Error: The start journal cannot be used") {
		t.Errorf("exit code %d: %s", exitCode, output)
	}
	w.ExpectChanges(t)
}

// TestAccPrivateState checks that the mark of a planned change is in no state,
// whatever the change did, and that a refresh changes nothing.
func TestAccPrivateState(t *testing.T) {
	t.Parallel()
	w := newLaterRun(t)
	w.b = nil
	w.apply(t)
	for _, step := range []struct {
		name, argument, value string
		faults                []trtcmock.Fault
		exitCode              int
	}{
		{"updated", "volume", "7", nil, 0},
		{"update refused", "volume", "8", []trtcmock.Fault{acctest.RejectNext(acctest.Update, "UnauthorizedOperation")}, 1},
		{"not stopped", "seek_second", "60", []trtcmock.Fault{acctest.RejectNext(acctest.Stop, "UnauthorizedOperation")}, 1},
		{"replaced", "seek_second", "60", nil, 0},
	} {
		w.a[step.argument] = step.value
		w.Inject(t, step.faults...)
		if exitCode, output := w.run(t, "apply", "-auto-approve"); exitCode != step.exitCode {
			t.Fatalf("%s: exit code %d: %s", step.name, exitCode, output)
		}
		private := w.private(t)
		if strings.Contains(private, "changing") {
			t.Errorf("%s: the private state is %s", step.name, private)
		}
		w.mustRun(t, "apply", "-refresh-only", "-auto-approve")
		if refreshed := w.private(t); refreshed != private {
			t.Errorf("%s: the private state is %s after a refresh, want %s", step.name, refreshed, private)
		}
	}
}

// private returns the private state of the first resource.
func (w *laterRun) private(t *testing.T) string {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct{ Private []byte }
		}
	}
	if err := json.Unmarshal([]byte(w.cli.Read(t, "terraform.tfstate")), &state); err != nil {
		t.Fatal(err)
	}
	return string(state.Resources[0].Instances[0].Private)
}

// TestAccSavedPlan_CannotStart checks saved plans whose apply lacks the key that
// the plan had: a new task is not started, and a task is destroyed.
func TestAccSavedPlan_CannotStart(t *testing.T) {
	t.Parallel()
	w := newLaterRun(t)
	w.b = nil
	w.mustRun(t, "plan", "-out=saved")
	w.setenv(map[string]string{"TRTC_SDK_SECRET_KEY": ""})
	if exitCode, output := w.run(t, "apply", "saved"); exitCode != 1 || !strings.Contains(output, "Error: A ticket is required") {
		t.Errorf("exit code %d: %s", exitCode, output)
	}
	w.ExpectJournal(t)
	w.setenv(nil)
	w.apply(t)
	w.mustRun(t, "plan", "-destroy", "-out=saved")
	w.setenv(map[string]string{"TRTC_SDK_SECRET_KEY": ""})
	w.mustRun(t, "apply", "saved")
	w.ExpectChanges(t, acctest.Stop)
}
