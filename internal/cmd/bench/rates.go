package main

import (
	"context"
	"fmt"
	"strconv"
)

const (
	// serviceRate is what the service allows, everydayRate what the mock
	// allows when nobody wants to wait for it.
	serviceRate, everydayRate = 20, 200

	startAction    = "StartStreamIngest"
	describeAction = "DescribeStreamIngest"
	stopAction     = "StopStreamIngest"
)

// phase is a command that works on every task, and what it must cost.
type phase struct {
	name      string
	arguments []string
	// action is the one whose rate counts.
	action string
	// calls are the fewest that do the work, for each task.
	calls map[string]float64
}

func phases() []phase {
	return []phase{
		{"Apply", []string{"apply", "-auto-approve", "-input=false"}, startAction, map[string]float64{startAction: 1, describeAction: 1}},
		{"Refresh", []string{"plan", "-refresh-only", "-input=false"}, describeAction, map[string]float64{describeAction: 1}},
		// A destroy refreshes first.
		{"Destroy", []string{"destroy", "-auto-approve", "-input=false"}, stopAction, map[string]float64{stopAction: 1, describeAction: 2}},
	}
}

// rate is how many requests per second the service allows in this run.
func (s settings) rate() int {
	if s.full {
		return serviceRate
	}
	return everydayRate
}

// measureRates creates, refreshes and destroys many tasks, one process alone
// and then two that share the quota.
func measureRates(ctx context.Context, ground *ground) ([]figure, error) {
	stand, err := erect(ctx, ground.settings.rate())
	if err != nil {
		return nil, err
	}
	defer stand.end()
	var figures []figure
	for _, parallelism := range []int{10, 50} {
		more, err := measureAlone(ctx, ground, stand, parallelism)
		if err != nil {
			return nil, err
		}
		figures = append(figures, more...)
	}
	shared, err := measureShared(ctx, ground, stand)
	return append(figures, shared...), err
}

func measureAlone(ctx context.Context, ground *ground, stand *stand, parallelism int) ([]figure, error) {
	limit := ground.settings.rate()
	w, err := ground.workspace(ctx, streamIngests(manyTasks, 1, limit, stand.states.backend("alone")), stand.service.environment()...)
	if err != nil {
		return nil, err
	}
	var figures []figure
	for _, phase := range phases() {
		ran, err := w.terraform(ctx, append(phase.arguments, "-parallelism="+strconv.Itoa(parallelism))...)
		if err != nil {
			return nil, err
		}
		seen := newTraffic(stand.service.takeJournal())
		name := fmt.Sprintf("%s, -parallelism=%d: ", phase.name, parallelism)
		figures = append(figures,
			ratio(name+"rate, of the limit", seen.rate(phase.action)/float64(limit), atLeast(0.98),
				"%.1f of %d/s; %.0f s in all", seen.rate(phase.action), limit, ran.took.Seconds()),
			amount(name+"calls per task beyond the fewest", seen.beyond(phase.calls, manyTasks), "", zero(), "%s", seen.perTask(manyTasks)),
			amount(name+"refused requests", float64(seen.refused), "", zero(), ""))
	}
	return figures, nil
}

// measureShared runs two processes with the same key at once.
func measureShared(ctx context.Context, ground *ground, stand *stand) ([]figure, error) {
	limit := ground.settings.rate()
	var pair []*workspace
	for number := range 2 {
		w, err := ground.workspace(ctx, streamIngests(manyTasks/2, 1+number*manyTasks, limit, stand.states.backend("shared"+strconv.Itoa(number))), stand.service.environment()...)
		if err != nil {
			return nil, err
		}
		pair = append(pair, w)
	}
	var figures []figure
	for _, phase := range phases() {
		if err := together(ctx, pair, phase.arguments); err != nil {
			return nil, fmt.Errorf("two processes: %w", err)
		}
		seen := newTraffic(stand.service.takeJournal())
		name := fmt.Sprintf("%s, two processes: ", phase.name)
		figures = append(figures,
			ratio(name+"rate together, of the limit", seen.rate(phase.action)/float64(limit), atLeast(0.90),
				"%.1f of %d/s; both ended well; %d refused and sent again", seen.rate(phase.action), limit, seen.refused))
	}
	return figures, nil
}

// together runs the same command in both workspaces at once.
func together(ctx context.Context, pair []*workspace, arguments []string) error {
	ended := make(chan error, len(pair))
	for _, w := range pair {
		go func() {
			_, err := w.terraform(ctx, arguments...)
			ended <- err
		}()
	}
	var failed error
	for range pair {
		if err := <-ended; err != nil {
			failed = err
		}
	}
	return failed
}
