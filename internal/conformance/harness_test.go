package conformance

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const (
	testSecretID  = "AKIDconformance"
	testSecretKey = "canary-secret-key"
	testApp       = 1400000001
)

var testAppKey = strings.Repeat("a1", 32)

type staticKey cloudapi.Credential

func (k staticKey) Retrieve(context.Context) (cloudapi.Credential, error) {
	return cloudapi.Credential(k), nil
}

// environment is a mock and a Config that runs against it.
type environment struct {
	mock    *trtcmock.Server
	clock   *clocktest.Clock
	config  Config
	notices []string
}

// newEnvironment starts a mock behind a handler; nil is the mock itself.
func newEnvironment(t *testing.T, china bool, wrap func(http.Handler) http.Handler, changes ...func(*trtcmock.Options)) *environment {
	t.Helper()
	e := &environment{clock: clocktest.New(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))}
	options := trtcmock.Options{
		Credentials:  map[string]string{testSecretID: testSecretKey},
		AppKeys:      map[uint64]string{testApp: testAppKey},
		AnyAppKey:    strings.Repeat("b2", 32),
		China:        china,
		Quota:        1, // One task at a time.
		TaskDuration: time.Minute,
		Now:          e.clock.Now,
		Sleep:        e.clock.Sleep,
	}
	for _, change := range changes {
		change(&options)
	}
	e.mock = trtcmock.New(options)
	t.Cleanup(e.mock.Close)
	var handler http.Handler = e.mock
	if wrap != nil {
		handler = wrap(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	endpoint, err := cloudapi.ParseEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	key, err := tickets.NewKey(testAppKey)
	if err != nil {
		t.Fatal(err)
	}
	e.config = Config{
		Endpoint: endpoint, China: china, Region: "ap-singapore",
		Credentials: staticKey{SecretID: secret.New(testSecretID), SecretKey: secret.New(testSecretKey)},
		App:         App{testApp, key},
		StreamURL:   secret.New("http://media.example/audio.mp3?canary=stream"),
		Clock:       e.clock, Transport: transport,
		Journal: openJournal(t, t.TempDir(), e.clock),
		Notice:  func(text string) { e.notices = append(e.notices, text) },
	}
	return e
}

func openJournal(t *testing.T, dir string, clock *clocktest.Clock) *journal.Journal {
	t.Helper()
	opened, err := journal.Open(journal.Config{
		Dir: dir, GOOS: runtime.GOOS, LookupEnv: os.LookupEnv, HomeDir: os.UserHomeDir, Clock: clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// expectNoRecord checks that the journal is empty.
func (e *environment) expectNoRecord(t *testing.T) {
	t.Helper()
	records, err := openJournal(t, e.config.Journal.Dir(), e.clock).Unreturned(e.config.Endpoint.Identity())
	if err != nil || len(records) > 0 {
		t.Errorf("%d records, %v", len(records), err)
	}
}

func (e *environment) newRun(t *testing.T) *Run {
	t.Helper()
	return New(e.config)
}

func (e *environment) newSession(t *testing.T) *session {
	t.Helper()
	return &session{run: e.newRun(t), observed: Observation{}}
}

// run runs the probes with these IDs, or all that a program checks, and returns the outcomes by ID.
func (e *environment) run(t *testing.T, ids ...int) (map[int]Outcome, *Run) {
	t.Helper()
	run := e.newRun(t)
	outcomes := map[int]Outcome{}
	for _, probe := range probesOf(ids...) {
		outcomes[probe.ID] = run.Probe(t.Context(), probe, expected(t, probe, e.config.China))
	}
	if err := run.Err(t.Context()); err != nil && !run.Uncertain() {
		t.Fatal(err)
	}
	return outcomes, run
}

// expected returns what the mock has to return.
func expected(t *testing.T, p Probe, china bool) Observation {
	t.Helper()
	snapshot, err := ReadSnapshot("testdata", p)
	if err != nil {
		t.Fatal(err)
	}
	return snapshot.Expected(p, china)
}

func probesOf(ids ...int) []Probe {
	var chosen []Probe
	for _, probe := range Probes() {
		if slices.Contains(ids, probe.ID) || len(ids) == 0 && probe.Tier != ByHand {
			chosen = append(chosen, probe)
		}
	}
	return chosen
}
