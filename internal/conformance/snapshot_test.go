package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The mock answers as the service did when it was last observed, and otherwise
// as assumed. The facts that no program checks are compared with what the mock
// assumes.
func TestMockAgreesWithSnapshots(t *testing.T) {
	t.Parallel()
	for _, china := range []bool{false, true} {
		t.Run(Site(china), func(t *testing.T) {
			t.Parallel()
			e := newEnvironment(t, china, nil)
			outcomes, run := e.run(t)
			for _, probe := range Probes() {
				observed := outcomes[probe.ID].Observed
				if probe.Tier == ByHand {
					observed = probe.AssumedOn(china)
				}
				for _, difference := range differencesOf(probe, observed, expected(t, probe, china)) {
					t.Errorf("probe %d, %s %s", probe.ID, difference, outcomes[probe.ID].Reason)
				}
				if err := (Record{Site(china), "2026-03-01", "dev", "00000000", observed}).validate(probe); err != nil {
					t.Error(err)
				}
			}
			if alive := e.mock.Alive(); len(alive) > 0 || run.Uncertain() {
				t.Errorf("%d tasks are running", len(alive))
			}
		})
	}
}

// differencesOf returns the cases in which the mock answered otherwise than
// expected and that are not known differences, sorted.
func differencesOf(p Probe, mock, expected Observation) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(expected)) {
		if p.KnownDifferences[name] == "" && mock[name] != expected[name] {
			all = append(all, fmt.Sprintf("%s: expected %q, got %q", name, expected[name], mock[name]))
		}
	}
	return all
}

// Each file belongs to a probe and has an observation.
func TestSnapshotFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, probe := range Probes() {
		snapshot, err := ReadSnapshot(os.DirFS("testdata"), probe)
		if i := slices.Index(files, filepath.Join("testdata", probe.FileName())); i >= 0 && len(snapshot.Observations) > 0 {
			files = slices.Delete(files, i, i+1)
		}
		if err != nil {
			t.Error(err)
		}
	}
	if len(files) > 0 {
		t.Errorf("%q belong to no probe or have no observation", files)
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
		text, err := json.Marshal(Snapshot{Observations: []Record{record}})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, probe.FileName()), text, 0o600); err != nil {
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
		return text[:len("0 of 47 facts")]
	}
	probe := probesOf(18)[0]
	for _, step := range []struct {
		record Record
		want   string
	}{
		{Record{SiteChina, "2026-03-01", "dev", "0123abcd", Observation{"short": notExist}}, "0 of 47 facts"},
		{Record{SiteInternational, "2026-03-01", "dev", "0123abcd", Observation{"well-formed": notExist}}, "0 of 47 facts"},
		{Record{SiteChina, "2026-03-02", "dev", "0123abcd", Observation{"well-formed": unlistedStatus}}, "1 of 47 facts"},
	} {
		if err := Append(dir, probe, step.record); err != nil {
			t.Fatal(err)
		}
		if got := line(); got != step.want {
			t.Errorf("%q, want %q", got, step.want)
		}
	}
}
