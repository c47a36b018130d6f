package main

import "context"

const clientRounds = 9

// measureClient compares signing, sending and parsing with the bare SDK core,
// all through a transport in memory.
func measureClient(ctx context.Context, ground *ground) ([]figure, error) {
	calls, err := ground.benchmarks(ctx, "./internal/cloudapi", "^Benchmark(Call|SDKCore)$", "Call", "SDKCore")
	if err != nil {
		return nil, err
	}
	client, err := ground.benchmarks(ctx, "./internal/trtcclient", "^Benchmark(Describe|DescribeInParallel|Start)$", "Describe", "DescribeInParallel", "Start")
	if err != nil {
		return nil, err
	}
	tickets, err := ground.benchmarks(ctx, "./internal/tickets", "^BenchmarkMintUserSig$", "MintUserSig")
	if err != nil {
		return nil, err
	}
	return append(againstSDK(calls["Call"], calls["SDKCore"]), ofClient(client, tickets["MintUserSig"])...), nil
}

// benchmarks runs those of one package that must be there.
func (g *ground) benchmarks(ctx context.Context, of, pattern string, needed ...string) (results, error) {
	binary, err := g.compile(ctx, of)
	if err != nil {
		return nil, err
	}
	measured, err := binary.rounds(ctx, pattern, clientRounds, "-test.benchtime=200ms")
	if err != nil {
		return nil, err
	}
	return measured, measured.need(needed...)
}

func againstSDK(call, core *benchmarked) []figure {
	return []figure{
		ratio("Sign, send and parse, against the bare SDK core", call.nanoseconds.median()/core.nanoseconds.median(), atMost(1.05),
			"%.1f µs (%s) against %.1f µs (%s), medians of %d rounds in turns",
			call.nanoseconds.median()/1e3, call.nanoseconds.noise(), core.nanoseconds.median()/1e3, core.nanoseconds.noise(), clientRounds),
		ratio("Its allocations", call.allocations.median()/core.allocations.median(), atMost(1), "%.0f against %.0f", call.allocations.median(), core.allocations.median()),
		ratio("Its allocated bytes", call.bytes.median()/core.bytes.median(), goal{}, "%.0f against %.0f", call.bytes.median(), core.bytes.median()),
	}
}

func ofClient(client results, mint *benchmarked) []figure {
	describe, parallel, start := client["Describe"], client["DescribeInParallel"], client["Start"]
	return []figure{
		amount("A whole start, with pacing and retry policy", start.allocations.median(), "allocations", goal{}, "%.1f µs (%s)", start.nanoseconds.median()/1e3, start.nanoseconds.noise()),
		amount("A whole describe", describe.allocations.median(), "allocations", goal{}, "%.1f µs (%s)", describe.nanoseconds.median()/1e3, describe.nanoseconds.noise()),
		ratio("Describes per second of parallel callers on one client, against one caller", describe.nanoseconds.median()/parallel.nanoseconds.median(), goal{},
			"%.0f/s against %.0f/s", 1e9/parallel.nanoseconds.median(), 1e9/describe.nanoseconds.median()),
		amount("Tickets minted per second", 1e9/mint.nanoseconds.median(), "", goal{}, "%s; %.0f kB each", mint.nanoseconds.noise(), mint.bytes.median()/1e3),
	}
}

func explainClient(ctx context.Context, ground *ground) (string, error) {
	binary, err := ground.compile(ctx, "./internal/cloudapi")
	if err != nil {
		return "", err
	}
	return binary.profile(ctx, "BenchmarkCall")
}
