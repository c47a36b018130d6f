package provider_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// list lists the interrupted starts in a new run.
func (w *journaled) list(t *testing.T, includeResource bool, limit int64, changes tfcore.Values) []tfcore.Listed {
	t.Helper()
	connected := w.Connect(t)
	acctest.ExpectSuccess(t, connected.Configure(t.Context(), w.ProviderValues(changes)))
	results, diags := connected.List(t.Context(), acctest.ResourceType, includeResource, limit)
	acctest.ExpectSilence(t, diags)
	return results
}

// TestListInterruptedStart checks the result of a task that runs: with its
// identity an import succeeds, and with its resource the import changes nothing.
func TestListInterruptedStart(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	record := w.leave(t, "running")
	identity := tfcore.Values{"sdk_app_id": int64(acctest.SdkAppID), "task_id": record.TaskID, "region": acctest.Region}
	results := w.list(t, true, 0, nil)
	if len(results) != 1 || len(results[0].Diagnostics) > 0 {
		t.Fatalf("results = %+v, want one", results)
	}
	if diff := cmp.Diff(identity, results[0].Identity); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	want := tfcore.Values{
		"id": acctest.Region + "/1400000001/" + record.TaskID, "status": "InProgress", "room_id": "1001", "room_id_type": int64(1),
		"user_id": acctest.UserID, "auto_push": false, "repeat_num": int64(1),
	}.With(identity)
	got := maps.Clone(results[0].Resource)
	maps.DeleteFunc(got, func(_ string, value any) bool { return value == nil })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("resource (-want +got):\n%s", diff)
	}
	if name := results[0].DisplayName; !strings.Contains(name, "room 1001") || !strings.Contains(name, acctest.UserID) {
		t.Errorf("display name = %q, want room and user", name)
	}
	w.ExpectJournal(t, acctest.Describe)
	if plain := w.list(t, false, 0, nil); len(plain) != 1 || plain[0].Resource != nil && plain[0].Resource["room_id"] != nil {
		t.Errorf("results = %+v, want one without its resource", plain)
	}
	session := w.resume(t)
	acctest.ExpectSuccess(t, session.ImportByIdentity(t.Context(), results[0].Identity))
}

// TestListOtherRecords checks what is listed of the other records.
func TestListOtherRecords(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare func(*journaled)
		changes tfcore.Values
		warning string
	}{
		"gone":       {},
		"pending":    {warning: "TaskId unknown, in room 1001"},
		"damaged":    {warning: "is damaged"},
		"unreadable": {prepare: func(w *journaled) { w.Inject(t, acctest.RejectAll(acctest.Describe, "UnauthorizedOperation")) }, warning: "Task unreadable"},
		"unusable": {prepare: func(w *journaled) {
			if err := errors.Join(os.RemoveAll(w.dir), os.WriteFile(w.dir, nil, 0o600)); err != nil {
				t.Error(err)
			}
		}, warning: "is not a directory"},
		"off": {changes: tfcore.Values{"start_journal": "off"}, warning: "The start journal is off"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			w.leave(t, name)
			if test.prepare != nil {
				test.prepare(w)
			}
			results := w.list(t, true, 0, test.changes)
			if len(results) != min(1, len(test.warning)) {
				t.Fatalf("results = %+v, want a warning: %q", results, test.warning)
			}
			if test.warning != "" {
				acctest.ExpectWarning(t, results[0].Diagnostics, test.warning)
				if results[0].Identity != nil || len(results[0].Diagnostics) != 1 {
					t.Errorf("result = %+v, want a warning alone", results[0])
				}
			}
		})
	}
}

// TestListReturned checks that a task that a create returned is not listed.
func TestListReturned(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	acctest.ExpectApply(t, w.Session(t), w.Values(t, nil), tfcore.Create)
	if results := w.list(t, true, 0, nil); len(results) > 0 {
		t.Errorf("results = %+v, want none", results)
	}
}

// TestListLimit checks that no more tasks are read than Terraform asks for.
func TestListLimit(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	for room := range 3 {
		acctest.ExpectApply(t, w.Provider(t, tfcore.Values{"start_journal": "off"}).Session(acctest.ResourceType),
			w.Values(t, tfcore.Values{"room_id": fmt.Sprint(room + 1)}), tfcore.Create)
	}
	for _, task := range w.Mock.Alive() {
		w.interrupted(t, task.ID)
	}
	w.Mock.ResetJournal()
	if results := w.list(t, false, 2, nil); len(results) != 2 {
		t.Errorf("results = %+v, want 2", results)
	}
	w.ExpectJournal(t, acctest.Describe, acctest.Describe)
}

// queryEvent is a line that terraform query -json prints: a result or a
// diagnostic.
type queryEvent struct {
	Found      *foundTask       `json:"list_resource_found"`
	Diagnostic *queryDiagnostic `json:"diagnostic"`
}

type foundTask struct {
	Address     string         `json:"address"`
	DisplayName string         `json:"display_name"`
	Identity    map[string]any `json:"identity"`
}

type queryDiagnostic struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
}

// query runs terraform query with the arguments and returns its results and
// diagnostics.
func query(t *testing.T, cli *acctest.CLI, arguments ...string) (found []foundTask, diagnostics []queryDiagnostic) {
	t.Helper()
	printed := cli.MustRun(t, append([]string{"query", "-json"}, arguments...)...).Stdout
	for line := range strings.Lines(printed) {
		var event queryEvent
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if event.Found != nil {
			found = append(found, *event.Found)
		}
		if event.Diagnostic != nil {
			diagnostics = append(diagnostics, *event.Diagnostic)
		}
	}
	return found, diagnostics
}

// TestAccQuery runs terraform query after two interrupted starts, one of which
// has a TaskId. The configuration that it generates imports the task, and
// nothing is started, updated or stopped.
func TestAccQuery(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Queries)
	w := newJournaled(t)
	taskID := w.running(t)
	w.interrupted(t, taskID)
	w.interrupted(t, "")
	cli := w.CLI(t)
	cli.Write(t, "main.tf", w.ProviderBlock())
	cli.Write(t, "orphans.tfquery.hcl", readExample(t, "list-resources/trtc_stream_ingest/list-resource.tfquery.hcl"))

	found, diagnostics := query(t, cli, "-generate-config-out=orphans.tf")
	want := []foundTask{{
		Address: "list.trtc_stream_ingest.orphans", DisplayName: "room 1001, user " + acctest.UserID + ", since 2026-03-01T12:00:00Z",
		Identity: map[string]any{"sdk_app_id": float64(acctest.SdkAppID), "task_id": taskID, "region": acctest.Region},
	}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	// Configure warns about both starts, the list only about the one without a TaskId.
	listed := slices.IndexFunc(diagnostics, func(one queryDiagnostic) bool { return !strings.Contains(one.Detail, taskID) })
	if listed < 0 || diagnostics[listed].Severity != "warning" || !strings.Contains(diagnostics[listed].Detail, "TaskId unknown, in room 1001") {
		t.Errorf("diagnostics = %+v, want a warning about the start without a TaskId", diagnostics)
	}

	const summary = "1 to import, 0 to add, 1 to change, 0 to destroy"
	if planned := cli.MustRun(t, "plan", "-no-color").Stdout; !strings.Contains(planned, summary) {
		t.Errorf("the plan is not %q: %s", summary, planned)
	}
	cli.MustRun(t, "apply", "-auto-approve")
	if again := cli.Run(t, "plan", "-detailed-exitcode", "-no-color"); again.ExitCode != 0 {
		t.Errorf("the next plan is not empty: %s", again.Stdout)
	}
	if calls := w.ChangingCalls(); len(calls) > 0 {
		t.Errorf("calls that change something = %v, want none", calls)
	}
	if imported := cli.StateOf(t, "trtc_stream_ingest.orphans_0"); imported["task_id"] != taskID || imported["room_id"] != "1001" {
		t.Errorf("state = %v, want task %s in room 1001", imported, taskID)
	}
	if left := w.records(t); len(left) != 1 || left[0].TaskID != "" {
		t.Errorf("records = %+v, want only the start without a TaskId", left)
	}
}
