package main

import (
	"context"
	"fmt"
	"strings"
)

// sizesOfGrowth are numbers of tasks in one configuration.
func (s settings) sizesOfGrowth() []int {
	sizes := []int{10, 100, manyTasks}
	if s.full {
		sizes = append(sizes, 5*manyTasks)
	}
	return sizes
}

// departure is how far a linear cost may be from its line.
const departure = 0.15

// curve is one cost at each size.
type curve struct {
	name, unit string
	sizes      []float64
	costs      []float64
}

func (c *curve) add(size int, cost float64) {
	c.sizes, c.costs = append(c.sizes, float64(size)), append(c.costs, cost)
}

// figures say how steep the curve is and how straight.
func (c *curve) figures() []figure {
	fitted := fit(c.sizes, c.costs)
	var points []string
	for i := range c.sizes {
		points = append(points, fmt.Sprintf("%s at %.0f", significant(c.costs[i]), c.sizes[i]))
	}
	return []figure{
		amount(c.name+", for each task", fitted.slope, c.unit, goal{}, "%s; %s %s to begin with", strings.Join(points, ", "), significant(fitted.constant), c.unit),
		ratio("… farthest from a straight line", fitted.worst(c.sizes, c.costs), atMost(departure), ""),
	}
}

// measureGrowth plans, applies and refreshes more and more tasks, each number
// with a provider of its own that serves all three commands.
func measureGrowth(ctx context.Context, ground *ground) ([]figure, error) {
	service, err := serve(ctx, unlimited)
	if err != nil {
		return nil, err
	}
	defer service.end()
	states, err := keepStates(ctx)
	if err != nil {
		return nil, err
	}
	defer states.end()
	commands := [][]string{planning(), {"apply", "-auto-approve", "-input=false"}, {"plan", "-refresh-only", "-input=false"}}
	used := []*curve{
		{name: "CPU time of the provider, plan", unit: "ms"},
		{name: "CPU time of the provider, plan and apply", unit: "ms"},
		{name: "CPU time of the provider, plan, apply and refresh", unit: "ms"},
	}
	memory := &curve{name: "Peak memory of the provider", unit: "kB"}
	firstRoom := 1
	for _, size := range ground.settings.sizesOfGrowth() {
		configuration := streamIngests(size, firstRoom, unhurried, states.backend(fmt.Sprintf("growth%d", size)))
		seen, err := watch(ctx, ground, service, configuration, commands...)
		if err != nil {
			return nil, fmt.Errorf("%d tasks: %w", size, err)
		}
		firstRoom += size
		for i, after := range seen {
			used[i].add(size, after.used.Seconds()*1000)
		}
		memory.add(size, float64(seen[len(seen)-1].peak)/1e3)
	}
	if memory.costs[0] == 0 {
		return nil, nil
	}
	var figures []figure
	for _, curve := range append(used, memory) {
		figures = append(figures, curve.figures()...)
	}
	return figures, nil
}
