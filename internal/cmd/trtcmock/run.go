package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const (
	readTimeout = 30 * time.Second
	idleTimeout = 2 * time.Minute
	// writeTimeout leaves room for answers that are late on purpose.
	writeTimeout = 10 * time.Minute
	// farewell is how long answers under way may take once the program is to end.
	farewell = 2 * time.Second
)

// run serves until the context ends. It writes one line to stdout when it is
// ready, "listening on http://…", and nothing else.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	set, err := parse(args, stderr)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", set.listen)
	if err != nil {
		return err
	}
	if !onLoopback(listener.Addr()) {
		_, _ = fmt.Fprintf(stderr, "trtcmock: warning: %s is reachable from other machines\n", listener.Addr())
	}
	server := &http.Server{
		Handler:           trtcmock.New(set.options()),
		ReadHeaderTimeout: readTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
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
	// The context that just ended must not cut the farewell short.
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
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
