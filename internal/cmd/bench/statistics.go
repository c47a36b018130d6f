package main

import (
	"fmt"
	"math"
	"slices"
)

// samples are repeated measurements of one thing.
type samples []float64

// median is the middle one, which a few bad ones do not move.
func (s samples) median() float64 {
	if len(s) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(s))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// spread is the range of the middle half, as a share of the median: how noisy
// the measurement was.
func (s samples) spread() float64 {
	if len(s) < 4 {
		return (slices.Max(s) - slices.Min(s)) / s.median()
	}
	sorted := slices.Sorted(slices.Values(s))
	quarter := len(sorted) / 4
	return (sorted[len(sorted)-1-quarter] - sorted[quarter]) / s.median()
}

// noise writes the spread.
func (s samples) noise() string { return fmt.Sprintf("±%.0f %%", 50*s.spread()) }

// line is y = constant + slope·x.
type line struct{ constant, slope float64 }

// fit returns the line with the least sum of squared relative errors, in which
// a small y counts as much as a large one.
func fit(x, y []float64) line {
	var weights, sumX, sumY, sumXX, sumXY float64
	for i := range x {
		weight := 1 / (y[i] * y[i])
		weights += weight
		sumX += weight * x[i]
		sumY += weight * y[i]
		sumXX += weight * x[i] * x[i]
		sumXY += weight * x[i] * y[i]
	}
	slope := (weights*sumXY - sumX*sumY) / (weights*sumXX - sumX*sumX)
	return line{constant: (sumY - slope*sumX) / weights, slope: slope}
}

// worst is the largest share by which a y differs from the line.
func (l line) worst(x, y []float64) float64 {
	worst := 0.0
	for i := range x {
		worst = max(worst, math.Abs(y[i]/(l.constant+l.slope*x[i])-1))
	}
	return worst
}
