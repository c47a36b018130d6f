// Bench measures the provider and prints one table: start-up, plans, request
// rates, and growth with the number of resources. It uses the provider's binary
// through the real CLI, with the mock as the service, and needs no account.
// Times are ratios to a baseline of the same run, because machines differ.
package main

import (
	"bytes"
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

func main() {
	var bench setup
	flag.StringVar(&bench.cli, "terraform", "terraform", "the CLI to run: terraform, tofu, or a path")
	flag.StringVar(&bench.binaries, "binaries", "", "do not build what this `directory` has: terraform-provider-trtc, -random, -null")
	flag.BoolVar(&bench.full, "full", false, "more resources and repetitions; takes about half an hour")
	only := flag.String("only", "startup,plan,rates,growth", "measure only these `topics`")
	write := flag.String("write", "", "also write the tables into this `file`, between its marker lines")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	var markdown bytes.Buffer
	err := run(ctx, &bench, strings.Split(*only, ","), io.MultiWriter(os.Stdout, &markdown))
	stop()
	if err == nil && *write != "" {
		err = replaceTables(*write, markdown.String())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// topic is one section of the table, measured with a rate limit for each second,
// action and region.
type topic struct {
	name, title string
	rate        int
	measure     func(context.Context, *environment) ([]figure, error)
}

func topics() []topic {
	const service, unhurried = 20, 1000
	return []topic{
		{"startup", "Start-up, against an empty provider: medians of 30 starts in turns", unhurried, measureStartup},
		{"plan", "Plan of 1,000 new resources, against others: medians of 5 plans in turns", unhurried, measurePlan},
		{"rates", "Apply, refresh and destroy at the rate limit", service, measureRates},
		{"growth", "Growth with the number of resources", unhurried, measureGrowth},
	}
}

// run measures, and prints each section when it is complete.
func run(ctx context.Context, bench *setup, only []string, out io.Writer) error {
	defer func() { _ = os.RemoveAll(bench.dir) }()
	if err := bench.prepare(ctx); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(out, bench.machine(ctx))
	for _, topic := range topics() {
		if !slices.Contains(only, topic.name) {
			continue
		}
		environment, err := start(ctx, bench, topic.rate)
		if err != nil {
			return err
		}
		figures, err := topic.measure(ctx, environment)
		_ = environment.server.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", topic.name, err)
		}
		writeTable(out, topic.title, figures)
	}
	return nil
}

// replaceTables replaces what is between the marker lines of a file.
func replaceTables(path, markdown string) error {
	const begin, end = "<!-- written by make bench-full -->\n\n", "\n<!-- end of the measurements -->\n"
	document, err := os.ReadFile(path) //nolint:gosec // The file that the user named.
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(document), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return errors.New(path + " does not have the marker lines for the tables")
	}
	return os.WriteFile(path, []byte(before+begin+markdown+end+after), 0o644) //nolint:gosec // Documentation.
}
