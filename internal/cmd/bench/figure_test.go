package main

import "testing"

func TestGoals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		goal    goal
		value   float64
		verdict string
		written string
	}{
		"below a bound":  {atMost(1.1), 1.1, "met", "≤ 1.1"},
		"above a bound":  {atMost(1.1), 1.11, "short", "≤ 1.1"},
		"enough":         {atLeast(0.98), 0.98, "met", "≥ 0.98"},
		"not enough":     {atLeast(0.98), 0.97, "short", "≥ 0.98"},
		"exactly":        {zero(), 0, "met", "= 0"},
		"not exactly":    {zero(), 0.001, "short", "= 0"},
		"without a goal": {goal{}, 5, "", "–"},
	} {
		got := ratio("", test.value, test.goal, "")
		if got.verdict() != test.verdict || got.goal.String() != test.written {
			t.Errorf("%s: %q for %q, want %q for %q", name, got.verdict(), got.goal, test.verdict, test.written)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		ratio("", 1.0456, goal{}, "").value:              "1.046 ×",
		amount("", 1234.5, "ms", goal{}, "").value:       "1234 ms",
		amount("", 0.012345, "ms", goal{}, "").value:     "0.0123 ms",
		amount("", 185, "allocations", goal{}, "").value: "185 allocations",
		megabytes(20_000_000):                            "20.0 MB",
	} {
		if got != want {
			t.Errorf("written %q, want %q", got, want)
		}
	}
}
