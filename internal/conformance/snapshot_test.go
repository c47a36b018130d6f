package conformance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMockAgreesWithSnapshots checks that the mock responds as the service did when
// it was last observed, and otherwise as assumed.
func TestMockAgreesWithSnapshots(t *testing.T) {
	t.Parallel()
	for _, china := range []bool{false, true} {
		t.Run(Site(china), func(t *testing.T) {
			t.Parallel()
			e := newEnvironment(t, china, nil)
			outcomes, run := e.run(t)
			for _, probe := range probesOf() {
				got := outcomes[probe.ID]
				want := expected(t, probe, china)
				for name := range probe.KnownDifferences {
					want[name] = got.Observed[name]
				}
				if diff := cmp.Diff(want, got.Observed); diff != "" {
					t.Errorf("probe %d %s (-expected +mock):\n%s", probe.ID, got.Reason, diff)
				}
				if err := (Record{Site(china), "2026-03-01", "dev", "00000000", got.Observed}).validate(probe); err != nil {
					t.Error(err)
				}
			}
			if alive := e.mock.Alive(); len(alive) > 0 || run.Uncertain() {
				t.Errorf("%d tasks are running", len(alive))
			}
		})
	}
}

// TestSnapshot_Files checks that each file belongs to a probe and has an observation.
func TestSnapshot_Files(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, probe := range Probes() {
		snapshot, err := ReadSnapshot("testdata", probe)
		if err != nil {
			t.Error(err)
		}
		if len(snapshot.Observations) > 0 {
			files = slices.DeleteFunc(files, func(file string) bool { return filepath.Base(file) == probe.FileName() })
		}
	}
	if len(files) > 0 {
		t.Errorf("%q belong to no probe or have no observation", files)
	}
}

// TestRecord_AllowList checks that only listed values are written or read.
func TestRecord_AllowList(t *testing.T) {
	t.Parallel()
	probe := probesOf(16)[0]
	for name, change := range map[string]func(*Record){
		"site":           func(r *Record) { r.Site = "canary" },
		"date with time": func(r *Record) { r.Date = "2026-03-01T12:00:00Z" },
		"version":        func(r *Record) { r.Version = "canary" },
		"account":        func(r *Record) { r.AccountLabel = "100012345678" },
		"case":           func(r *Record) { r.Observed = Observation{"canary": success} },
		"value":          func(r *Record) { r.Observed = Observation{"start Tempo": "canary"} },
		"identifier":     func(r *Record) { r.Observed = Observation{"start Tempo": "1400000001"} },
	} {
		dir, record := t.TempDir(), Record{SiteChina, "2026-03-01", "0.1.0", "0123abcd", Observation{"start Tempo": "InvalidParameter.UserSig"}}
		change(&record)
		if err := Append(dir, probe, record); err == nil {
			t.Errorf("%s: %+v was written", name, record)
		}
		text, err := json.Marshal(Snapshot{Observations: []Record{record}})
		if err != nil || os.WriteFile(filepath.Join(dir, probe.FileName()), text, 0o600) != nil {
			t.Fatal(err)
		}
		if _, err := ReadSnapshot(dir, probe); err == nil {
			t.Errorf("%s: %+v was read", name, record)
		}
	}
}

// TestSnapshot_Latest checks that the latest observation of a site is expected of the
// mock, and that a fact counts once every case was observed on one site.
func TestSnapshot_Latest(t *testing.T) {
	t.Parallel()
	dir, probe := t.TempDir(), probesOf(18)[0]
	for _, step := range []struct {
		site     string
		observed Observation
		counted  string
	}{
		{SiteChina, Observation{"short": taskNotExist}, "0 of 47 facts"},
		{SiteInternational, Observation{"well-formed": notExist}, "0 of 47 facts"},
		{SiteChina, Observation{"short": unlistedStatus, "well-formed": notExist}, "1 of 47 facts"},
	} {
		if err := Append(dir, probe, Record{step.site, "2026-03-01", "dev", "0123abcd", step.observed}); err != nil {
			t.Fatal(err)
		}
		if line, err := Summary(dir); err != nil || line[:len(step.counted)] != step.counted {
			t.Errorf("%q, %v, want %q", line, err, step.counted)
		}
	}
	snapshot, err := ReadSnapshot(dir, probe)
	if err != nil {
		t.Fatal(err)
	}
	want := map[bool]Observation{
		true:  {"short": unlistedStatus, "well-formed": notExist},
		false: {"short": notExist, "well-formed": notExist},
	}
	for china, want := range want {
		if diff := cmp.Diff(want, snapshot.Expected(probe, china)); diff != "" {
			t.Errorf("expected on the %s site (-want +got):\n%s", Site(china), diff)
		}
	}
}
