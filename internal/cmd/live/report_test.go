package main

import (
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/conformance"
)

func TestRun_DryRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, nil)
	w.env["TRTC_LIVE_DRY_RUN"] = "1"
	code, out := w.run(t)
	if code != exitEqual || len(w.mock.Journal()) > 0 {
		t.Errorf("exit code %d and %d calls, want 0 and none", code, len(w.mock.Journal()))
	}
	for _, probe := range conformance.Probes() {
		if !strings.Contains(out, probe.Fact) || !strings.Contains(out, probe.Instruction) {
			t.Errorf("the plan has no %q or no %q:\n%s", probe.Fact, probe.Instruction, out)
		}
	}
}

// TestPrintOutcome checks that the table has the fact, and the expectation and
// observation of each case.
func TestPrintOutcome(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	p := program{stdout: &out}
	p.printOutcome(conformance.Outcome{
		Probe: conformance.Probe{ID: 7, Fact: "A fact"}, Verdict: conformance.Different,
		Expected: conformance.Observation{"a": "ok", "b": "ok"}, Observed: conformance.Observation{"a": "ok", "b": "InvalidAction"},
	})
	p.printOutcome(conformance.Outcome{Probe: conformance.Probe{ID: 8, Fact: "Another"}, Verdict: conformance.Inconclusive, Reason: "no response"})
	lines := strings.Split(out.String(), "\n")
	for i, want := range [][]string{{"DIFFERENT", "7", "A fact"}, {"a", "expected ok", "observed ok"}, {"b", "expected ok", "≠", "InvalidAction"}, {"inconclusive", "8"}, {"no response"}} {
		for _, text := range want {
			if !strings.Contains(lines[i], text) {
				t.Errorf("line %d is %q, want %q", i, lines[i], text)
			}
		}
	}
}
