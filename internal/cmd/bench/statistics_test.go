package main

import (
	"math"
	"testing"
)

func TestMedian(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		of   samples
		want float64
	}{
		"one":        {samples{3}, 3},
		"odd":        {samples{9, 1, 4}, 4},
		"even":       {samples{9, 1, 4, 6}, 5},
		"with a bad": {samples{2, 2, 2, 1000, 2}, 2},
	} {
		if got := test.of.median(); got != test.want {
			t.Errorf("%s: median = %v, want %v", name, got, test.want)
		}
	}
	if got := (samples{}).median(); !math.IsNaN(got) {
		t.Errorf("median of nothing = %v", got)
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	if got := (samples{8, 10, 10, 10, 12, 100}).spread(); got != 0.2 {
		t.Errorf("spread = %v, want 0.2: the middle half is 10 to 12", got)
	}
	if got := (samples{9, 10, 11}).spread(); got != 0.2 {
		t.Errorf("spread of few = %v, want all of it: 0.2", got)
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	x := []float64{10, 100, 1000, 5000}
	straight := []float64{25, 205, 2005, 10005}
	fitted := fit(x, straight)
	if math.Abs(fitted.slope-2) > 1e-9 || math.Abs(fitted.constant-5) > 1e-6 || fitted.worst(x, straight) > 1e-9 {
		t.Errorf("line = %+v, want 5 + 2x", fitted)
	}
	bent := []float64{25, 205, 2005, 20005}
	if got := fit(x, bent).worst(x, bent); got < departure {
		t.Errorf("a bent curve departs by %v only", got)
	}
}
