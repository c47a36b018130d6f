package provider_test

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// list lists the interrupted starts in a new run.
func (w *journaled) list(t *testing.T, includeResource bool, limit int64, changes tfcore.Values) []tfcore.Listed {
	t.Helper()
	connected := w.Connect(t)
	if diags := connected.Configure(t.Context(), w.ProviderValues(changes)); diags.HasErrors() {
		t.Fatal(diags)
	}
	results, diags := connected.List(t.Context(), acctest.ResourceType, includeResource, limit)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	return results
}

// TestListInterruptedStart checks the result of a task that runs: with its
// identity an import succeeds, and with its resource the import changes nothing.
func TestListInterruptedStart(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	record := w.interrupted(t, w.running(t))
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
	if diags := session.ImportByIdentity(t.Context(), results[0].Identity); diags.HasErrors() {
		t.Error(diags)
	}
}

// TestListOtherRecords checks what is listed of the other records.
func TestListOtherRecords(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare func(*testing.T, *journaled)
		changes tfcore.Values
		faults  []trtcmock.Fault
		warning string
	}{
		"none":    {prepare: func(*testing.T, *journaled) {}},
		"gone":    {prepare: func(t *testing.T, w *journaled) { t.Helper(); w.interrupted(t, "gone") }},
		"pending": {prepare: func(t *testing.T, w *journaled) { t.Helper(); w.interrupted(t, "") }, warning: "TaskId unknown, in room 1001"},
		"invalid": {prepare: func(t *testing.T, w *journaled) {
			t.Helper()
			if err := os.WriteFile(w.interrupted(t, "").File, []byte("{}\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, warning: "is damaged"},
		"unreadable": {
			prepare: func(t *testing.T, w *journaled) { t.Helper(); w.interrupted(t, "T-1") },
			faults:  []trtcmock.Fault{acctest.AnswerAlways(acctest.Describe, "UnauthorizedOperation")}, warning: "T-1",
		},
		"returned": {prepare: func(t *testing.T, w *journaled) {
			t.Helper()
			acctest.ExpectApply(t, w.Session(t), w.Values(t, nil), tfcore.Create)
		}},
		"off": {prepare: func(*testing.T, *journaled) {}, changes: tfcore.Values{"start_journal": "off"}, warning: "The start journal is off"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			test.prepare(t, w)
			w.Inject(t, test.faults...)
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

// TestListLimit checks that no more tasks are read than Terraform asks for.
func TestListLimit(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	for room := range 3 {
		acctest.ExpectApply(t, acctest.SessionOf(t, w.Provider(t, tfcore.Values{"start_journal": "off"})),
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
