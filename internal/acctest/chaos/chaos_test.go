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
	"time"

	"pgregory.net/rapid"
)

const (
	// everyday is how many sequences an ordinary run makes; rapid makes a fifth
	// of them with -short.
	everyday = 120
	// steps is how many operations a sequence makes on average before the calm.
	steps = 10
	// workers are more than there are processors: a delayed answer is waited
	// for in real time.
	workers = 6
	// apart keeps the seeds of two workers from meeting.
	apart = 1 << 40
)

// TestChaos is the sum of the promises: whatever the network and the service
// do, no task is lost, started twice or dropped, and no secret told.
func TestChaos(t *testing.T) { //nolint:tparallel // Its workers are parallel, under a subtest that waits for them.
	t.Parallel()
	sequences := setting(t, "TRTC_CHAOS_SEQUENCES", everyday)
	seed := setting(t, "TRTC_CHAOS_SEED", new(maphash.Hash).Sum64())
	// What rapid says has failed is repeated with the seed that it names.
	chosen, err := strconv.ParseUint(flag.Lookup("rapid.seed").Value.String(), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	// The heap is small and the garbage plenty.
	usual := debug.SetGCPercent(400)
	t.Cleanup(func() { debug.SetGCPercent(usual) })
	flags(t, map[string]uint64{"steps": steps, "nofailfile": 1})
	total, began := newTally(), time.Now()
	var start sync.Mutex
	t.Run("worker", func(t *testing.T) {
		for number := range uint64(workers) {
			share := (sequences + workers - 1 - number) / workers
			if share == 0 {
				continue
			}
			t.Run(strconv.FormatUint(number, 10), func(t *testing.T) {
				t.Parallel()
				own := newTally()
				defer total.merge(own)
				start.Lock()
				begun := sync.OnceFunc(start.Unlock)
				defer begun()
				flags(t, map[string]uint64{"checks": share, "seed": cmp.Or(chosen, seed+number*apart)})
				ground := newGround(t)
				rapid.Check(t, func(r *rapid.T) {
					begun()
					play(r, ground, own)
				})
			})
		}
	})
	total.print(t.Output(), seed, time.Since(began))
	if made := uint64(total.total(sequenceGroup)); !testing.Short() && made != sequences && !t.Failed() {
		t.Errorf("made %d sequences of %d: the time was up", made, sequences)
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

// flags are how rapid is told anything. Of these it reads the seed and the
// number of checks only before the first sequence of a check, the others at any
// time.
func flags(t *testing.T, settings map[string]uint64) {
	t.Helper()
	for name, value := range settings {
		if err := flag.Set("rapid."+name, strconv.FormatUint(value, 10)); err != nil {
			t.Fatal(err)
		}
	}
}
