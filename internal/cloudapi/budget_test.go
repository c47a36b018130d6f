//go:build !race

package cloudapi_test

import "testing"

// TestBudgetCall: guarding a call takes no more allocations than the bare SDK
// core makes.
func TestBudgetCall(t *testing.T) {
	const runs = 200
	core := testing.AllocsPerRun(runs, benchSDKCall(t))
	if call := testing.AllocsPerRun(runs, benchCall(t)); call > core {
		t.Errorf("a call allocates %.0f times, want at most the %.0f of the SDK core", call, core)
	}
}
