package main

import (
	"context"
	"time"
)

// watched is what a provider had used by the end of a command.
type watched struct {
	used time.Duration
	// peak is the most memory it had resident, in bytes.
	peak int64
}

// watch runs a command in a workspace with a provider of its own, as the CLI
// would start one, and tells what that had used in the end. Where the system
// does not tell, all is zero.
func watch(ctx context.Context, ground *ground, service *service, in *workspace, command []string) (watched, error) {
	provider, err := attach(ctx, ground.provider, append(userEnvironment(), service.environment()...))
	if err != nil {
		return watched{}, err
	}
	defer provider.end()
	if _, err := in.with(provider.reattach).terraform(ctx, command...); err != nil {
		return watched{}, err
	}
	used, err := cpuTime(provider.command.Process.Pid)
	if err != nil {
		return watched{}, ignoreElsewhere(err)
	}
	peak, err := peakMemory(provider.command.Process.Pid)
	return watched{used: used, peak: peak}, err
}
