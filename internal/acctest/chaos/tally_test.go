package chaos

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
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

// sequence is the name under which the sequences are counted.
const sequence = "sequence"

// tally counts sequences, operations, calls, faults and violations of all workers.
type tally struct {
	mu     sync.Mutex
	counts map[string]int // by name
}

func (t *tally) add(name string, count int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts[name] += count
}

// print writes the table.
func (t *tally) print(out io.Writer) {
	for _, name := range slices.Sorted(maps.Keys(t.counts)) {
		_, _ = fmt.Fprintf(out, "%8d %s\n", t.counts[name], name)
	}
}
