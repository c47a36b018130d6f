package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// initTrace lists the packages of a binary whose initialisation takes longest.
// A provider that is started by hand prints them and ends at once.
func initTrace(ctx context.Context, binary string) (string, error) {
	const shown = 10
	command := exec.CommandContext(ctx, binary)
	command.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace bytes.Buffer
	command.Stderr = &trace
	// Without the handshake's cookie it ends with an error; the trace is there.
	_ = command.Run()
	packages, err := parseInitTrace(trace.String())
	if err != nil {
		return "", err
	}
	slices.SortFunc(packages, func(a, b initialised) int { return cmp.Compare(b.milliseconds, a.milliseconds) })
	var text strings.Builder
	fmt.Fprintf(&text, "%s, before main:\n", filepath.Base(binary))
	for _, one := range packages[:min(shown, len(packages))] {
		fmt.Fprintf(&text, "  %6.2f ms %9d bytes %6d allocations  %s\n", one.milliseconds, one.bytes, one.allocations, one.name)
	}
	return text.String(), nil
}

// initialised is what the initialisation of one package cost.
type initialised struct {
	name         string
	milliseconds float64
	bytes        int
	allocations  int
}

// parseInitTrace reads lines of the form
// "init name @1.2 ms, 0.34 ms clock, 56 bytes, 7 allocs".
func parseInitTrace(trace string) ([]initialised, error) {
	var packages []initialised
	for line := range strings.Lines(trace) {
		rest, found := strings.CutPrefix(line, "init ")
		if !found {
			continue
		}
		var one initialised
		var at float64
		if _, err := fmt.Sscanf(rest, "%s @%f ms, %f ms clock, %d bytes, %d allocs",
			&one.name, &at, &one.milliseconds, &one.bytes, &one.allocations); err != nil {
			return nil, fmt.Errorf("init trace %q: %w", strings.TrimSpace(line), err)
		}
		packages = append(packages, one)
	}
	return packages, nil
}
