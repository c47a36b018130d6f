//go:build !race

package main

import (
	"math"
	"os"
	"runtime"
	"testing"
)

// TestBudgetSize bounds the size of the binary by that of an empty provider,
// and starts both.
func TestBudgetSize(t *testing.T) {
	t.Chdir("../..")
	bench := &setup{cli: "go"} // Any program, since it is not run.
	t.Cleanup(func() { _ = os.RemoveAll(bench.dir) })
	if err := bench.prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ratio := bench.size("trtc").median() / bench.size("empty").median(); !(ratio <= mostSize) {
		t.Errorf("the provider is %.3f times as large as an empty one, want at most %.2f", ratio, mostSize)
	}
	for _, name := range []string{"trtc", "empty"} {
		used, err := measureStart(t.Context(), bench.binary(name))
		if err != nil || used.took <= 0 {
			t.Errorf("start of %s = %+v, %v", name, used, err)
		}
		if runtime.GOOS == "linux" && (used.cpu <= 0 || math.IsNaN(used.peak)) {
			t.Errorf("start of %s used %+v", name, used)
		}
	}
}
