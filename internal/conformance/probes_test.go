package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTable(t *testing.T) {
	t.Parallel()
	for i, probe := range Probes() {
		if probe.ID != i+1 || probe.Fact == "" || (probe.Instruction != "") != (probe.Tier == ByHand) {
			t.Errorf("row %d is probe %d of %s, with the fact %q and the instruction %q", i+1, probe.ID, probe.Tier, probe.Fact, probe.Instruction)
		}
		for _, china := range []bool{false, true} {
			names := map[string]bool{}
			for _, c := range probe.Cases {
				if c.on(china) != "" && names[c.Name] {
					t.Errorf("probe %d: the case %q occurs twice", probe.ID, c.Name)
				}
				names[c.Name] = names[c.Name] || c.on(china) != ""
			}
			if len(probe.AssumedOn(china)) == 0 {
				t.Errorf("probe %d assumes nothing of the %s site", probe.ID, Site(china))
			}
		}
	}
}

// TestAssumptionsOfMockNameProbes checks that each assumption in the mock's code names
// the probe that can confirm or refute it, and that each modeled fact is named.
func TestAssumptionsOfMockNameProbes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../trtcmock/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("files %q: %v", files, err)
	}
	marker := regexp.MustCompile(`(?m)^\s*// Assumption: probe (\d+)\.$`)
	named := map[string]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := marker.FindAllStringSubmatch(string(source), -1)
		for _, match := range found {
			named[match[1]] = true
		}
		// The documentation of the package shows the form once, quoted.
		mentions := strings.Count(string(source), "Assumption:") - strings.Count(string(source), `"// Assumption: probe N."`)
		if mentions != len(found) {
			t.Errorf("%s: %d assumptions, %d of them of the form %s", file, mentions, len(found), marker)
		}
	}
	for _, probe := range Probes() {
		id := strconv.Itoa(probe.ID)
		if named[id] == probe.Unmodeled {
			t.Errorf("the mock names probe %s: %v (%s)", id, named[id], probe.Fact)
		}
		delete(named, id)
	}
	if len(named) > 0 {
		t.Errorf("the mock names probes that do not exist: %v", named)
	}
}

// TestMinutesAreAnUpperBound checks the estimate of each probe: an accepted Start is
// billed until the task ends, and a rejected one for a minute, as if the service had
// accepted it.
func TestMinutesAreAnUpperBound(t *testing.T) {
	t.Parallel()
	for _, probe := range probesOf() {
		t.Run(fmt.Sprint(probe.ID), func(t *testing.T) {
			t.Parallel()
			e := newEnvironment(t, true, nil)
			e.run(t, probe.ID)
			minutes := 0
			for _, call := range e.mock.Journal() {
				if call.Action != actionStart {
					continue
				}
				if probe.Tier == Tier0 && (call.Ran || call.SdkAppID == testApp) {
					t.Error("a probe of tier 0 starts a task, or one of the user's application")
				}
				if probe.Tier == Tier1 && !call.Ran {
					minutes++
				}
			}
			for _, task := range e.mock.Tasks() {
				if task.EndedAt == nil {
					t.Fatalf("task %+v is running", task)
				}
				minutes += int(max(1, (task.EndedAt.Sub(task.StartedAt)+time.Minute-1)/time.Minute))
			}
			if minutes > probe.Minutes || probe.Minutes > 0 && minutes == 0 {
				t.Errorf("%d minutes, the estimate is %d", minutes, probe.Minutes)
			}
		})
	}
}
