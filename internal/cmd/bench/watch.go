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

// watch runs commands in a new workspace, with one provider for all of them,
// and tells what it had used after each. Where the system does not tell, all
// are zero.
func watch(ctx context.Context, ground *ground, service *service, configuration string, commands ...[]string) ([]watched, error) {
	provider, err := attach(ctx, ground.provider, append(userEnvironment(), service.environment()...))
	if err != nil {
		return nil, err
	}
	defer provider.end()
	w, err := ground.workspace(ctx, configuration, append(service.environment(), provider.reattach)...)
	if err != nil {
		return nil, err
	}
	var all []watched
	for _, command := range commands {
		if _, err := w.terraform(ctx, command...); err != nil {
			return nil, err
		}
		seen, err := provider.usage()
		if err != nil {
			return nil, err
		}
		all = append(all, seen)
	}
	return all, nil
}

func (a *attached) usage() (watched, error) {
	used, err := cpuTime(a.command.Process.Pid)
	if err != nil {
		return watched{}, ignoreElsewhere(err)
	}
	peak, err := peakMemory(a.command.Process.Pid)
	return watched{used: used, peak: peak}, err
}
