package provider_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// journaled is a world whose start journal is in a directory of its own.
type journaled struct {
	*acctest.World

	dir string
}

func newJournaled(t *testing.T, changes ...func(*trtcmock.Options)) *journaled {
	t.Helper()
	w := &journaled{World: acctest.NewWorld(t, changes...), dir: filepath.Join(t.TempDir(), "starts")}
	w.Setenv(map[string]string{"TRTC_START_JOURNAL": w.dir})
	return w
}

// rerun is the next run: a new provider with the state of the session. It
// returns the diagnostics of Configure.
func (w *journaled) rerun(t *testing.T, session *tfcore.Session, changes tfcore.Values) tfcore.Diagnostics {
	t.Helper()
	connected := w.Connect(t)
	diags := connected.Configure(t.Context(), w.ProviderValues(changes))
	session.Serve(connected)
	return diags
}

// journal opens the start journal as another process does.
func (w *journaled) journal(t *testing.T) *journal.Journal {
	t.Helper()
	opened, err := journal.Open(journal.Config{Dir: w.dir, Clock: w.Clock})
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// start holds what the provider records of the stream of Values.
func (w *journaled) start() journal.Start {
	once, off := int64(1), false
	return journal.Start{
		Key: journal.Key{
			Service: w.Service(), SdkAppID: acctest.SdkAppID, RoomIDType: 1, RoomID: "1001", UserID: acctest.UserID,
		},
		Region: acctest.Region, Arguments: journal.Arguments{RepeatNum: &once, AutoPush: &off},
	}
}

// interrupted leaves the record of a start that was interrupted; without a
// TaskId it is pending.
func (w *journaled) interrupted(t *testing.T, taskID string) journal.Record {
	t.Helper()
	entry, _, err := w.journal(t).Begin(w.start())
	if err == nil && taskID != "" {
		err = entry.Started(taskID)
	}
	if err == nil {
		err = entry.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.records(t)[0]
}

// records returns the records of the stream of Values.
func (w *journaled) records(t *testing.T) []journal.Record {
	t.Helper()
	records, err := w.journal(t).Lookup(w.start().Key)
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// running starts a task behind the provider's back, in the room of Values if no
// task is in it.
func (w *journaled) running(t *testing.T) string {
	t.Helper()
	other := acctest.NewWorld(t)
	other.URL, other.Mock = w.URL, w.Mock
	session := other.Session(t)
	acctest.ExpectApply(t, session, w.Values(t, tfcore.Values{"room_id": strconv.Itoa(1001 + len(w.Mock.Alive()))}), tfcore.Create)
	w.Mock.ResetJournal()
	taskID, _ := session.State()["task_id"].(string)
	return taskID
}

// leave leaves the record of an earlier start of the stream of Values.
func (w *journaled) leave(t *testing.T, kind string) journal.Record {
	t.Helper()
	switch kind {
	case "in use":
		entry, _, err := w.journal(t).Begin(w.start())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = entry.Discard() })
		return journal.Record{File: entry.File()}
	case "running":
		return w.interrupted(t, w.running(t))
	case "gone", "unreadable":
		return w.interrupted(t, kind)
	}
	record := w.interrupted(t, "")
	var err error
	switch kind {
	case "reported":
		err = w.journal(t).MarkReported(t.Context(), record)
	case "damaged":
		err = os.WriteFile(record.File, []byte("{}\n"), 0o600)
	case "newer":
		err = os.WriteFile(record.File, []byte("{\"version\":2}\n"), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return record
}

// expectRecords checks how many records are in the directory.
func (w *journaled) expectRecords(t *testing.T, want int) {
	t.Helper()
	if left := files(t, w.dir); len(left) != want {
		t.Errorf("records %v, want %d", left, want)
	}
}

// files returns the content of the records in the directory.
func files(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	contents := []string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		contents = append(contents, string(text))
	}
	return contents
}

// TestStartJournal_LoopbackHosts checks that a start at 127.0.0.1 is known at
// localhost, and unknown at another port.
func TestStartJournal_LoopbackHosts(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	w.interrupted(t, w.running(t))
	session, port := w.Connect(t).Session(acctest.ResourceType), strings.TrimPrefix(w.URL, "http://127.0.0.1:")
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
	w.BeforeRequest(func(request *http.Request) {
		for _, content := range files(t, w.dir) {
			lines := strings.Split(strings.TrimSuffix(content, "\n"), "\n")
			seen = append(seen, acctest.ActionOf(request), lines[len(lines)-1][:len(`{"record":"pending"`)])
		}
	})
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
	w.rerun(t, session, nil)
	acctest.ExpectSettled(t, session, config)
	w.expectRecords(t, 0)
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
		"reported":     {says: "The next apply warns about it, and starts a task anyway", state: []bool{true}},
		"interrupted":  {canceled: true, says: "The next apply fails and reports it", state: []bool{false}},
		"not recorded": {off: true, says: "The start journal has no record of this start"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newJournaled(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if test.canceled {
				w.AfterCall(acctest.Start, cancel)
			}
			w.Inject(t, acctest.FailNext(acctest.Start, trtcmock.FaultEmptyObject))
			changes := tfcore.Values{}
			if test.off {
				changes["start_journal"] = "off"
			}
			session := w.Provider(t, changes).Session(acctest.ResourceType)
			diags := session.Apply(ctx, session.Plan(t.Context(), w.Values(t, nil)))
			acctest.ExpectError(t, diags, "", "no response was received", test.says)
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

// TestCanceledCreateIsNotReturned checks that a create whose caller has gone is
// reported by the next run, until the task is found in state.
func TestCanceledCreateIsNotReturned(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calm := w.Options.Transport
	w.AfterCall(acctest.Start, cancel)
	session, config := w.Session(t), w.Values(t, nil)
	_, diags := apply(ctx, session, config)
	acctest.ExpectSuccess(t, diags)
	w.Options.Transport = calm
	diags = w.rerun(t, session, nil)
	acctest.ExpectWarning(t, diags, "task "+w.Mock.Alive()[0].ID+" in room 1001")
	acctest.ExpectSilence(t, w.rerun(t, session, tfcore.Values{"endpoint": "http://127.0.0.1:1"})) // Another host.
	w.rerun(t, session, nil)
	acctest.ExpectSettled(t, session, config)
	acctest.ExpectSilence(t, w.rerun(t, session, nil))
	w.expectRecords(t, 0)
}

// resume is Session of a provider whose Configure may warn.
func (w *journaled) resume(t *testing.T) *tfcore.Session {
	t.Helper()
	connected := w.Connect(t)
	acctest.ExpectSuccess(t, connected.Configure(t.Context(), w.ProviderValues(nil)))
	return connected.Session(acctest.ResourceType)
}

// TestPlanWithUnknownStream checks that a plan is not warned about while it is
// not known which stream it starts, or where the journal is.
func TestPlanWithUnknownStream(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	w.leave(t, "pending")
	session := w.resume(t)
	expectSilent := func(changes tfcore.Values) {
		t.Helper()
		plan := session.Plan(t.Context(), w.Values(t, changes))
		acctest.ExpectPlan(t, plan, tfcore.Create)
		if len(plan.Diagnostics.Mentioning("start journal")) > 0 {
			t.Errorf("%v: %s", changes, plan.Diagnostics)
		}
	}
	for _, name := range []string{"sdk_app_id", "room_id", "room_id_type", "user_id"} {
		expectSilent(tfcore.Values{name: tfcore.Unknown})
	}
	expectSilent(tfcore.Values{"room_id_type": 0}) // Another stream.
	for _, endpoint := range []any{w.URL, tfcore.Unknown} {
		acctest.ExpectSilence(t, w.rerun(t, session, tfcore.Values{"start_journal": tfcore.Unknown, "endpoint": endpoint}))
		expectSilent(nil)
	}
}

// TestTwoStartsAtOnce starts one stream from two runs at once: at most one task
// runs, and a run without one has an error.
func TestTwoStartsAtOnce(t *testing.T) {
	t.Parallel()
	w := newJournaled(t)
	second := make(chan tfcore.Diagnostics, 1)
	other := w.Session(t)
	w.BeforeRequest(func(request *http.Request) {
		if acctest.ActionOf(request) == acctest.Start {
			_, diags := other.ApplyConfig(context.Background(), w.Values(t, nil))
			second <- diags
		}
	})
	acctest.ExpectApply(t, w.Session(t), w.Values(t, nil), tfcore.Create)
	acctest.ExpectError(t, <-second, "", "Another run is starting this stream")
	w.ExpectJournal(t, acctest.Start, acctest.Describe)
}
