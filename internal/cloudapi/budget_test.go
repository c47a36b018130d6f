//go:build !race

package cloudapi_test

import "testing"

// TestBudgetCall checks that guarding a call takes at most a twentieth more
// allocations than the bare SDK core makes.
func TestBudgetCall(t *testing.T) {
	const runs, most = 200, 1.05
	core := testing.AllocsPerRun(runs, benchSDKCall(t))
	if call := testing.AllocsPerRun(runs, benchCall(t)); call > most*core {
		t.Errorf("a call allocates %.0f times, want at most %.2f times the %.0f of the SDK core", call, most, core)
	}
}
