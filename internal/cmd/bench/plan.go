package main

import "context"

const (
	manyTasks = 1000
	planRuns  = 5
)

// planning is the command that plans.
func planning() []string { return []string{"plan", "-input=false"} }

// measurePlan plans new tasks and as many built-in resources in turns.
func measurePlan(ctx context.Context, ground *ground) ([]figure, error) {
	service, err := serve(ctx, unlimited)
	if err != nil {
		return nil, err
	}
	defer service.end()
	ingests, err := ground.workspace(ctx, streamIngests(manyTasks, 1, unhurried, ""), service.environment()...)
	if err != nil {
		return nil, err
	}
	built, err := ground.workspace(ctx, builtIns(manyTasks))
	if err != nil {
		return nil, err
	}
	var took, builtTook, used samples
	for range planRuns {
		for of, into := range map[*workspace]*samples{ingests: &took, built: &builtTook} {
			plan, err := of.terraform(ctx, planning()...)
			if err != nil {
				return nil, err
			}
			*into = append(*into, plan.took.Seconds())
		}
		seen, err := watch(ctx, ground, service, ingests, planning())
		if err != nil {
			return nil, err
		}
		used = append(used, seen.used.Seconds()*1000)
	}
	figures := []figure{
		ratio("Time of the plan, against as many terraform_data", took.median()/builtTook.median(), goal{},
			"%.2f s (%s) against %.2f s (%s)", took.median(), took.noise(), builtTook.median(), builtTook.noise()),
	}
	if used.median() == 0 {
		return figures, nil
	}
	return append(figures,
		amount("CPU time of the provider for each task, start included", used.median()/manyTasks, "ms", goal{}, "%s", used.noise()),
	), nil
}

// explainPlan shows what the provider computes for one plan, without the CLI
// and the wire between them.
func explainPlan(ctx context.Context, ground *ground) (string, error) {
	binary, err := ground.compile(ctx, "./internal/provider")
	if err != nil {
		return "", err
	}
	return binary.profile(ctx, "BenchmarkPlan")
}
