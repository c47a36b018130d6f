// Command trtcmock serves an in-memory mock of TRTC's stream-ingest API over
// HTTP, for trying the provider without an account and for pipelines. See
// package trtcmock for what it does and for the endpoints under /_mock/.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "trtcmock:", err)
		os.Exit(1)
	}
}
