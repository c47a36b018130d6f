package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// figure is one row of the table. Its note says what the value was computed
// from.
type figure struct{ what, value, goal, note string }

// newFigure returns a row; its unit is "×" for a ratio. NaN is a value that could
// not be measured.
func newFigure(what string, value float64, unit string, goal goal, note string, arguments ...any) figure {
	if math.IsNaN(value) {
		return figure{what, "–", "–", "not available"}
	}
	return figure{what, strings.TrimSpace(significant(value) + " " + unit), goal.verdict(value), fmt.Sprintf(note, arguments...)}
}

// compare returns the ratio of the medians.
func compare(what string, of, with samples, unit string, goal goal) figure {
	return newFigure(what, of.median()/with.median(), "×", goal, "%s against %s %s", of, with, unit)
}

// significant formats a number with three significant digits, or without
// decimals.
func significant(value float64) string {
	if math.Abs(value) >= 100 || value == math.Trunc(value) {
		return strconv.FormatFloat(value, 'f', 0, 64)
	}
	return strconv.FormatFloat(value, 'g', 3, 64)
}

// goal is the bound of a figure; the zero goal is none.
type goal struct {
	sign  string
	bound float64
}

func atMost(bound float64) goal  { return goal{sign: "≤", bound: bound} }
func atLeast(bound float64) goal { return goal{sign: "≥", bound: bound} }

// verdict returns the goal and whether the value meets it.
func (g goal) verdict(value float64) string {
	text := g.sign + " " + strconv.FormatFloat(g.bound, 'f', -1, 64)
	switch {
	case g == goal{}:
		return "–"
	case g.sign == "≤" && value <= g.bound, g.sign == "≥" && value >= g.bound:
		return text + ", met"
	default:
		return text + ", not met"
	}
}

// samples are repeated measurements of one quantity.
type samples []float64

// median returns the middle sample, or NaN if there is none.
func (s samples) median() float64 {
	if len(s) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(s))
	return (sorted[(len(s)-1)/2] + sorted[len(s)/2]) / 2
}

// String returns the median and half the interquartile range; of fewer than
// four samples, half the range.
func (s samples) String() string {
	if len(s) < 2 {
		return significant(s.median())
	}
	sorted := slices.Sorted(slices.Values(s))
	quarter := len(s) / 4
	return fmt.Sprintf("%s ±%.0f %%", significant(s.median()), 50*(sorted[len(s)-1-quarter]-sorted[quarter])/s.median())
}

// writeTable writes figures as Markdown that can also be read in a terminal.
func writeTable(out io.Writer, title string, figures []figure) {
	_, _ = fmt.Fprintf(out, "\n## %s\n\n", title)
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	_, _ = fmt.Fprint(table, "| Figure\t| Measured\t| Goal\t| Details |\n|---\t|---:\t|---\t|--- |\n")
	for _, f := range figures {
		_, _ = fmt.Fprintf(table, "| %s\t| %s\t| %s\t| %s |\n", f.what, f.value, f.goal, f.note)
	}
	_ = table.Flush()
}
