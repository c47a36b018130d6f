package main

import (
	"context"
	"os"
	"strings"
)

const (
	startRuns = 30
	// warmUps are not counted: they fill the file cache.
	warmUps = 3

	// mostStart, mostSize and mostMemory are the goals, as multiples of what an
	// empty provider takes.
	mostStart, mostSize, mostMemory = 1.10, 1.15, 1.15
)

// starts are the samples of one binary.
type starts struct{ took, used, peak samples }

func (s *starts) add(once start) {
	s.took = append(s.took, once.took.Seconds()*1000)
	s.used = append(s.used, once.used.Seconds()*1000)
	s.peak = append(s.peak, float64(once.peak))
}

// measureStartup starts provider and empty provider in turns.
func measureStartup(ctx context.Context, ground *ground) ([]figure, error) {
	var provider, empty starts
	for number := range warmUps + startRuns {
		for binary, into := range map[string]*starts{ground.provider: &provider, ground.empty: &empty} {
			once, err := startOnce(ctx, binary)
			if err != nil {
				return nil, err
			}
			if number >= warmUps {
				into.add(once)
			}
		}
	}
	size, err := sizes(ground.provider, ground.empty)
	if err != nil {
		return nil, err
	}
	figures := []figure{
		ratio("Process start to schema answered", provider.took.median()/empty.took.median(), atMost(mostStart),
			"%.1f ms (%s) against %.1f ms (%s), medians of %d starts in turns",
			provider.took.median(), provider.took.noise(), empty.took.median(), empty.took.noise(), startRuns),
		ratio("Size of the stripped binary", size[0]/size[1], atMost(mostSize), "%s against %s", megabytes(size[0]), megabytes(size[1])),
	}
	if empty.peak.median() == 0 {
		return figures, nil
	}
	return append(figures,
		ratio("CPU time of a start", provider.used.median()/empty.used.median(), goal{},
			"%.1f ms (%s) against %.1f ms (%s)",
			provider.used.median(), provider.used.noise(), empty.used.median(), empty.used.noise()),
		ratio("Peak memory of a start", provider.peak.median()/empty.peak.median(), atMost(mostMemory),
			"%s against %s, resident", megabytes(provider.peak.median()), megabytes(empty.peak.median())),
	), nil
}

func sizes(binaries ...string) ([]float64, error) {
	var all []float64
	for _, binary := range binaries {
		info, err := os.Stat(binary)
		if err != nil {
			return nil, err
		}
		all = append(all, float64(info.Size()))
	}
	return all, nil
}

// explainStartup lists what the packages do before main, the largest part of
// what differs between the two.
func explainStartup(ctx context.Context, ground *ground) (string, error) {
	var text strings.Builder
	for _, binary := range []string{ground.provider, ground.empty} {
		trace, err := initTrace(ctx, binary)
		if err != nil {
			return "", err
		}
		text.WriteString(trace)
	}
	return text.String(), nil
}
