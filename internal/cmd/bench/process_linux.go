package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is what a process has used of processors so far, all its threads
// together.
func cpuTime(pid int) (time.Duration, error) {
	// The kernel numbers the CPU clocks of processes so; /proc/<pid>/stat tells
	// the same in steps of 10 ms.
	const scheduled = 2
	var used unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|scheduled), &used); err != nil { //nolint:gosec // A PID has 22 bits at most.
		return 0, fmt.Errorf("CPU time of process %d: %w", pid, err)
	}
	return time.Duration(used.Nano()), nil
}

// peakMemory is the most that a process has had resident at once, in bytes.
func peakMemory(pid int) (int64, error) {
	// The maximum that the kernel reports with a child's end counts in what the
	// parent had when it started the child.
	value, err := procField(fmt.Sprintf("/proc/%d/status", pid), "VmHWM")
	if err != nil {
		return 0, err
	}
	kilobytes, err := strconv.ParseInt(strings.TrimSuffix(value, " kB"), 10, 64)
	return kilobytes << 10, err
}

// processor names the CPU.
func processor() string {
	name, err := procField("/proc/cpuinfo", "model name")
	if err != nil {
		return "a processor"
	}
	return name
}

// procField returns the value of the first line "name: value" of a file.
func procField(path, name string) (string, error) {
	file, err := os.Open(path) //nolint:gosec // A file below /proc.
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		key, value, found := strings.Cut(lines.Text(), ":")
		if found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value), nil
		}
	}
	return "", fmt.Errorf("%s has no %s", path, name)
}
