// Demo runs the provider as a user would: the real Terraform CLI, the real
// provider binary, and the mock as the service, in a temporary directory. It
// needs no account.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

func main() {
	cli := flag.String("terraform", "terraform", "the CLI to run: terraform, tofu, or a path; terraform is downloaded if it is not installed")
	keep := flag.Bool("keep", false, "keep the working directory and print its path")
	record := flag.String("record", "", "write a picture of the session to this `file`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var session bytes.Buffer
	err := run(ctx, *cli, *keep, io.MultiWriter(os.Stdout, &session))
	if err == nil && *record != "" {
		err = os.WriteFile(*record, drawing(session.Bytes()), 0o644) //nolint:gosec // Documentation, readable by everybody.
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called.
	}
}

// step is one command of the demo.
type step struct {
	title     string
	arguments []string
	// tasks is the number of tasks in progress after the command.
	tasks int
}

func steps() []step {
	return []step{
		{"Start the stream", []string{"apply", "-auto-approve"}, 1},
		{"Plan: nothing to change", []string{"plan", "-detailed-exitcode"}, 1},
		{"Lower the volume in place", []string{"apply", "-auto-approve", "-var=volume=60"}, 1},
		{"Stop the stream", []string{"destroy", "-auto-approve"}, 0},
	}
}

// expectedCalls returns the calls of the demo: start and its confirmation, one
// refresh for each later command, one update, one stop and its confirmation.
func expectedCalls() []string {
	return []string{
		"StartStreamIngest", "DescribeStreamIngest",
		"DescribeStreamIngest",
		"DescribeStreamIngest", "UpdateStreamIngest",
		"DescribeStreamIngest", "StopStreamIngest", "DescribeStreamIngest",
	}
}

var errCalls = errors.New("the service received other calls than the demo expects")

// run sets up the environment, runs the steps and checks the calls that the
// mock received.
func run(ctx context.Context, cli string, keep bool, out io.Writer) error {
	mock := trtcmock.New(trtcmock.Options{
		Credentials: map[string]string{"AKIDmock": "mock-secret-key"}, AnyAppKey: sdkSecretKey,
	})
	service := httptest.NewServer(mock)
	defer service.Close()
	env, err := setUp(ctx, cli, service.URL, out)
	if err != nil {
		return err
	}
	defer func() {
		if keep {
			_, _ = fmt.Fprintln(out, "Working directory:", env.dir)
			return
		}
		_ = os.RemoveAll(env.dir) //nolint:gosec // A directory made here.
	}()
	for number, step := range steps() {
		_, _ = fmt.Fprintf(out, "\n── %d. %s\n$ %s %s\n", number+1, step.title, env.name(), strings.Join(step.arguments, " "))
		if err := env.terraform(ctx, out, step.arguments...); err != nil {
			return err
		}
		tasks := len(mock.Alive())
		_, _ = fmt.Fprintf(out, "Tasks in progress at the service: %d\n", tasks)
		if tasks != step.tasks {
			return fmt.Errorf("after %q %d tasks are in progress, not %d", step.title, tasks, step.tasks)
		}
	}
	var calls []string
	for _, call := range mock.Journal() {
		name := call.Action
		if call.Code != "" {
			name += " (" + call.Code + ")"
		}
		calls = append(calls, name)
	}
	_, _ = fmt.Fprintf(out, "\n── Calls that the service received\n%s\n", strings.Join(calls, "\n"))
	if !slices.Equal(calls, expectedCalls()) {
		return fmt.Errorf("%w: expected %s", errCalls, strings.Join(expectedCalls(), ", "))
	}
	return nil
}
