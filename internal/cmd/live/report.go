package main

import (
	"bufio"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/conformance"
)

// printPlan prints what would run and what it may cost.
func (p program) printPlan(set settings, probes []conformance.Probe) {
	p.printf("%d probes of the tiers 0 to %d at %s, on the %s site\n", len(probes), set.tier, set.config.Endpoint.Host, conformance.Site(set.config.China))
	p.printf("Estimated cost: at most %.2f USD", set.cost())
	if set.tier > conformance.Tier0 {
		p.printf(" (maximum: %.2f USD)", set.maxUSD)
	}
	p.printf("\n")
	if set.tier == conformance.Tier0 {
		p.printf("No task is started on purpose.\n")
	}
	if set.dryRun {
		for _, probe := range probes {
			p.printf("%3d  tier %-8s %3d task minutes  %s\n", probe.ID, probe.Tier, probe.Minutes, probe.Fact)
		}
	}
	p.printf("\n")
}

// printOutcome prints one probe: the fact, and each case with what was expected
// and what was observed.
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

// listen asks the person in the room a question.
func (p program) listen(ctx context.Context, room, question string) (bool, error) {
	p.printf("Room %s (string room): %s [y/n] ", room, question)
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(p.stdin).ReadString('\n')
		line <- text
	}()
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case text := <-line:
		return strings.HasPrefix(strings.ToLower(strings.TrimSpace(text)), "y"), nil
	}
}
