package chaos

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// The promises that the provider can break.
const (
	orphans        = "orphans"
	doubleStarts   = "double starts"
	drops          = "drops"
	panics         = "panics"
	leaks          = "secrets shown"
	badDiagnostics = "bad diagnostics"
	divergences    = "applies that did not converge"
)

func violations() []string {
	return []string{orphans, doubleStarts, drops, panics, leaks, badDiagnostics, divergences}
}

// tally counts operations, calls, faults and violations. Each worker has its own;
// they are merged at the end.
type tally struct {
	mu     sync.Mutex
	counts map[string]map[string]int
	broken bool
}

// The groups of counts.
const (
	sequenceGroup  = "sequences"
	operationGroup = "operations"
	callGroup      = "calls"
	faultGroup     = "faults injected"
	outcomeGroup   = "outcomes"
	violationGroup = "violations"
)

func newTally() *tally { return &tally{counts: map[string]map[string]int{}} }

// add counts until a promise is broken: after that, rapid only shrinks the same
// sequence.
func (t *tally) add(group, name string, count int) {
	if t.broken {
		return
	}
	if t.counts[group] == nil {
		t.counts[group] = map[string]int{}
	}
	t.counts[group][name] += count
}

func (t *tally) breaks(violation string) {
	t.add(violationGroup, violation, 1)
	t.broken = true
}

// merge adds another tally's counts.
func (t *tally) merge(other *tally) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for group, counts := range other.counts {
		for name, count := range counts {
			t.add(group, name, count)
		}
	}
}

func (t *tally) total(group string) int {
	sum := 0
	for _, count := range t.counts[group] {
		sum += count
	}
	return sum
}

// print writes the table.
func (t *tally) print(out io.Writer, seed uint64, took time.Duration) {
	_, _ = fmt.Fprintf(out, "%-32s %8d   in %s, seed %d\n", "sequences", t.total(sequenceGroup), took.Round(time.Second/10), seed)
	for _, group := range []string{operationGroup, callGroup, faultGroup, outcomeGroup} {
		_, _ = fmt.Fprintf(out, "%-32s %8d\n", group, t.total(group))
		for _, name := range slices.Sorted(maps.Keys(t.counts[group])) {
			_, _ = fmt.Fprintf(out, "  %-30s %8d\n", name, t.counts[group][name])
		}
	}
	for _, name := range violations() {
		_, _ = fmt.Fprintf(out, "%-32s %8d\n", name, t.counts[violationGroup][name])
	}
}
