package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// sdkSecretKey is the key of the mock's application; it opens nothing else.
const sdkSecretKey = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"

// run sets everything up, plays the four acts and compares the service's
// journal with what a user was promised.
func run(ctx context.Context, cli string, keep bool, out io.Writer) error {
	stage, err := setUp(ctx, cli, out)
	if err != nil {
		return err
	}
	defer func() {
		if keep {
			_, _ = fmt.Fprintln(out, "Kept:", stage.dir)
			return
		}
		_ = os.RemoveAll(stage.dir) //nolint:gosec // A directory made here.
	}()
	service, err := startMock(ctx, stage.mockBinary)
	if err != nil {
		return err
	}
	defer service.stop()
	stage.environment = append(stage.environment,
		"TENCENTCLOUD_TRTC_ENDPOINT="+service.url,
		"TENCENTCLOUD_SECRET_ID=AKIDmock",
		"TENCENTCLOUD_SECRET_KEY=mock-secret-key",
		"TRTC_SDK_SECRET_KEY="+sdkSecretKey,
	)
	if err := play(ctx, stage, service, out); err != nil {
		return err
	}
	return checkJournal(ctx, service, out)
}

// act is one command of the demo.
type act struct {
	title     string
	arguments []string
	// alive is how many tasks run afterwards.
	alive int
}

func acts() []act {
	return []act{
		{"Start the stream", []string{"apply", "-auto-approve"}, 1},
		{"Nothing to do: a plan tells the truth", []string{"plan", "-detailed-exitcode"}, 1},
		{"Turn it down, in place", []string{"apply", "-auto-approve", "-var=volume=60"}, 1},
		{"Stop it", []string{"destroy", "-auto-approve"}, 0},
	}
}

func play(ctx context.Context, stage *stage, service *mock, out io.Writer) error {
	if err := stage.terraform(ctx, io.Discard, "init", "-input=false"); err != nil {
		return err
	}
	for number, act := range acts() {
		_, _ = fmt.Fprintf(out, "\n── %d. %s\n$ %s", number+1, act.title, stage.name())
		for _, argument := range act.arguments {
			_, _ = fmt.Fprint(out, " ", argument)
		}
		_, _ = fmt.Fprintln(out)
		if err := stage.terraform(ctx, out, act.arguments...); err != nil {
			return err
		}
		alive, err := service.aliveTasks(ctx)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, "Tasks that run at the service: %d\n", alive)
		if alive != act.alive {
			return fmt.Errorf("after %q %d tasks run, not %d", act.title, alive, act.alive)
		}
	}
	return nil
}

var errJournal = errors.New("the service saw other calls than the demo promises")
