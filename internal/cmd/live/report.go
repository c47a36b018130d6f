package main

import (
	"maps"
	"slices"

	"github.com/trtc-community/terraform-provider-trtc/internal/conformance"
)

// printPlan prints the probes to run and their maximum cost. A dry run lists the
// facts to check by hand as well.
func (p program) printPlan(set settings, probes []conformance.Probe) {
	p.printf("%d probes of the tiers 0 to %d at %s, on the %s site\n", len(probes), set.tier, set.config.Endpoint.Host, conformance.Site(set.config.China))
	p.printf("Estimated cost: at most %.2f USD", set.cost())
	if set.tier == conformance.Tier0 {
		p.printf("\nNo task is started on purpose.\n")
	} else {
		p.printf(" (maximum: %.2f USD)\n", set.maxUSD)
	}
	if set.dryRun {
		for _, probe := range probes {
			p.printf("%3d  %s %3d task minutes  %s\n", probe.ID, probe.Tier, probe.Minutes, probe.Fact)
		}
		for _, probe := range conformance.Probes() {
			if probe.Tier == conformance.ByHand && set.matches(probe) {
				p.printf("%3d  %s  %s\n     %s\n", probe.ID, probe.Tier, probe.Fact, probe.Instruction)
			}
		}
	}
	p.printf("\n")
}

// printOutcome prints one probe: the fact, and the expectation and observation of
// each case.
func (p program) printOutcome(outcome conformance.Outcome) {
	p.printf("%-12s %3d  %s\n", outcome.Verdict, outcome.Probe.ID, outcome.Probe.Fact)
	if outcome.Reason != "" {
		p.printf("%17s %s\n", "", outcome.Reason)
	}
	for _, name := range slices.Sorted(maps.Keys(outcome.Observed)) {
		expected, observed := outcome.Expected[name], outcome.Observed[name]
		mark := " "
		if expected != observed {
			mark = "≠"
		}
		p.printf("%17s %-26s expected %-36s %s observed %s\n", "", name, expected, mark, observed)
	}
}
