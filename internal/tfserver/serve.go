package tfserver

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves the provider at its registry address to the Terraform process that
// started this process. It returns when Terraform stops the provider, or has ended
// without stopping the provider, and all RPCs in flight have returned.
func Serve(address string, p provider.Provider) error {
	disableUnreadLogs()
	tuneGC()
	catchSignals()

	server := newServer(p)
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
// interrupted. It prints the value of TF_REATTACH_PROVIDERS for Terraform.
func ServeDebug(address string, p provider.Provider) error {
	return serve(address, newServer(p), tf6server.WithManagedDebug())
}

func serve(address string, server *server, options ...tf6server.ServeOpt) error {
	ignoreProtocolDataDir(os.Stderr)
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return server }, options...)
}

// catchSignals keeps signals from ending the process while an RPC may be in
// flight. A sender that ends a run (timeout, systemd, a closed terminal) signals
// Terraform as well, which then stops the provider, or ends and leaves an orphan
// process. The log of an orphan has no reader, and writing to the log causes
// SIGPIPE. go-plugin does the same for SIGINT.
func catchSignals() {
	// With [signal.Ignore], Windows would end the process when its console closes.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE, syscall.SIGTERM, syscall.SIGHUP)
}

// ignoreProtocolDataDir unsets the variable with which terraform-plugin-go
// writes the values of all arguments, even secrets, into files that every user can
// read. Terraform adds the warning to its log.
func ignoreProtocolDataDir(log io.Writer) {
	const dir, allow = "TF_LOG_SDK_PROTO_DATA_DIR", "TRTC_ALLOW_PROTO_DATA_DIR"
	if os.Getenv(dir) == "" || os.Getenv(allow) == "1" {
		return
	}
	_ = os.Unsetenv(dir) // Unsetenv fails only for invalid names.
	_, _ = fmt.Fprintf(log, "[WARN] %s is ignored, because the files contain secrets. Set %s=1 to write them.\n", dir, allow)
}

// disableUnreadLogs turns off the loggers whose lines Terraform would discard. By
// default, the loggers format every line, which takes nearly half of the CPU time
// of a plan. disableUnreadLogs keeps levels that the user set.
func disableUnreadLogs() {
	for _, reader := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_TEMP_LOG_PATH"} {
		if os.Getenv(reader) != "" {
			return
		}
	}
	loggers := []string{"TF_LOG_PROVIDER_TRTC"}
	if os.Getenv("TF_LOG_SDK") == "" {
		// A subsystem checks its own level before it formats a line, but not the
		// level that it inherits.
		loggers = append(loggers, "TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO")
	}
	for _, logger := range loggers {
		if os.Getenv(logger) == "" {
			_ = os.Setenv(logger, "OFF") // Setenv fails only for invalid names.
		}
	}
}

// tuneGC makes the garbage collector run less often until the memory of the
// process reaches a limit. The live heap is only a few MB, and a collection at each
// doubling takes a third of the CPU time. With these settings, the process takes
// about 80 MB for 1,000 and for 5,000 resources. tuneGC does nothing if the user
// set the percentage or the limit.
func tuneGC() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(64 << 20)
}
