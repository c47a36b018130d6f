package provider_test

import (
	"os"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestEarlierStart_Replaced checks a plan that replaces a running task when the
// journal has another start of its stream: what prevents the start is an error, a
// start of unknown outcome only once. Everything else warns, and the apply succeeds.
func TestEarlierStart_Replaced(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare func(*testing.T, *journaled)
		faults  []trtcmock.Fault
		// errors are those of each plan. Each is made by a new run.
		errors []string
		calls  []string
	}{
		"in use": {
			prepare: func(t *testing.T, w *journaled) {
				t.Helper()
				entry, _, err := w.journal(t).Begin(w.start())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = entry.Discard() })
			},
			errors: []string{"Another run is starting this stream", "Another run is starting this stream"},
		},
		"damaged": {
			prepare: func(t *testing.T, w *journaled) {
				t.Helper()
				if err := os.WriteFile(w.interrupted(t, "").File, []byte("{}\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			},
			errors: []string{"cannot be used", "cannot be used"},
		},
		"running": {
			prepare: func(t *testing.T, w *journaled) {
				t.Helper()
				orphan := w.Session(t)
				acctest.ExpectApply(t, orphan, w.Values(t, tfcore.Values{"room_id": "1002"}), tfcore.Create)
				w.interrupted(t, orphan.State()["task_id"].(string))
			},
			errors: []string{"already running", "already running"},
			calls:  []string{acctest.Describe, acctest.Describe},
		},
		"gone": {
			prepare: func(t *testing.T, w *journaled) { t.Helper(); w.interrupted(t, "gone") },
			errors:  []string{""},
			calls:   []string{acctest.Describe, acctest.Describe}, // Once for each call that plans the replacement.
		},
		"status unreadable": {
			prepare: func(t *testing.T, w *journaled) { t.Helper(); w.interrupted(t, "T") },
			faults: []trtcmock.Fault{
				acctest.RejectNext(acctest.Describe, "UnauthorizedOperation"), acctest.RejectNext(acctest.Describe, "UnauthorizedOperation"),
			},
			errors: []string{""},
			calls:  []string{acctest.Describe + ":UnauthorizedOperation", acctest.Describe + ":UnauthorizedOperation"},
		},
		"outcome unknown": {
			prepare: func(t *testing.T, w *journaled) { t.Helper(); w.interrupted(t, "") },
			errors:  []string{"this error appears once", ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			session, config := w.Session(t), w.Values(t, nil)
			acctest.ExpectApply(t, session, config, tfcore.Create)
			acctest.ExpectSettled(t, session, config) // Removes the record of the task.
			test.prepare(t, w)
			w.Mock.ResetJournal()
			w.Inject(t, test.faults...)
			var plan tfcore.Plan
			for _, message := range test.errors {
				w.rerun(t, session, nil)
				plan = session.Plan(t.Context(), config.With(tfcore.Values{"seek_second": 60}))
				if message != "" {
					acctest.ExpectError(t, plan.Diagnostics, "", message, "terraform destroy -refresh=false")
				} else if plan.Diagnostics.HasErrors() || len(plan.Diagnostics.Warnings().Mentioning("earlier start")) != 1 {
					t.Errorf("planned to %s, diagnostics: %s, want one warning", plan, plan.Diagnostics)
				}
			}
			w.ExpectJournal(t, test.calls...)
			if plan.Action == "" {
				return
			}
			acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
			w.ExpectChanges(t, acctest.Stop, acctest.Start)
		})
	}
}

// TestEarlierStart_MovesToAnotherResource checks resources whose streams move up a
// list in the first plan after their starts: the task of the next resource, which
// Terraform has not refreshed yet, is not taken for an orphan.
func TestEarlierStart_MovesToAnotherResource(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	first, next := w.Session(t), w.Values(t, tfcore.Values{"room_id": "1002"})
	acctest.ExpectApply(t, first, w.Values(t, nil), tfcore.Create)
	acctest.ExpectApply(t, w.Session(t), next, tfcore.Create)
	w.rerun(t, first, nil)
	w.Mock.ResetJournal()
	plan := first.Plan(t.Context(), next)
	acctest.ExpectPlan(t, plan, tfcore.Replace)
	acctest.ExpectWarning(t, plan.Diagnostics, "If another resource has the task")
	w.ExpectJournal(t)
}

// TestReplacedImport checks that the record of an imported task, which stays until
// the import is adopted, does not prevent the replacement of that task.
func TestReplacedImport(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	record := w.interrupted(t, w.running(t))
	session := w.resume(t)
	acctest.ExpectSuccess(t, session.Import(t.Context(), acctest.Region+"/1400000001/"+record.TaskID))
	w.Mock.ResetJournal()
	plan := session.PlanReplace(t.Context(), w.Values(t, nil))
	acctest.ExpectSuccess(t, plan.Diagnostics)
	acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
	w.ExpectJournal(t, restart...)
}

// TestEarlierStart checks what a create does when the journal has another start
// of its stream.
func TestEarlierStart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare func(*testing.T, *journaled) []string
		faults  []trtcmock.Fault
		calls   []string
		error   string
		warning string
		left    int
	}{
		"in use": {
			prepare: func(t *testing.T, w *journaled) []string {
				t.Helper()
				entry, _, err := w.journal(t).Begin(w.start())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = entry.Discard() })
				return []string{entry.File()}
			},
			error: "Another run is starting this stream", left: 1,
		},
		"running": {
			prepare: func(t *testing.T, w *journaled) []string {
				t.Helper()
				record := w.interrupted(t, w.running(t))
				return []string{
					record.File, record.TaskID, "2026-03-01T12:00:00Z", "errored.tfstate", "repeat_num = 1 (configured: -1)",
					"import {\n    to = ADDRESS\n    id = \"ap-singapore/1400000001/" + record.TaskID + "\"", "task_id    = \"" + record.TaskID,
				}
			},
			calls: []string{acctest.Describe}, error: "already running", left: 1,
		},
		"gone": {
			prepare: func(t *testing.T, w *journaled) []string {
				t.Helper()
				w.interrupted(t, "gone")
				return nil
			},
			calls: []string{acctest.Describe, acctest.Describe, acctest.Start, acctest.Describe}, left: 1,
		},
		"status unreadable": {
			prepare: func(t *testing.T, w *journaled) []string {
				t.Helper()
				return []string{w.interrupted(t, "T").File, "could not be read", "UnauthorizedOperation"}
			},
			faults: []trtcmock.Fault{acctest.RejectAll(acctest.Describe, "UnauthorizedOperation")},
			calls:  []string{acctest.Describe + ":UnauthorizedOperation"}, error: "may be running", left: 1,
		},
		"outcome unknown": {
			prepare: func(t *testing.T, w *journaled) []string {
				t.Helper()
				return []string{w.interrupted(t, "").File, "2026-03-01T12:00:00Z", "callback 701", "room 1001", acctest.UserID, "<TaskId>"}
			},
			error: "may be running", left: 1,
		},
		"outcome unknown, told": {
			prepare: func(t *testing.T, w *journaled) []string {
				t.Helper()
				record := w.interrupted(t, "")
				if err := w.journal(t).MarkReported(t.Context(), record); err != nil {
					t.Fatal(err)
				}
				return nil
			},
			calls: []string{acctest.Start, acctest.Describe}, warning: "A task of an earlier start may be running", left: 2,
		},
		"damaged": {
			prepare: func(t *testing.T, w *journaled) []string {
				t.Helper()
				file := w.interrupted(t, "").File
				if err := os.WriteFile(file, []byte("{}\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				return []string{file, "is damaged", "delete the file"}
			},
			error: "cannot be used", left: 1,
		},
		"newer": {
			prepare: func(t *testing.T, w *journaled) []string {
				t.Helper()
				file := w.interrupted(t, "").File
				if err := os.WriteFile(file, []byte("{\"version\":2}\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				return []string{file, "newer version"}
			},
			error: "cannot be used", left: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			mentioned := test.prepare(t, w)
			config := w.Values(t, tfcore.Values{"repeat_num": -1})
			session := w.Connect(t)
			session.Configure(t.Context(), w.ProviderValues(nil))
			create := acctest.SessionOf(t, session)
			w.Inject(t, test.faults...)
			plan := create.Plan(t.Context(), config)
			if plan.Action != tfcore.Create || len(plan.Diagnostics.Warnings().Mentioning("earlier start of this stream")) != 1 {
				t.Errorf("plan to %s with %q, want one warning", plan, plan.Diagnostics)
			}
			diags := create.Apply(t.Context(), plan)
			w.ExpectJournal(t, test.calls...)
			if test.error != "" {
				acctest.ExpectError(t, diags, "", append(mentioned, test.error)...)
				acctest.ExpectState(t, create, nil)
			} else if diags.HasErrors() {
				t.Error(diags)
			}
			if test.warning != "" {
				acctest.ExpectWarning(t, diags, test.warning)
			}
			if left := files(t, w.dir); len(left) != test.left {
				t.Errorf("%d records are left, want %d: %v", len(left), test.left, left)
			}
		})
	}
}

// TestUnknownOutcomeIsAnErrorOnce checks that all creates of the run that
// reports a start refuse, and that the next run starts a task.
func TestUnknownOutcomeIsAnErrorOnce(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	w.interrupted(t, "")
	connected := w.Connect(t)
	acctest.ExpectWarning(t, connected.Configure(t.Context(), w.ProviderValues(nil)), "TaskId unknown")
	session, config := acctest.SessionOf(t, connected), w.Values(t, nil)
	for range 2 {
		_, diags := session.ApplyConfig(t.Context(), config)
		acctest.ExpectError(t, diags, "", "this error appears once", "then delete the record")
	}
	w.ExpectJournal(t)
	if diags := w.rerun(t, session, nil); len(diags) > 0 {
		t.Errorf("a start that was reported is reported by Configure: %s", diags)
	}
	acctest.ExpectWarning(t, acctest.ExpectApply(t, session, config, tfcore.Create), "starts a task anyway")
}

// TestExistingTaskAfterAnEarlierStart checks that a refusal with TaskExist
// quotes the earlier start, whose record stays.
func TestExistingTaskAfterAnEarlierStart(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	w.running(t)
	record := w.interrupted(t, "")
	if err := w.journal(t).MarkReported(t.Context(), record); err != nil {
		t.Fatal(err)
	}
	_, diags := w.Session(t).ApplyConfig(t.Context(), w.Values(t, nil))
	acctest.ExpectError(t, diags, "", "TaskExist", "may be that of an earlier start, sent at 2026-03-01T12:00:00Z", record.File)
	if records := w.records(t); len(records) != 1 || records[0].File != record.File {
		t.Errorf("records = %+v, want the earlier one alone", records)
	}
}
