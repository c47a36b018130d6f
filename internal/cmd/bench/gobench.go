package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// compiled is the test binary of a package of this module.
type compiled struct{ binary, dir string }

// compile builds the benchmarks of a package such as "./internal/tickets".
func (g *ground) compile(ctx context.Context, of string) (compiled, error) {
	made := compiled{binary: filepath.Join(g.dir, filepath.Base(of)+".test"+executableSuffix()), dir: of}
	return made, goTool(ctx, "test", "-c", "-o", made.binary, of)
}

// benchmarked are the results of one benchmark, a sample for each round.
type benchmarked struct{ nanoseconds, bytes, allocations samples }

// rounds runs the benchmarks that match pattern again and again, in turns, so
// that what disturbs the machine disturbs all of them.
func (c compiled) rounds(ctx context.Context, pattern string, rounds int, more ...string) (results, error) {
	all := results{}
	for range rounds {
		output, err := c.run(ctx, append([]string{"-test.run=^$", "-test.bench=" + pattern, "-test.benchmem"}, more...)...)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(output) {
			all.add(line)
		}
	}
	return all, nil
}

func (c compiled) run(ctx context.Context, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, c.binary, arguments...) //nolint:gosec // A binary that was built here.
	var output bytes.Buffer
	command.Dir, command.Stdout, command.Stderr = c.dir, &output, &output
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", filepath.Base(c.binary), err, tail(output.String()))
	}
	return output.String(), nil
}

// results are by name, without "Benchmark" and the number of processors.
type results map[string]*benchmarked

// add reads a line of the form
// "BenchmarkName-2  100  123 ns/op  45 B/op  6 allocs/op"; others it ignores.
func (r results) add(line string) {
	fields := strings.Fields(line)
	if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
		return
	}
	name := strings.TrimPrefix(fields[0], "Benchmark")
	if dash := strings.LastIndexByte(name, '-'); dash > 0 {
		name = name[:dash]
	}
	one := r.of(name)
	for i := 2; i+1 < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return
		}
		switch fields[i+1] {
		case "ns/op":
			one.nanoseconds = append(one.nanoseconds, value)
		case "B/op":
			one.bytes = append(one.bytes, value)
		case "allocs/op":
			one.allocations = append(one.allocations, value)
		}
	}
}

func (r results) of(name string) *benchmarked {
	if r[name] == nil {
		r[name] = &benchmarked{}
	}
	return r[name]
}

// need checks that the benchmarks are still called as they are known here.
func (r results) need(names ...string) error {
	for _, name := range names {
		if r[name] == nil {
			return fmt.Errorf("there is no benchmark %s any more", name)
		}
	}
	return nil
}

// profile runs one benchmark under the CPU profiler and returns where its time
// goes, the functions with what they call.
func (c compiled) profile(ctx context.Context, benchmark string) (string, error) {
	samples := c.binary + ".cpu"
	if _, err := c.run(ctx, "-test.run=^$", "-test.bench=^"+benchmark+"$", "-test.benchtime=2s", "-test.cpuprofile="+samples); err != nil {
		return "", err
	}
	text, err := goOutput(ctx, "tool", "pprof", "-top", "-cum", "-nodecount=40", c.binary, samples)
	return benchmark + ", CPU by function with what it calls:\n" + text, err
}
