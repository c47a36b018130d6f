//go:build unix

package tfserver

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// awaitOrphan blocks until Terraform, which reads the standard output and the
// standard error of this process, has ended. The ID of the parent process does not
// show this: Terraform may have ended before this process started, and in a
// container Terraform can have the ID 1.
func awaitOrphan() {
	for !hungUp(syscall.Stdout) && !hungUp(syscall.Stderr) {
		time.Sleep(time.Second)
	}
}

// hungUp reports whether a descriptor is the end of a pipe that nobody reads.
func hungUp(descriptor int) bool {
	// Linux always reports the error. macOS reports the end of a pipe only if
	// POLLOUT is requested.
	output := []unix.PollFd{{Fd: int32(descriptor), Events: unix.POLLOUT}} //nolint:gosec // A small number.
	_, err := unix.Poll(output, 0)
	return err == nil && output[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0
}
