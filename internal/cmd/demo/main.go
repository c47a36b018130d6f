// Demo runs the provider as a user would: the real Terraform CLI, the real
// plugin, and the mock as the service, in a directory of its own that is
// removed afterwards. It needs no account.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	cli := flag.String("terraform", "terraform", "the CLI to run: terraform, tofu, or a path; it is downloaded when there is no terraform")
	keep := flag.Bool("keep", false, "keep the working directory and print where it is")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *cli, *keep, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called.
	}
}
