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

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func TestTable(t *testing.T) {
	t.Parallel()
	for i, probe := range Probes() {
		if probe.ID != i+1 || probe.Fact == "" || len(probe.AssumedOn(false)) == 0 || len(probe.AssumedOn(true)) == 0 {
			t.Errorf("row %d is probe %d, or has no fact or nothing assumed", i+1, probe.ID)
		}
		byHand := probe.Tier == ByHand
		if (probe.Instruction != "") != byHand {
			t.Errorf("probe %d of %s has the instruction %q", probe.ID, probe.Tier, probe.Instruction)
		}
		names := map[string]bool{}
		for _, c := range probe.Cases {
			if names[c.Name] || (c.step == nil) != byHand {
				t.Errorf("probe %d: the case %q occurs twice, or has no step", probe.ID, c.Name)
			}
			names[c.Name] = true
		}
	}
}

// assumption is the form in which the mock's code names the probe that can
// confirm or refute what it assumes.
var assumption = regexp.MustCompile(`(?m)^\s*// Assumption: probe (\d+)\.$`)

func TestAssumptionsOfMockNameProbes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../trtcmock/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("files %q: %v", files, err)
	}
	unnamed := map[string]Probe{}
	for _, probe := range Probes() {
		if !probe.Unmodeled {
			unnamed[strconv.Itoa(probe.ID)] = probe
		}
	}
	modeled := len(unnamed)
	named := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(source)
		markers := assumption.FindAllStringSubmatch(text, -1)
		for _, marker := range markers {
			if _, ok := unnamed[marker[1]]; !ok && !named[marker[1]] {
				t.Errorf("%s: no probe %s concerns the mock", file, marker[1])
			}
			named[marker[1]] = true
			delete(unnamed, marker[1])
		}
		// The documentation of the package shows the form once, quoted.
		if mentions := strings.Count(text, "Assumption:") - strings.Count(text, `"// Assumption: probe N."`); mentions != len(markers) {
			t.Errorf("%s: %d assumptions, %d of them of the form %s", file, mentions, len(markers), assumption)
		}
	}
	for id, probe := range unnamed {
		t.Errorf("no code of the mock names probe %s: %s", id, probe.Fact)
	}
	if len(named) != modeled {
		t.Errorf("%d probes are named, want %d", len(named), modeled)
	}
}

// The estimate of each probe holds: an accepted Start is billed until the task
// ends, and a refused one for a minute, as if the service had accepted it.
func TestMinutesAreAnUpperBound(t *testing.T) {
	t.Parallel()
	for _, probe := range probesOf() {
		t.Run(fmt.Sprint(probe.ID), func(t *testing.T) {
			t.Parallel()
			e := newEnvironment(t, true, nil)
			e.run(t, probe.ID)
			minutes := 0
			for _, call := range e.mock.Journal() {
				switch {
				case call.Action != actionStart:
				case probe.Tier == Tier0 && (call.Ran || call.SdkAppID == testApp):
					t.Errorf("a probe of tier 0 starts a task, or one of the user's application")
				case probe.Tier == Tier0:
				case call.Code != "":
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

func TestCost(t *testing.T) {
	t.Parallel()
	for minutes, want := range map[int]float64{0: 0, 16: 0.24, 85: 1.28} {
		if cost := Cost(minutes); cost != want {
			t.Errorf("%d minutes cost %v USD, want %v", minutes, cost, want)
		}
	}
}

// A probe without what it needs is skipped and sends nothing.
func TestNeeds(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
	e.config.STSEndpoint = nil
	e.config.Credentials = staticKey{SecretID: secret.New(testSecretID), SecretKey: secret.New(testSecretKey), Token: secret.New("token")}
	outcomes, _ := e.run(t, 8, 23)
	for _, id := range []int{8, 23} {
		if outcome := outcomes[id]; outcome.Verdict != Skipped || outcome.Reason != "needs "+outcome.Probe.Needs {
			t.Errorf("probe %d: %+v", id, outcome)
		}
	}
	if calls := e.mock.Journal(); len(calls) > 0 {
		t.Errorf("skipped probes sent %d calls", len(calls))
	}
}
