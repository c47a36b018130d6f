package chaos

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
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

// The groups of counts.
const (
	sequenceGroup  = "sequences"
	operationGroup = "operations"
	callGroup      = "calls"
	faultGroup     = "faults injected"
	outcomeGroup   = "outcomes"
	violationGroup = "violations"
)

// tally counts operations, calls, faults and violations of all workers.
type tally struct {
	mu     sync.Mutex
	counts map[string]int // by group and name, separated by a slash
}

func (t *tally) add(group, name string, count int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts[group+"/"+name] += count
}

// total returns the sum of the counts of a group.
func (t *tally) total(group string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := 0
	for name, count := range t.counts {
		if strings.HasPrefix(name, group+"/") {
			sum += count
		}
	}
	return sum
}

// print writes the table.
func (t *tally) print(out io.Writer, seed uint64, took time.Duration) {
	_, _ = fmt.Fprintf(out, "seed %d, in %s\n", seed, took.Round(time.Second/10))
	for _, group := range []string{sequenceGroup, operationGroup, callGroup, faultGroup, outcomeGroup, violationGroup} {
		_, _ = fmt.Fprintf(out, "%-32s %8d\n", group, t.total(group))
		for _, name := range slices.Sorted(maps.Keys(t.counts)) {
			if name, ok := strings.CutPrefix(name, group+"/"); ok {
				_, _ = fmt.Fprintf(out, "  %-30s %8d\n", name, t.counts[group+"/"+name])
			}
		}
	}
}
