package sharedlimit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

const most = 3

func start() time.Time { return time.Unix(1_800_000_000, 0) }

func open(t *testing.T, path string) *Limit {
	t.Helper()
	limit, err := Open(path, most, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = limit.file.Close() })
	return limit
}

// take adds a request at the time given, which must have room.
func take(t *testing.T, limit *Limit, at time.Time) *Place {
	t.Helper()
	place, next, err := limit.Take(t.Context(), at, at)
	if err != nil || place == nil {
		t.Fatalf("at %v: no room before %v, error %v", at.Sub(start()), next.Sub(start()), err)
	}
	return place
}

// expectFull checks that there is no room before the time given.
func expectFull(t *testing.T, limit *Limit, at, want time.Time) {
	t.Helper()
	place, next, err := limit.Take(t.Context(), at, at)
	if err != nil || place != nil || !next.Equal(want) {
		t.Errorf("at %v: place %v, room at %v, error %v, want no place and room at %v",
			at.Sub(start()), place, next.Sub(start()), err, want.Sub(start()))
	}
}

func after(ms int) time.Time { return start().Add(time.Duration(ms) * time.Millisecond) }

// TestWindow: two processes together get no more than one.
func TestWindow(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "limit")
	first, second := open(t, path), open(t, path)
	take(t, first, after(0))
	take(t, second, after(10))
	take(t, first, after(20))
	for _, limit := range []*Limit{first, second} {
		expectFull(t, limit, after(30), after(1000))
		expectFull(t, limit, after(999), after(1000))
	}
	take(t, second, after(1000))
	expectFull(t, first, after(1001), after(1010))
	take(t, first, after(1015))
	take(t, second, after(1020))
	expectFull(t, second, after(1021), after(2000))
	info, err := os.Stat(path)
	if err != nil || info.Size() != most*timeSize {
		t.Errorf("the file has %v, error %v, want %d bytes: times are overwritten once they are old", info.Size(), err, most*timeSize)
	}
}

// TestConcurrentTakes: processes that ask at the same time get no place twice.
func TestConcurrentTakes(t *testing.T) {
	t.Parallel()
	const rounds, processes = 200, 4
	path := filepath.Join(t.TempDir(), "limit")
	var limits []*Limit
	for range processes {
		limits = append(limits, open(t, path))
	}
	for round := range rounds {
		var group sync.WaitGroup
		var taken atomic.Int64
		begin := make(chan struct{})
		at := after(1000 * round)
		for _, limit := range limits {
			group.Go(func() {
				<-begin
				for range most {
					place, _, err := limit.Take(t.Context(), at, at)
					for err != nil { // On a busy machine.
						place, _, err = limit.Take(t.Context(), at, at)
					}
					if place != nil {
						taken.Add(1)
					}
				}
			})
		}
		close(begin)
		group.Wait()
		if got := taken.Load(); got != most {
			t.Fatalf("round %d: %d places taken, want %d", round, got, most)
		}
	}
}

// TestArrival: a request counts from the latest time at which it may arrive,
// until it is known when it did.
func TestArrival(t *testing.T) {
	t.Parallel()
	limit := open(t, filepath.Join(t.TempDir(), "limit"))
	place, _, err := limit.Take(t.Context(), after(0), after(100))
	if err != nil {
		t.Fatal(err)
	}
	for range most - 1 {
		take(t, limit, after(200))
	}
	expectFull(t, limit, after(300), after(1100))
	if err := place.Arrived(after(40)); err != nil {
		t.Fatal(err)
	}
	expectFull(t, limit, after(300), after(1040))
}

// TestDifferentLimits: a process with a lower limit waits for it, and one with a
// higher limit has room left.
func TestDifferentLimits(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "limit")
	low := open(t, path)
	high, err := Open(path, most+2, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = high.file.Close() })
	for i := range most + 2 {
		take(t, high, after(i))
	}
	expectFull(t, high, after(10), after(1000))
	expectFull(t, low, after(10), after(1002))
}

// TestClockSetBack: times that lie ahead after the clock was set back count for
// nothing.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	limit := open(t, filepath.Join(t.TempDir(), "limit"))
	for range most {
		take(t, limit, after(3_600_000))
	}
	take(t, limit, after(0))
}

// TestForeignContent: a file with other content does no harm.
func TestForeignContent(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"half a time": "1234", "text": "This is no limit, but a text of some length."} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "limit")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			limit := open(t, path)
			for i := range most {
				take(t, limit, after(i))
			}
			expectFull(t, limit, after(10), after(1000))
		})
	}
}

// TestHeldLock: a process that holds the lock and does not go on stops no other.
func TestHeldLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "limit")
	limit, held := open(t, path), flock.New(path+".lock")
	if locked, err := held.TryLock(); err != nil || !locked {
		t.Fatalf("locked %t, error %v", locked, err)
	}
	if place, _, err := limit.Take(t.Context(), after(0), after(0)); err == nil {
		t.Errorf("place %v, want an error", place)
	}
	if err := held.Unlock(); err != nil {
		t.Fatal(err)
	}
	take(t, limit, after(0))
}

func TestMissingDirectory(t *testing.T) {
	t.Parallel()
	if _, err := Open(filepath.Join(t.TempDir(), "missing", "limit"), most, time.Second); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error = %v, want %v", err, os.ErrNotExist)
	}
}

// BenchmarkTake is what one request costs: a place, and its arrival.
func BenchmarkTake(b *testing.B) {
	for _, most := range []int{20, 1000} {
		b.Run(fmt.Sprint(most), func(b *testing.B) {
			limit, err := Open(filepath.Join(b.TempDir(), "limit"), most, time.Second)
			if err != nil {
				b.Fatal(err)
			}
			now := start()
			for b.Loop() {
				now = now.Add(time.Second / time.Duration(most))
				place, _, err := limit.Take(b.Context(), now, now)
				if err != nil || place == nil {
					b.Fatal(place, err)
				}
				if err := place.Arrived(now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
