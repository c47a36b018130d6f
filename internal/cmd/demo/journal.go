package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// promised are the calls of the demo: start and its confirmation, a refresh at
// each of the three later commands, one update, one stop and its confirmation.
func promised() []string {
	return []string{
		"StartStreamIngest", "DescribeStreamIngest",
		"DescribeStreamIngest",
		"DescribeStreamIngest", "UpdateStreamIngest",
		"DescribeStreamIngest", "StopStreamIngest", "DescribeStreamIngest",
	}
}

// checkJournal prints what the service saw and compares it with the promise.
func checkJournal(ctx context.Context, service *mock, out io.Writer) error {
	calls, err := service.journal(ctx)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(calls))
	for _, call := range calls {
		name := call.Action
		if call.Code != "" {
			name += " (" + call.Code + ")"
		}
		names = append(names, name)
	}
	_, _ = fmt.Fprintf(out, "\n── What the service saw, in all\n%s\n", strings.Join(names, "\n"))
	if !slices.Equal(names, promised()) {
		return fmt.Errorf("%w: want %s", errJournal, strings.Join(promised(), ", "))
	}
	_, _ = fmt.Fprintln(out, "\nOne start, one update, one stop, and a look each time: as promised.")
	return nil
}
