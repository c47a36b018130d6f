package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestResults(t *testing.T) {
	t.Parallel()
	all := results{}
	for line := range strings.Lines("goos: linux\nBenchmarkCall-2  \t  100\t 37300 ns/op\t 12889 B/op\t 151 allocs/op\n" +
		"BenchmarkCall-2 100 37100 ns/op 12887 B/op 151 allocs/op\nBenchmarkBroken-2 100 x ns/op\nok\n") {
		all.add(line)
	}
	want := benchmarked{nanoseconds: samples{37300, 37100}, bytes: samples{12889, 12887}, allocations: samples{151, 151}}
	if diff := cmp.Diff(want, *all["Call"], cmp.AllowUnexported(benchmarked{})); diff != "" {
		t.Errorf("Call (-want +got):\n%s", diff)
	}
	if err := all.need("Call"); err != nil {
		t.Error(err)
	}
	if err := all.need("Call", "Gone"); err == nil {
		t.Error("a benchmark that is gone is not missed")
	}
}
