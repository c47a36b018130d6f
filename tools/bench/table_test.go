package main

import (
	"math"
	"strings"
	"testing"
)

func TestVerdict(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		goal  goal
		value float64
		want  string
	}{
		"at the upper bound":    {atMost(1.1), 1.1, "≤ 1.1, met"},
		"above the upper bound": {atMost(1.1), 1.11, "≤ 1.1, not met"},
		"at the lower bound":    {atLeast(0.98), 0.98, "≥ 0.98, met"},
		"below the lower bound": {atLeast(0.98), 0.97, "≥ 0.98, not met"},
		"without a goal":        {goal{}, 5, "–"},
	} {
		if got := newFigure("", test.value, "", test.goal, ""); got.goal != test.want {
			t.Errorf("%s: %q, want %q", name, got.goal, test.want)
		}
	}
	if got := newFigure("what", math.NaN(), "ms", atMost(1), "%d", 1); got != (figure{"what", "–", "–", "not available"}) {
		t.Errorf("a value that could not be measured: %+v", got)
	}
}

func TestSignificant(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64]string{1.0456: "1.05", 1234.5: "1234", 0.012345: "0.0123", 20: "20", -250.4: "-250"} {
		if got := significant(value); got != want {
			t.Errorf("%v: %q, want %q", value, got, want)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		of, with    samples
		value, note string
	}{
		"odd":            {samples{9, 1, 4}, samples{2}, "2 ×", "4 ±100 % against 2 ms"},
		"even":           {samples{9, 1, 4, 6}, samples{10}, "0.5 ×", "5 ±20 % against 10 ms"},
		"a disturbance":  {samples{2, 2, 2, 1000, 2}, samples{1}, "2 ×", "2 ±0 % against 1 ms"},
		"nothing to use": {samples{2}, nil, "–", "not available"},
	} {
		if got := compare("", test.of, test.with, "ms", goal{}); got.value != test.value || got.note != test.note {
			t.Errorf("%s: %+v, want %s, %s", name, got, test.value, test.note)
		}
	}
}

func TestWriteTable(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	writeTable(&text, "Title", []figure{{"a", "1 ×", "–", "x"}, {"longer", "22 ms", "≤ 1, met", ""}})
	want := `
## Title

| Figure | Measured | Goal     | Details |
|---     |---:      |---       |--- |
| a      | 1 ×      | –        | x |
| longer | 22 ms    | ≤ 1, met |  |
`
	if text.String() != want {
		t.Errorf("table:\n%s\nwant:\n%s", text.String(), want)
	}
}
