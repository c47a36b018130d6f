//go:build !race

package tickets

import "testing"

// TestBudgetMint guards against a zlib writer, which makes 23 allocations of
// 800 kB together for each ticket.
func TestBudgetMint(t *testing.T) {
	key := keyOf(t, "a")
	if got := testing.AllocsPerRun(100, func() { must(MintUserSig(key, noon(), userSigClaims()))(t) }); got > 25 {
		t.Errorf("minting allocates %.0f times, want at most 25", got)
	}
}
