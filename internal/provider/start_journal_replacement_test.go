package provider_test

import (
	"os"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestStartJournalFails_Replaced checks a configured directory that vanishes before
// the start that replaces a task: the task was stopped, so a new one is started
// and the warning says that it is not recorded.
func TestStartJournalFails_Replaced(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	session, config := w.Session(t), w.Values(t, nil)
	acctest.ExpectApply(t, session, config, tfcore.Create)
	plan := session.Plan(t.Context(), config.With(tfcore.Values{"seek_second": 60}))
	w.Mock.ResetJournal()
	if err := os.RemoveAll(w.dir); err != nil {
		t.Fatal(err)
	}
	w.rerun(t, session, nil)
	// As the directory of an apply in which the disk fails.
	if err := os.RemoveAll(w.dir); err != nil {
		t.Fatal(err)
	}
	diags := session.Apply(t.Context(), plan)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	acctest.ExpectWarning(t, diags, "The start is not recorded")
	acctest.ExpectWarning(t, diags, w.dir)
	w.ExpectChanges(t, acctest.Stop, acctest.Start)
}

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
			if diags := session.Apply(t.Context(), plan); diags.HasErrors() {
				t.Error(diags)
			}
			w.ExpectChanges(t, acctest.Stop, acctest.Start)
		})
	}
}

// TestReplacedImport checks that the record of an imported task, which stays until
// the import is adopted, does not prevent the replacement of that task.
func TestReplacedImport(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	record := w.interrupted(t, w.running(t))
	session := w.resume(t)
	if diags := session.Import(t.Context(), acctest.Region+"/1400000001/"+record.TaskID); diags.HasErrors() {
		t.Fatal(diags)
	}
	w.Mock.ResetJournal()
	plan := session.PlanReplace(t.Context(), w.Values(t, nil))
	if plan.Diagnostics.HasErrors() {
		t.Fatal(plan.Diagnostics)
	}
	if diags := session.Apply(t.Context(), plan); diags.HasErrors() {
		t.Error(diags)
	}
	w.ExpectJournal(t, restart...)
}
