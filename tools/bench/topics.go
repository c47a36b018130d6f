package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// mostSize is the goal for the binary, as a multiple of the empty provider's.
const mostSize = 1.15

// costs are samples in ms and in MB.
type costs struct{ took, cpu, peak samples }

// inTurns measures the costs in turns, so that a disturbance affects all of
// them. A nil function gets no samples.
func inTurns(rounds int, measures ...func() (usage, error)) ([]costs, error) {
	all := make([]costs, len(measures))
	for range rounds {
		for i, measure := range measures {
			if measure == nil {
				continue
			}
			used, err := measure()
			if err != nil {
				return nil, err
			}
			all[i].took = append(all[i].took, used.took.Seconds()*1e3)
			all[i].cpu = append(all[i].cpu, used.cpu.Seconds()*1e3)
			all[i].peak = append(all[i].peak, used.peak/1e6)
		}
	}
	return all, nil
}

// measureStartup starts the provider and an empty provider.
func measureStartup(ctx context.Context, environment *environment) ([]figure, error) {
	measured, err := inTurns(30,
		func() (usage, error) { return measureStart(ctx, environment.binary("trtc")) },
		func() (usage, error) { return measureStart(ctx, environment.binary("empty")) })
	if err != nil {
		return nil, err
	}
	of, with := measured[0], measured[1]
	return []figure{
		compare("Process start to schema received", of.took, with.took, "ms", atMost(1.10)),
		compare("CPU time of a start", of.cpu, with.cpu, "ms", goal{}),
		compare("Peak memory of a start", of.peak, with.peak, "MB", atMost(1.15)),
		compare("Size of the stripped binary", environment.size("trtc"), environment.size("empty"), "MB", atMost(mostSize)),
	}, nil
}

// size returns the size of a provider's binary in MB.
func (s *setup) size(name string) samples {
	info, err := os.Stat(s.binary(name))
	if err != nil {
		return nil
	}
	return samples{float64(info.Size()) / 1e6}
}

// baseline is a resource that needs no service, to compare plans with.
type baseline struct {
	resource string
	// module is that of the provider, if it is not built in. As it has no major
	// version suffix, Go addresses releases by commit.
	module string
	goal   goal
}

func baselines() []baseline {
	return []baseline{
		{resource: "terraform_data"},
		{"random_password", "github.com/terraform-providers/terraform-provider-random@v1.3.2-0.20260513075824-f8d869dc98d9", atMost(0.40)}, // 3.9.0
		{"null_resource", "github.com/terraform-providers/terraform-provider-null@v1.0.1-0.20260814132742-cd8ea3464380", atMost(1.25)},     // 3.3.1
	}
}

// measurePlan plans 1,000 new resources of several providers.
func measurePlan(ctx context.Context, environment *environment) ([]figure, error) {
	var plans []func() (usage, error)
	for _, baseline := range append(baselines(), baseline{resource: "trtc_stream_ingest"}) {
		if baseline.module != "" {
			provider, _, _ := strings.Cut(baseline.resource, "_")
			if err := environment.provide(ctx, provider, "install", baseline.module); err != nil {
				_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
				plans = append(plans, nil)
				continue
			}
		}
		w, err := environment.workspace(ctx, baseline.resource, 1000, 1)
		if err != nil {
			return nil, err
		}
		plans = append(plans, func() (usage, error) { return w.terraform(ctx, "plan") })
	}
	measured, err := inTurns(5, plans...)
	if err != nil {
		return nil, err
	}
	var figures []figure
	own := measured[len(measured)-1]
	for i, baseline := range baselines() {
		figures = append(figures,
			compare("Time, against "+baseline.resource, own.took, measured[i].took, "ms", baseline.goal),
			compare("CPU time of CLI and provider, against "+baseline.resource, own.cpu, measured[i].cpu, "ms", goal{}))
	}
	return figures, nil
}

// command is one of the CLI, with the action that it calls at the rate limit.
type command struct {
	name, action string
	arguments    []string
	// cpu, in ms, and memory, in kB, are the goals for each resource.
	cpu, memory goal
}

func commands() []command {
	return []command{
		{name: "Plan", arguments: []string{"plan"}, memory: atMost(6)},
		{name: "Apply", action: "StartStreamIngest", arguments: []string{"apply", "-auto-approve"}, cpu: atMost(6), memory: atMost(12)},
		{name: "Refresh", action: "DescribeStreamIngest", arguments: []string{"plan", "-refresh-only"}, memory: atMost(8)},
		{name: "Destroy", action: "StopStreamIngest", arguments: []string{"destroy", "-auto-approve"}},
	}
}

// measureGrowth plans, applies and refreshes more and more resources.
func measureGrowth(ctx context.Context, environment *environment) ([]figure, error) {
	sizes := []int{100, 1000, 3000}
	if environment.full {
		sizes = append(sizes, 5000)
	}
	grown := commands()[:3]
	used := make([][]usage, len(grown))
	for number, size := range sizes {
		w, err := environment.workspace(ctx, "trtc_stream_ingest", size, 1+10_000*number)
		if err != nil {
			return nil, err
		}
		for i, command := range grown {
			once, err := w.measure(ctx, command.arguments...)
			if err != nil {
				return nil, fmt.Errorf("%d resources: %w", size, err)
			}
			used[i] = append(used[i], once)
		}
	}
	var figures []figure
	for i, command := range grown {
		figures = append(figures, command.growth(sizes, used[i])...)
	}
	return figures, nil
}

// growth returns the slopes from 1,000 resources, the second size, to the
// largest size.
func (c command) growth(sizes []int, used []usage) []figure {
	last := len(sizes) - 1
	slope := func(what, unit string, goal goal, value func(usage) float64) figure {
		var points []string
		for i, size := range sizes {
			points = append(points, fmt.Sprintf("%s at %d", significant(value(used[i])), size))
		}
		rise := (value(used[last]) - value(used[1])) / float64(sizes[last]-sizes[1])
		return newFigure(c.name+": "+what+" for each resource", rise, unit, goal, "%s", strings.Join(points, ", "))
	}
	return []figure{
		slope("time", "ms", goal{}, func(u usage) float64 { return u.took.Seconds() * 1e3 }),
		slope("CPU time of the provider", "ms", c.cpu, func(u usage) float64 { return u.cpu.Seconds() * 1e3 }),
		slope("memory of the provider", "kB", c.memory, func(u usage) float64 { return u.peak / 1e3 }),
		newFigure(c.name+": peak memory of the provider", used[last].peak/1e6, "MB", atMost(130), "at %d resources", sizes[last]),
	}
}

// scenario divides the tasks among runs of the CLI at the same time.
type scenario struct {
	name, configuration, option string
	runs                        int
	goal                        goal
}

func scenarios() []scenario {
	return []scenario{
		{"one process", "trtc_stream_ingest", "-parallelism=10", 1, atLeast(0.98)},
		{"one process, -parallelism=50", "trtc_stream_ingest", "-parallelism=50", 1, atLeast(0.98)},
		{"two runs", "trtc_stream_ingest", "-parallelism=10", 2, atLeast(0.90)},
		{"two provider aliases", "trtc_stream_ingest_aliases", "-parallelism=10", 1, atLeast(0.90)},
	}
}

// measureRates creates, refreshes and destroys tasks in each scenario.
func measureRates(ctx context.Context, environment *environment) ([]figure, error) {
	tasks := 200
	if environment.full {
		tasks = 1000
	}
	var figures []figure
	for _, scenario := range scenarios() {
		var workspaces []*workspace
		for run := range scenario.runs {
			w, err := environment.workspace(ctx, scenario.configuration, tasks/scenario.runs, 1+tasks*run)
			if err != nil {
				return nil, err
			}
			workspaces = append(workspaces, w)
		}
		for _, command := range commands()[1:] {
			environment.mock.ResetJournal()
			var running sync.WaitGroup
			failed := make([]error, len(workspaces))
			for i, w := range workspaces {
				running.Go(func() {
					_, failed[i] = w.terraform(ctx, slices.Concat(command.arguments, []string{scenario.option})...)
				})
			}
			running.Wait()
			if err := errors.Join(failed...); err != nil {
				return nil, fmt.Errorf("%s: %w", scenario.name, err)
			}
			figures = append(figures, command.rate(environment.mock.Journal(), environment.rate, scenario))
		}
	}
	return figures, nil
}

// rate returns the calls of the command's action per second, from the first to
// the last one, as a share of the limit. The limit allows as many calls as in a
// second at once, so a burst at the beginning can make it more than 1.
func (c command) rate(calls []trtcmock.Call, limit int, scenario scenario) figure {
	var accepted []time.Time
	refused := 0
	for _, call := range calls {
		switch {
		case strings.HasPrefix(call.Code, "RequestLimitExceeded"):
			refused++
		case call.Action == c.action:
			accepted = append(accepted, call.Time)
		}
	}
	share, last := math.NaN(), len(accepted)-1
	if last > 0 {
		share = float64(last) / accepted[last].Sub(accepted[0]).Seconds() / float64(limit)
	}
	return newFigure(c.name+", "+scenario.name+": calls per second, of the limit", share, "×", scenario.goal,
		"%.1f of %d/s; %d of all %d calls refused and sent again", share*float64(limit), limit, refused, len(calls))
}
