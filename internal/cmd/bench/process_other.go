//go:build !linux

package main

import "time"

func cpuTime(int) (time.Duration, error) { return 0, errNotHere }

func peakMemory(int) (int64, error) { return 0, errNotHere }

func processor() string { return "a processor" }
