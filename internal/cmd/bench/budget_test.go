//go:build !race

package main

import (
	"context"
	"testing"
)

// TestBudgetSize bounds the size of the binary by that of an empty provider.
func TestBudgetSize(t *testing.T) {
	t.Chdir("../../..")
	built := &ground{dir: t.TempDir()}
	if err := built.build(context.Background()); err != nil {
		t.Fatal(err)
	}
	size, err := sizes(built.provider, built.empty)
	if err != nil {
		t.Fatal(err)
	}
	if ratio := size[0] / size[1]; ratio > mostSize {
		t.Errorf("the provider is %.3f times as large as an empty one, want at most %.2f", ratio, mostSize)
	}
}
