//go:build !race

package trtcclient_test

import "testing"

// TestBudget bounds the allocations of whole calls: what was measured, and a
// twentieth more.
func TestBudget(t *testing.T) {
	for name, call := range map[string]struct {
		run  func()
		most float64
	}{
		"start":    {benchStart(t), 195},
		"describe": {benchDescribe(t), 187},
	} {
		if got := testing.AllocsPerRun(200, call.run); got > call.most {
			t.Errorf("a %s allocates %.0f times, want at most %.0f", name, got, call.most)
		}
	}
}
