package provider_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
	"slices"
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
	w.variables(map[string]string{"TRTC_START_JOURNAL": w.dir})
	return w
}

// variables sets the whole environment of the providers.
func (w *journaled) variables(variables map[string]string) {
	w.Options.LookupEnv = func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	}
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
	opened, err := journal.Open(journal.Config{Dir: w.dir, Clock: w.Clock, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// start is what the provider records of the stream of Values.
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

// running starts a task behind the provider's back.
func (w *journaled) running(t *testing.T) string {
	t.Helper()
	other := acctest.NewWorld(t)
	other.URL, other.Mock = w.URL, w.Mock
	acctest.ExpectApply(t, other.Session(t), w.Values(t, nil), tfcore.Create)
	w.Mock.ResetJournal()
	return w.Mock.Alive()[0].ID
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
	acctest.ExpectSettled(t, session, config)
	if left := files(t, w.dir); len(left) > 0 {
		t.Errorf("after the refresh there are the records %v", left)
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
		"reported":      {says: "The next apply warns about it, and starts a task anyway", state: []bool{true}},
		"interrupted":   {canceled: true, says: "The next apply fails and reports it", state: []bool{false}},
		"not recorded":  {off: true, says: "The start journal has no record of this start"},
		"not recorded ": {off: true, canceled: true, says: "The start journal has no record of this start"},
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
			session := acctest.SessionOf(t, w.Provider(t, changes))
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
	acctest.ExpectSuccess(t, session.Apply(ctx, session.Plan(t.Context(), config)))
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
	acctest.ExpectSuccess(t, connected.Configure(t.Context(), w.ProviderValues(nil)))
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
