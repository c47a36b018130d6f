//go:build !race

package provider_test

import "testing"

// TestBudgetPlan limits the allocations of a plan to 5 % above the measured
// value. The framework makes nearly all of them.
func TestBudgetPlan(t *testing.T) {
	const most = 14000
	if got := testing.AllocsPerRun(50, benchPlan(t)); got > most {
		t.Errorf("the plan of one task allocates %.0f times, want at most %d", got, most)
	}
}
