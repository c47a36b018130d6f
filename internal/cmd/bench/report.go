package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// report is everything that was measured.
type report struct {
	machine string
	parts   []part
}

// part is a section that was measured.
type part struct {
	title   string
	figures []figure
	// profile explains what is short of its goal, or is empty.
	profile string
}

// print writes the part as aligned text.
func (p part) print(out io.Writer) {
	_, _ = fmt.Fprintf(out, "\n%s\n", p.title)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, figure := range p.figures {
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\n", figure.what, figure.value, figure.goal, figure.verdict(), figure.note)
	}
	_ = table.Flush()
	if p.profile != "" {
		_, _ = fmt.Fprintf(out, "\n%s\n", p.profile)
	}
}

// markdown returns all parts as Markdown, each below a heading of level 2.
func (r report) markdown() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n", r.machine)
	for _, part := range r.parts {
		fmt.Fprintf(&text, "\n## %s\n\n| Figure | Measured | Goal | | Made of |\n|---|---:|---:|---|---|\n", part.title)
		for _, figure := range part.figures {
			fmt.Fprintf(&text, "| %s | %s | %s | %s | %s |\n", cell(figure.what), cell(figure.value), figure.goal, figure.verdict(), cell(figure.note))
		}
		if part.profile != "" {
			fmt.Fprintf(&text, "\n```text\n%s\n```\n", strings.TrimSpace(part.profile))
		}
	}
	return text.String()
}

// cell keeps a text inside its cell.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
