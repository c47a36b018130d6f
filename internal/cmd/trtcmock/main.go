// Command trtcmock serves a mock of TRTC's stream-ingest API over HTTP, to try
// the provider and to test modules without an account. Package trtcmock describes
// the verification of requests and the control calls under /_mock/.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// version is set by the linker at release.
var version string

const (
	readTimeout = 30 * time.Second
	idleTimeout = 2 * time.Minute
	// maxHeaderBytes allows for long tokens.
	maxHeaderBytes = 64 << 10
	// writeTimeout allows for injected delays of responses.
	writeTimeout = 10 * time.Minute
	// shutdownTimeout is the maximum time for responses after an interrupt.
	shutdownTimeout = 2 * time.Second
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

// run serves until the context ends. It writes one line to stdout when it is
// ready, "listening on http://…".
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	set, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if set.version {
		_, err := fmt.Fprintln(stdout, "trtcmock", programVersion())
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", set.listen)
	if err != nil {
		return err
	}
	if !onLoopback(listener.Addr()) {
		_, _ = fmt.Fprintf(stderr, "trtcmock: warning: %s is reachable from other machines\n", listener.Addr())
	}
	mock := trtcmock.New(set.mock)
	defer mock.Close()

	server := &http.Server{
		Handler:           mock,
		ReadHeaderTimeout: readTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
	}
	if _, err := fmt.Fprintf(stdout, "listening on http://%s\n", listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	return serve(ctx, server, listener)
}

func serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	// The context has ended, so the shutdown needs a new context.
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(limited); err != nil {
		return server.Close()
	}
	return nil
}

func onLoopback(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// programVersion returns the version of a release or of go install, else "dev".
func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}
