package chaos

import (
	"cmp"
	"flag"
	"hash/maphash"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

const (
	// defaultSequences is the number of sequences; with -short, rapid makes a fifth
	// of them.
	defaultSequences = 120
	// steps is the average number of operations with faults in a sequence.
	steps = 10
	// workers is higher than the number of processors, because delayed responses
	// take real time.
	workers = 6
	// seedDistance keeps the seeds of two workers apart.
	seedDistance = 1 << 40
)

// TestChaos checks that no fault of the network or the service makes the provider
// lose a task, start one twice, drop one from the state or show a secret.
func TestChaos(t *testing.T) { //nolint:tparallel // Its workers are parallel, under a subtest that waits for them.
	t.Parallel()
	sequences := setting(t, "TRTC_CHAOS_SEQUENCES", defaultSequences)
	seed := setting(t, "TRTC_CHAOS_SEED", new(maphash.Hash).Sum64())
	// The seed that rapid prints for a failure has precedence.
	chosen, err := strconv.ParseUint(flag.Lookup("rapid.seed").Value.String(), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	// The heap is small and most objects are short-lived.
	previous := debug.SetGCPercent(400)
	t.Cleanup(func() { debug.SetGCPercent(previous) })
	flags(t, map[string]uint64{"steps": steps, "nofailfile": 1})
	total := &tally{counts: map[string]int{}}
	var start sync.Mutex
	t.Run("worker", func(t *testing.T) {
		for number := range uint64(workers) {
			share := (sequences + workers - 1 - number) / workers
			if share == 0 {
				continue
			}
			t.Run(strconv.FormatUint(number, 10), func(t *testing.T) {
				t.Parallel()
				harness := newHarness(t, total)
				start.Lock()
				started := sync.OnceFunc(start.Unlock)
				defer started()
				flags(t, map[string]uint64{"checks": share, "seed": cmp.Or(chosen, seed+number*seedDistance)})
				rapid.Check(t, func(r *rapid.T) {
					started()
					play(r, harness)
				})
			})
		}
	})
	t.Logf("seed %d", seed)
	total.print(t.Output())
	if made := uint64(total.counts[sequence]); !testing.Short() && made != sequences && !t.Failed() {
		t.Errorf("made %d sequences of %d: rapid ran out of time", made, sequences)
	}
}

// setting reads a number from the environment.
func setting(t *testing.T, variable string, fallback uint64) uint64 {
	t.Helper()
	text, given := os.LookupEnv(variable)
	if !given {
		return fallback
	}
	number, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return number
}

// flags sets flags of rapid. It reads the seed and the number of checks only before
// the first sequence of a check, the others at any time.
func flags(t *testing.T, settings map[string]uint64) {
	t.Helper()
	for name, value := range settings {
		if err := flag.Set("rapid."+name, strconv.FormatUint(value, 10)); err != nil {
			t.Fatal(err)
		}
	}
}
