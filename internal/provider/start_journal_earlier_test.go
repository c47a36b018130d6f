package provider_test

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestEarlierStart_Replaced checks a plan that replaces a running task when the
// journal has another start of its stream: what prevents the start is an error, a
// start of unknown outcome only once. Everything else warns, and the apply succeeds.
func TestEarlierStart_Replaced(t *testing.T) {
	t.Parallel()
	const refused = "UnauthorizedOperation"
	for kind, test := range map[string]struct {
		// errors are those of each plan. Each is made by a new run.
		errors []string
		calls  []string
	}{
		"in use":  {[]string{"Another run is starting this stream", "Another run is starting this stream"}, nil},
		"damaged": {[]string{"cannot be used", "cannot be used"}, nil},
		"running": {[]string{"already running", "already running"}, describes(2)},
		"gone":    {[]string{""}, describes(2)}, // Once for each call that plans the replacement.
		"unreadable": {
			[]string{""}, []string{acctest.Describe + ":" + refused, acctest.Describe + ":" + refused},
		},
		"pending": {[]string{"this error appears once", ""}, nil},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			session, config := w.Session(t), w.Values(t, nil)
			acctest.ExpectApply(t, session, config, tfcore.Create)
			w.rerun(t, session, nil)
			acctest.ExpectSettled(t, session, config) // Removes the record of the task.
			w.leave(t, kind)
			w.Mock.ResetJournal()
			if kind == "unreadable" {
				w.Inject(t, acctest.RejectNext(acctest.Describe, refused), acctest.RejectNext(acctest.Describe, refused))
			}
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
			if plan.Action != "" {
				acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
				w.ExpectChanges(t, acctest.Stop, acctest.Start)
			}
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
	record := w.leave(t, "running")
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
	const refused = "UnauthorizedOperation"
	for kind, test := range map[string]struct {
		calls    []string
		warning  string
		errors   []string // In them, FILE and TASK stand for those of the record.
		recorded int
	}{
		"in use": {errors: []string{"Another run is starting this stream", "FILE"}, recorded: 1},
		"running": {
			calls: describes(1), recorded: 1, errors: []string{
				"already running", "FILE", "TASK", "2026-03-01T12:00:00Z", "errored.tfstate", "repeat_num = 1 (configured: -1)",
				"import {\n    to = ADDRESS\n    id = \"ap-singapore/1400000001/TASK\"", "task_id    = \"TASK\"",
			},
		},
		"gone": {calls: append(describes(2), acctest.Start, acctest.Describe), recorded: 1},
		"unreadable": {
			calls: []string{acctest.Describe + ":" + refused}, recorded: 1, errors: []string{"may be running", "FILE", "could not be read", refused},
		},
		"pending": {
			errors: []string{"may be running", "FILE", "2026-03-01T12:00:00Z", "callback 701", "room 1001", acctest.UserID, "<TaskId>"}, recorded: 1,
		},
		"reported": {calls: []string{acctest.Start, acctest.Describe}, warning: "A task of an earlier start may be running", recorded: 2},
		"damaged":  {errors: []string{"cannot be used", "FILE", "is damaged", "delete the file"}, recorded: 1},
		"newer":    {errors: []string{"cannot be used", "FILE", "newer version"}, recorded: 1},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			record := w.leave(t, kind)
			session := w.resume(t)
			if kind == "unreadable" {
				w.Inject(t, acctest.RejectAll(acctest.Describe, refused))
			}
			plan := session.Plan(t.Context(), w.Values(t, tfcore.Values{"repeat_num": -1}))
			acctest.ExpectPlan(t, plan, tfcore.Create)
			acctest.ExpectWarning(t, plan.Diagnostics, "earlier start of this stream")
			diags := session.Apply(t.Context(), plan)
			w.ExpectJournal(t, test.calls...)
			if test.errors == nil {
				acctest.ExpectSuccess(t, diags)
			} else {
				for i, text := range test.errors {
					test.errors[i] = strings.NewReplacer("FILE", record.File, "TASK", record.TaskID).Replace(text)
				}
				acctest.ExpectError(t, diags, "", test.errors...)
				acctest.ExpectState(t, session, nil)
			}
			if test.warning != "" {
				acctest.ExpectWarning(t, diags, test.warning)
			}
			w.expectRecords(t, test.recorded)
		})
	}
}

// TestUnknownOutcomeIsAnErrorOnce checks that all creates of the run that
// reports a start refuse, and that the next run starts a task.
func TestUnknownOutcomeIsAnErrorOnce(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	w.leave(t, "pending")
	connected := w.Connect(t)
	acctest.ExpectWarning(t, connected.Configure(t.Context(), w.ProviderValues(nil)), "TaskId unknown")
	session, config := connected.Session(acctest.ResourceType), w.Values(t, nil)
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
// quotes the earlier start, whose record stays alone.
func TestExistingTaskAfterAnEarlierStart(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	w.running(t)
	record := w.leave(t, "reported")
	_, diags := w.Session(t).ApplyConfig(t.Context(), w.Values(t, nil))
	acctest.ExpectError(t, diags, "", "TaskExist", "may be that of an earlier start, sent at 2026-03-01T12:00:00Z", record.File)
	if records := w.records(t); len(records) != 1 || records[0].File != record.File {
		t.Errorf("records = %+v, want the earlier one alone", records)
	}
}
