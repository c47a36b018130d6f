package provider_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestStartJournal_LoopbackHosts checks that a start at 127.0.0.1 is known at
// localhost, and unknown at another port.
func TestStartJournal_LoopbackHosts(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	w.interrupted(t, w.running(t))
	session, port := acctest.SessionOf(t, w.Connect(t)), strings.TrimPrefix(w.URL, "http://127.0.0.1:")
	diags := w.rerun(t, session, tfcore.Values{"endpoint": "http://localhost:" + port})
	acctest.ExpectWarning(t, diags, "Interrupted starts were found")
	_, diags = session.ApplyConfig(t.Context(), w.Values(t, nil))
	acctest.ExpectError(t, diags, "", w.Mock.Alive()[0].ID)
	w.ExpectChanges(t)
	if diags := w.rerun(t, session, tfcore.Values{"endpoint": "http://127.0.0.1:1"}); len(diags) > 0 {
		t.Errorf("a start at another port: %s", diags)
	}
}

// TestStartIsRecordedBeforeItIsSent checks what the journal has at each call of
// a create, and that it has no secret.
func TestStartIsRecordedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	var seen []string
	w.Options.Transport = atCall{w.Options.Transport, func(action string) {
		for _, content := range files(t, w.dir) {
			lines := strings.Split(strings.TrimSuffix(content, "\n"), "\n")
			seen = append(seen, action, lines[len(lines)-1][:len(`{"record":"pending"`)])
		}
	}}
	session, config := w.Session(t), w.Values(t, tfcore.Values{"stream_url": "https://user:canary@example.com/live.flv?sign=canary"})
	acctest.ExpectApply(t, session, config, tfcore.Create)
	if want := []string{acctest.Start, `{"record":"pending"`, acctest.Describe, `{"record":"started"`}; !slices.Equal(seen, want) {
		t.Errorf("the journal at each call: %v, want %v", seen, want)
	}
	for _, content := range files(t, w.dir) {
		if strings.Contains(content, "canary") || strings.Contains(content, w.UserSig(t, acctest.UserID)) {
			t.Errorf("the record has a secret: %s", content)
		}
	}
	if records := w.records(t); len(records) != 1 || !records[0].Returned || records[0].TaskID != w.Mock.Alive()[0].ID {
		t.Errorf("records = %+v, want one that was returned", records)
	}
	acctest.ExpectSettled(t, session, config)
	if left := files(t, w.dir); len(left) > 0 {
		t.Errorf("after the refresh there are the records %v", left)
	}
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
		"outcome unknown, reported": {
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
	acctest.ExpectWarning(t, acctest.ExpectApply(t, session, config, tfcore.Create), "starts a task all the same")
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

// TestLostStartIsRecorded checks what a lost start leaves, and that its error
// says so.
func TestLostStartIsRecorded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		off, canceled bool
		says          string
		state         []bool // reported, of each record
	}{
		"reported":      {says: "The next apply warns about it, and starts a task all the same", state: []bool{true}},
		"interrupted":   {canceled: true, says: "The next apply reports it as an error", state: []bool{false}},
		"not recorded":  {off: true, says: "The start journal has no record of this start"},
		"not recorded ": {off: true, canceled: true, says: "The start journal has no record of this start"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if test.canceled {
				w.Options.Transport = interrupting{w.Options.Transport, acctest.Start, cancel}
			}
			w.Inject(t, acctest.FailNext(acctest.Start, trtcmock.FaultEmptyObject))
			changes := tfcore.Values{}
			if test.off {
				changes["start_journal"] = "off"
			}
			session := acctest.SessionOf(t, w.Provider(t, changes))
			diags := session.Apply(ctx, session.Plan(t.Context(), w.Values(t, nil)))
			acctest.ExpectError(t, diags, "", "answer was lost", test.says)
			var reported []bool
			for _, record := range w.records(t) {
				reported = append(reported, record.Reported)
			}
			if !slices.Equal(reported, test.state) {
				t.Errorf("the records are reported: %v, want %v", reported, test.state)
			}
		})
	}
}

// TestRefusedStartLeavesNoRecord checks a start that the service did not run.
func TestRefusedStartLeavesNoRecord(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	w.Inject(t, acctest.RejectNext(acctest.Start, "FailedOperation.NotAllowed"))
	_, diags := w.Session(t).ApplyConfig(t.Context(), w.Values(t, nil))
	acctest.ExpectError(t, diags, "", "NotAllowed")
	if left := files(t, w.dir); len(left) > 0 {
		t.Errorf("records are left: %v", left)
	}
}

// TestRepetitionThatSucceeds checks the warning about a possible second task.
func TestRepetitionThatSucceeds(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	w.Inject(t, acctest.RejectNext(acctest.Start, "InternalError"))
	diags := acctest.ExpectApply(t, w.Session(t), w.Values(t, nil), tfcore.Create)
	acctest.ExpectWarning(t, diags, "A second task may be running")
	acctest.ExpectWarning(t, diags, "sent at 2026-03-01T12:00:00Z")
}

// TestCanceledCreateIsNotReturned checks that a create whose caller has gone is
// reported by the next run, until the task is found in state.
func TestCanceledCreateIsNotReturned(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calm := w.Options.Transport
	w.Options.Transport = interrupting{calm, acctest.Start, cancel}
	session, config := w.Session(t), w.Values(t, nil)
	if diags := session.Apply(ctx, session.Plan(t.Context(), config)); diags.HasErrors() {
		t.Fatal(diags)
	}
	w.Options.Transport = calm
	diags := w.rerun(t, session, nil)
	acctest.ExpectWarning(t, diags, "task "+w.Mock.Alive()[0].ID+" in room 1001")
	if len(diags) != 1 {
		t.Errorf("diagnostics %q, want one", diags)
	}
	if diags := w.rerun(t, session, tfcore.Values{"endpoint": "http://127.0.0.1:1"}); len(diags) > 0 {
		t.Errorf("a record of another host is reported: %s", diags)
	}
	w.rerun(t, session, nil)
	acctest.ExpectSettled(t, session, config)
	if diags := w.rerun(t, session, nil); len(diags) > 0 || len(files(t, w.dir)) > 0 {
		t.Errorf("after the refresh: %s, %v", diags, files(t, w.dir))
	}
}

// resume is Session of a provider whose Configure may warn.
func (w *journaled) resume(t *testing.T) *tfcore.Session {
	t.Helper()
	connected := w.Connect(t)
	if diags := connected.Configure(t.Context(), w.ProviderValues(nil)); diags.HasErrors() {
		t.Fatal(diags)
	}
	return acctest.SessionOf(t, connected)
}

// TestPlanWithUnknownStream checks that a plan is not warned about while it is
// not known which stream it starts, or where the journal is.
func TestPlanWithUnknownStream(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	w.interrupted(t, "")
	session := w.resume(t)
	for _, name := range []string{"sdk_app_id", "room_id", "room_id_type", "user_id"} {
		plan := session.Plan(t.Context(), w.Values(t, tfcore.Values{name: tfcore.Unknown}))
		if len(plan.Diagnostics.Mentioning("start journal")) > 0 || plan.Action != tfcore.Create {
			t.Errorf("with an unknown %s, plan to %s: %s", name, plan, plan.Diagnostics)
		}
	}
	plan := session.Plan(t.Context(), w.Values(t, tfcore.Values{"room_id_type": 0}))
	if len(plan.Diagnostics.Mentioning("start journal")) > 0 {
		t.Errorf("the record of another stream is reported: %s", plan.Diagnostics)
	}
	for _, endpoint := range []any{w.URL, tfcore.Unknown} {
		changes := tfcore.Values{"start_journal": tfcore.Unknown, "endpoint": endpoint}
		if diags := w.rerun(t, session, changes); len(diags) > 0 {
			t.Errorf("with an unknown journal: %s", diags)
		}
		plan = session.Plan(t.Context(), w.Values(t, nil))
		if len(plan.Diagnostics.Mentioning("start journal")) > 0 || plan.Action != tfcore.Create {
			t.Errorf("with an unknown journal, plan to %s: %s", plan, plan.Diagnostics)
		}
	}
}

// TestTwoStartsAtOnce starts one stream from two runs at once: at most one task
// runs, and a run without one has an error.
func TestTwoStartsAtOnce(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	second := make(chan tfcore.Diagnostics, 1)
	calm := w.Options.Transport
	other := w.Session(t)
	w.Options.Transport = atCall{calm, func(action string) {
		if action == acctest.Start {
			_, diags := other.ApplyConfig(context.Background(), w.Values(t, nil))
			second <- diags
		}
	}}
	acctest.ExpectApply(t, w.Session(t), w.Values(t, nil), tfcore.Create)
	acctest.ExpectError(t, <-second, "", "Another run is starting this stream")
	w.ExpectJournal(t, acctest.Start, acctest.Describe)
}
