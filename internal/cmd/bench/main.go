// Bench measures the provider and prints one table: start-up, plans, rates
// against the mock, the client, and how it all grows. What is a time is given
// as a ratio to something else that was measured in the same run, because
// machines differ and are noisy. It runs the real CLI and needs no account.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
)

// settings are the command line.
type settings struct {
	terraform string
	write     string
	only      string
	provider  string
	full      bool
	explain   bool
}

func main() {
	var set settings
	flag.StringVar(&set.terraform, "terraform", "terraform", "the CLI to run: terraform, tofu, or a path")
	flag.StringVar(&set.write, "write", "", "put the tables into this `file` as well, in place of those that stand there")
	flag.StringVar(&set.only, "only", "", "measure only these `topics`, separated by commas: "+strings.Join(names(topics()), ", "))
	flag.StringVar(&set.provider, "provider", "", "measure this `binary` of the provider, such as a released one, instead of one built from here")
	flag.BoolVar(&set.full, "full", false, "hold the rates at the service's own 20 requests/s, which takes a quarter of an hour, and grow to 5,000 tasks")
	flag.BoolVar(&set.explain, "explain", false, "show profiles also for figures that reach their goal")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, set, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// topic is one part of the table.
type topic struct {
	name, title string
	measure     func(context.Context, *ground) ([]figure, error)
	// explain returns profiles that show where the time or the memory goes;
	// nil where a figure's note says it all.
	explain func(context.Context, *ground) (string, error)
}

func topics() []topic {
	return []topic{
		{name: "startup", title: "Start-up, against an empty provider", measure: measureStartup, explain: explainStartup},
		{name: "plan", title: "Plan of 1,000 new tasks", measure: measurePlan, explain: explainPlan},
		{name: "rates", title: "Apply, refresh and destroy of 1,000 tasks", measure: measureRates},
		{name: "client", title: "Client", measure: measureClient, explain: explainClient},
		{name: "growth", title: "How it grows", measure: measureGrowth},
	}
}

func names(topics []topic) []string {
	var all []string
	for _, topic := range topics {
		all = append(all, topic.name)
	}
	return all
}

var errNoTopic = errors.New("there is no such topic")

// chosen returns the topics that only names, or all of them.
func chosen(only string) ([]topic, error) {
	all := topics()
	if only == "" {
		return all, nil
	}
	wanted := strings.Split(only, ",")
	for _, name := range wanted {
		if !slices.Contains(names(all), name) {
			return nil, fmt.Errorf("%w: %q", errNoTopic, name)
		}
	}
	return slices.DeleteFunc(all, func(s topic) bool { return !slices.Contains(wanted, s.name) }), nil
}

// run measures, prints, and writes the Markdown.
func run(ctx context.Context, set settings, out io.Writer) error {
	wanted, err := chosen(set.only)
	if err != nil {
		return err
	}
	ground, err := prepare(ctx, set)
	if err != nil {
		return err
	}
	defer ground.remove()
	report := report{machine: ground.machine(ctx)}
	_, _ = fmt.Fprintln(out, report.machine)
	for _, topic := range wanted {
		part, err := take(ctx, ground, topic)
		if err != nil {
			return fmt.Errorf("%s: %w", topic.name, err)
		}
		report.parts = append(report.parts, part)
		part.print(out)
	}
	if set.write == "" {
		return nil
	}
	return writeTables(set.write, report.markdown())
}

// writeTables replaces the tables between the two lines of the guide.
func writeTables(path, tables string) error {
	const begin, end = "<!-- written by make bench-full -->\n\n", "\n<!-- end of the measurements -->\n"
	guide, err := os.ReadFile(path) //nolint:gosec // The file that the caller named.
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(guide), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return fmt.Errorf("%s has no place for the tables", path)
	}
	return os.WriteFile(path, []byte(before+begin+tables+end+after), 0o644) //nolint:gosec // Documentation, readable by all.
}

// take measures one topic, and explains it when a figure is short of its
// goal.
func take(ctx context.Context, ground *ground, topic topic) (part, error) {
	figures, err := topic.measure(ctx, ground)
	if err != nil {
		return part{}, err
	}
	taken := part{title: topic.title, figures: figures}
	if topic.explain != nil && (ground.settings.explain || slices.ContainsFunc(figures, figure.isShort)) {
		taken.profile, err = topic.explain(ctx, ground)
	}
	return taken, err
}
