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
