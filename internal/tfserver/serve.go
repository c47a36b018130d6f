package tfserver

import (
	"errors"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves the provider at its registry address to the process that
// started this one, which is Terraform. It returns when Terraform stops the
// provider or has ended without doing so, and the calls in flight have returned.
func Serve(address string, p provider.Provider) error {
	if err := silenceUnreadLog(); err != nil {
		return err
	}
	collectLess()
	outliveSignals()

	server := New(p)
	ended := make(chan error, 2)
	go func() { ended <- serve(address, server) }()
	go func() {
		awaitOrphan()
		ended <- nil
	}()
	err := <-ended
	server.drain()
	return err
}

// ServeDebug serves the provider at its registry address until the process is
// interrupted. It prints what Terraform needs to reach the provider.
func ServeDebug(address string, p provider.Provider) error {
	return serve(address, New(p), tf6server.WithManagedDebug())
}

func serve(address string, server *Server, options ...tf6server.ServeOpt) error {
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return server }, options...)
}

// outliveSignals keeps signals from ending the process while a call may be in
// flight. Whoever ends a run (timeout, systemd, a closed terminal) signals
// Terraform too, which then stops the provider or ends and leaves an orphan. The
// log of an orphan has no reader, and writing to it causes SIGPIPE. go-plugin
// does the same for SIGINT.
func outliveSignals() {
	// [signal.Ignore] would let Windows kill the process with its console.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE, syscall.SIGTERM, syscall.SIGHUP)
}

// silenceUnreadLog turns the loggers off unless Terraform keeps their lines. By
// default they compose all lines, which takes nearly half of the CPU time of a
// plan, and Terraform drops them. Levels that the user set stay.
func silenceUnreadLog() error {
	for _, reader := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_TEMP_LOG_PATH"} {
		if os.Getenv(reader) != "" {
			return nil
		}
	}
	loggers := []string{"TF_LOG_PROVIDER_TRTC"}
	if os.Getenv("TF_LOG_SDK") == "" {
		// The subsystems check their own level before they compose a line, but
		// not the level that they inherit.
		loggers = append(loggers, "TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO")
	}
	var errs []error
	for _, logger := range loggers {
		if os.Getenv(logger) == "" {
			errs = append(errs, os.Setenv(logger, "OFF"))
		}
	}
	return errors.Join(errs...)
}

// collectLess makes the garbage collector run less often until the memory of
// the process reaches a limit: the live heap is only a few MB, and collecting
// it at each doubling takes a third of the CPU time. The process then takes
// about 80 MB, with 1,000 resources as with 5,000. It changes nothing if the
// user set the percentage or the limit.
func collectLess() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(64 << 20)
}
