// Demo runs the provider as a user would: the real Terraform CLI, the real
// plugin, and the mock as the service, in a directory of its own that is
// removed afterwards. It needs no account.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	cli := flag.String("terraform", "terraform", "the CLI to run: terraform, tofu, or a path; it is downloaded when there is no terraform")
	keep := flag.Bool("keep", false, "keep the working directory and print where it is")
	record := flag.Bool("record", false, "print the session as Markdown when it has ended, and to standard error while it runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var session bytes.Buffer
	live := os.Stdout
	if *record {
		live = os.Stderr
	}
	err := run(ctx, *cli, *keep, io.MultiWriter(live, &session))
	if err == nil && *record {
		_, err = os.Stdout.Write(block(session.Bytes()))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called.
	}
}
