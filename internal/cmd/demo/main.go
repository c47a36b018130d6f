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
	file := flag.String("record", "", "put the session into this Markdown `file`, in place of the one that stands there")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var session bytes.Buffer
	err := run(ctx, *cli, *keep, io.MultiWriter(os.Stdout, &session))
	if err == nil && *file != "" {
		err = inDocument().Write(*file, block(session.Bytes()))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called.
	}
}
