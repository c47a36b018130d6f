package main

import (
	"fmt"
	"strconv"
)

// figure is one line of the table.
type figure struct {
	what  string
	value string
	goal  goal
	// short tells that the goal is missed.
	short bool
	// note gives what the value was made of.
	note string
}

func (f figure) isShort() bool { return f.short }

func (f figure) verdict() string {
	switch {
	case f.goal == (goal{}):
		return ""
	case f.short:
		return "short"
	default:
		return "met"
	}
}

// goal is the bound of a figure; the zero goal is none.
type goal struct {
	sign  string
	bound float64
}

func atMost(bound float64) goal  { return goal{sign: "≤", bound: bound} }
func atLeast(bound float64) goal { return goal{sign: "≥", bound: bound} }
func zero() goal                 { return goal{sign: "="} }

func (g goal) missedBy(value float64) bool {
	switch g.sign {
	case "≤":
		return value > g.bound
	case "≥":
		return value < g.bound
	case "=":
		return value != g.bound
	default:
		return false
	}
}

// String returns the goal as the table shows it.
func (g goal) String() string {
	if g.sign == "" {
		return "–"
	}
	return g.sign + " " + strconv.FormatFloat(g.bound, 'f', -1, 64)
}

// ratio is a figure without a unit.
func ratio(what string, value float64, goal goal, note string, arguments ...any) figure {
	return figure{
		what: what, value: strconv.FormatFloat(value, 'f', 3, 64) + " ×", goal: goal,
		short: goal.missedBy(value), note: fmt.Sprintf(note, arguments...),
	}
}

// amount is a figure with a unit.
func amount(what string, value float64, unit string, goal goal, note string, arguments ...any) figure {
	return figure{
		what: what, value: significant(value) + " " + unit, goal: goal,
		short: goal.missedBy(value), note: fmt.Sprintf(note, arguments...),
	}
}

// significant writes large numbers whole and small ones with three figures.
func significant(value float64) string {
	if value >= 100 || value == float64(int64(value)) {
		return strconv.FormatFloat(value, 'f', 0, 64)
	}
	return strconv.FormatFloat(value, 'g', 3, 64)
}

// megabytes writes a number of bytes.
func megabytes(bytes float64) string { return fmt.Sprintf("%.1f MB", bytes/1e6) }
