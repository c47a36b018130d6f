package conformance

import (
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

var updateFiles = flag.Bool("update", false, "write facts and assumptions into the snapshots; observations stay")

// The mock answers as the service did when it was last observed, and else as
// assumed.
func TestMockAgreesWithSnapshots(t *testing.T) {
	t.Parallel()
	for _, china := range []bool{false, true} {
		t.Run(Site(china), func(t *testing.T) {
			t.Parallel()
			e := newEnvironment(t, china, nil)
			// Probe 45 sees what happens to others.
			faults := []trtcmock.Fault{
				{Action: actionStart, Kind: trtcmock.FaultCode, Code: "RequestLimitExceeded"},
				{Action: actionStart, Nth: 3, Kind: trtcmock.FaultCode, Code: "ResourceInsufficient.RequestRejection"},
			}
			if err := e.mock.Inject(faults...); err != nil {
				t.Fatal(err)
			}
			run, err := New(e.config)
			if err != nil {
				t.Fatal(err)
			}
			s := &session{run: run, observed: Observation{}}
			for range faults {
				s.running(t.Context())
				s.err = nil
			}
			passive := run.passive
			outcomes, run := e.run(t)
			for _, probe := range Probes() {
				outcome := outcomes[probe.ID]
				if probe.Tier == Passive {
					outcome.Observed = passive
				}
				snapshot, err := ReadSnapshot(os.DirFS("testdata"), probe)
				if err != nil {
					t.Fatal(err)
				}
				if outcome.Observed == nil {
					t.Errorf("probe %d: %s: %s", probe.ID, outcome.Verdict, outcome.Reason)
				}
				for _, difference := range snapshot.Differences(outcome.Observed, snapshot.Expected(probe, china)) {
					t.Errorf("probe %d, %s", probe.ID, difference)
				}
				if err := (Record{SiteChina, "2026-03-01", "dev", "00000000", outcome.Observed}).validate(probe); china && err != nil {
					t.Error(err)
				}
			}
			if alive := e.mock.Alive(); len(alive) > 0 || run.Uncertain() {
				t.Errorf("%d tasks are running", len(alive))
			}
		})
	}
}

// The files say what the table says.
func TestSnapshotsMatchTable(t *testing.T) {
	t.Parallel()
	var names []string
	for _, probe := range Probes() {
		names = append(names, probe.FileName())
		snapshot, err := ReadSnapshot(os.DirFS("testdata"), probe)
		if err != nil {
			t.Fatal(err)
		}
		fresh := NewSnapshot(probe)
		fresh.Observations, fresh.KnownDifferences = snapshot.Observations, snapshot.KnownDifferences
		dir := t.TempDir()
		if *updateFiles {
			dir = "testdata"
		}
		if err := fresh.Write(dir, probe); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(dir + "/" + probe.FileName())
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile("testdata/" + probe.FileName()); string(got) != string(want) {
			t.Errorf("testdata/%s differs from the table: run go test ./internal/conformance -run TestSnapshotsMatchTable -update", probe.FileName())
		}
	}
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !slices.Contains(names, entry.Name()) {
			t.Errorf("testdata/%s belongs to no probe", entry.Name())
		}
	}
}

// Only what is on the list is written or accepted.
func TestRecordAllowList(t *testing.T) {
	t.Parallel()
	probe := probesOf(16)[0]
	good := Record{SiteChina, "2026-03-01", "0.1.0", "0123abcd", Observation{"start Tempo": "InvalidParameter.UserSig"}}
	for name, change := range map[string]func(*Record){
		"site":           func(r *Record) { r.Site = "canary" },
		"date with time": func(r *Record) { r.Date = "2026-03-01T12:00:00Z" },
		"version":        func(r *Record) { r.Version = "canary" },
		"account":        func(r *Record) { r.AccountLabel = "100012345678" },
		"case":           func(r *Record) { r.Observed = Observation{"canary": success} },
		"value":          func(r *Record) { r.Observed = Observation{"start Tempo": "canary"} },
		"identifier":     func(r *Record) { r.Observed = Observation{"start Tempo": "1400000001"} },
	} {
		dir, record := t.TempDir(), good
		change(&record)
		if err := Append(dir, probe, record); err == nil {
			t.Errorf("%s: %+v was written", name, record)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
			t.Errorf("%s: %d files, %v", name, len(entries), err)
		}
		snapshot := NewSnapshot(probe)
		snapshot.Observations = []Record{record}
		if err := snapshot.Write(dir, probe); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadSnapshot(os.DirFS(dir), probe); err == nil {
			t.Errorf("%s: %+v was read", name, record)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/16.json", []byte(`{"fact":"","observations":[],"task_id":"x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSnapshot(os.DirFS(dir), probe); err == nil {
		t.Error("an unknown field was read")
	}
}

// A fact counts once every case was observed on one site.
func TestSummaryCounts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	line := func() string {
		text, err := Summary(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		return text[:len("0 of 45 facts")]
	}
	probe := probesOf(18)[0]
	for _, step := range []struct {
		record Record
		want   string
	}{
		{Record{SiteChina, "2026-03-01", "dev", "0123abcd", Observation{"short": notExist}}, "0 of 45 facts"},
		{Record{SiteInternational, "2026-03-01", "dev", "0123abcd", Observation{"well-formed": notExist}}, "0 of 45 facts"},
		{Record{SiteChina, "2026-03-02", "dev", "0123abcd", Observation{"well-formed": unlistedStatus}}, "1 of 45 facts"},
	} {
		if err := Append(dir, probe, step.record); err != nil {
			t.Fatal(err)
		}
		if got := line(); got != step.want {
			t.Errorf("%q, want %q", got, step.want)
		}
	}
}
