package provider_test

import (
	"crypto/rand"
	"net/http"
	"os"
	"path/filepath"
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

// atCall is a transport that calls a function before it sends a request.
type atCall struct {
	next   http.RoundTripper
	before func(action string)
}

func (a atCall) RoundTrip(request *http.Request) (*http.Response, error) {
	a.before(request.Header.Get("X-TC-Action"))
	return a.next.RoundTrip(request)
}
