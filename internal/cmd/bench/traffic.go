package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// traffic is what the service saw of one command.
type traffic struct {
	// answered are the times of the requests that were not refused for the
	// rate, by action, in order.
	answered map[string][]time.Time
	// refused counts those that were.
	refused int
}

func newTraffic(calls []trtcmock.Call) traffic {
	seen := traffic{answered: map[string][]time.Time{}}
	for _, call := range calls {
		if strings.HasPrefix(call.Code, "RequestLimitExceeded") {
			seen.refused++
			continue
		}
		seen.answered[call.Action] = append(seen.answered[call.Action], call.Time)
	}
	return seen
}

// rate is how many requests of an action were answered per second, from the
// first to the last.
func (t traffic) rate(action string) float64 {
	times := t.answered[action]
	if len(times) < 2 {
		return 0
	}
	return float64(len(times)-1) / times[len(times)-1].Sub(times[0]).Seconds()
}

// beyond is how many more requests than these each task took, on average;
// refused ones apart.
func (t traffic) beyond(fewest map[string]float64, tasks int) float64 {
	extra := 0.0
	for action, times := range t.answered {
		extra += float64(len(times)) - fewest[action]*float64(tasks)
	}
	return extra / float64(tasks)
}

// perTask lists the requests of each action.
func (t traffic) perTask(tasks int) string {
	var parts []string
	for _, action := range slices.Sorted(maps.Keys(t.answered)) {
		name := strings.TrimSuffix(action, "StreamIngest")
		parts = append(parts, fmt.Sprintf("%.3g %s", float64(len(t.answered[action]))/float64(tasks), name))
	}
	return strings.Join(parts, ", ")
}
