//go:build !race

package provider_test

import "testing"

// TestBudgetPlan bounds the allocations of a plan: what was measured, nearly
// all of it in the framework, and a twentieth more.
func TestBudgetPlan(t *testing.T) {
	const most = 18000
	if got := testing.AllocsPerRun(50, benchPlan(t)); got > most {
		t.Errorf("the plan of one task allocates %.0f times, want at most %d", got, most)
	}
}
