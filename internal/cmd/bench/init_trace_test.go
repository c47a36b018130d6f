package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseInitTrace(t *testing.T) {
	t.Parallel()
	got, err := parseInitTrace("This binary is a plugin.\n" +
		"init runtime @0.05 ms, 0.12 ms clock, 0 bytes, 0 allocs\n" +
		"init example.com/a-b/c @1.2 ms, 0.49 ms clock, 237496 bytes, 3367 allocs\n")
	want := []initialised{{"runtime", 0.12, 0, 0}, {"example.com/a-b/c", 0.49, 237496, 3367}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(initialised{})); diff != "" || err != nil {
		t.Errorf("packages (-want +got), error %v:\n%s", err, diff)
	}
	if _, err := parseInitTrace("init in another form\n"); err == nil {
		t.Error("a line in another form was passed over")
	}
}
