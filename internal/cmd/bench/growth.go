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

// grown are the costs of one command.
type grown struct {
	arguments    []string
	used, memory *curve
}

func newGrown(name string, arguments ...string) grown {
	return grown{
		arguments: arguments,
		used:      &curve{name: name + ": CPU time of the provider", unit: "ms"},
		memory:    &curve{name: name + ": peak memory of the provider", unit: "kB"},
	}
}

// measureGrowth plans, applies and refreshes more and more tasks, each command
// with a provider of its own.
func measureGrowth(ctx context.Context, ground *ground) ([]figure, error) {
	stand, err := erect(ctx, unlimited)
	if err != nil {
		return nil, err
	}
	defer stand.end()
	commands := []grown{
		newGrown("Plan", planning()...),
		newGrown("Apply", "apply", "-auto-approve", "-input=false"),
		newGrown("Refresh", "plan", "-refresh-only", "-input=false"),
	}
	firstRoom := 1
	for _, size := range ground.settings.sizesOfGrowth() {
		configuration := streamIngests(size, firstRoom, unhurried, stand.states.backend(fmt.Sprintf("growth%d", size)))
		firstRoom += size
		if err := grow(ctx, ground, stand.service, configuration, size, commands); err != nil {
			return nil, fmt.Errorf("%d tasks: %w", size, err)
		}
	}
	var figures []figure
	for _, command := range commands {
		if command.memory.costs[0] > 0 {
			figures = append(figures, command.used.figures()...)
			figures = append(figures, command.memory.figures()...)
		}
	}
	return figures, nil
}

// grow adds one size to the curves.
func grow(ctx context.Context, ground *ground, service *service, configuration string, size int, commands []grown) error {
	w, err := ground.workspace(ctx, configuration, service.environment()...)
	if err != nil {
		return err
	}
	for _, command := range commands {
		seen, err := watch(ctx, ground, service, w, command.arguments)
		if err != nil {
			return err
		}
		command.used.add(size, seen.used.Seconds()*1000)
		command.memory.add(size, float64(seen.peak)/1e3)
	}
	return nil
}
