package main

import (
	"errors"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

func TestInTurns(t *testing.T) {
	t.Parallel()
	order := ""
	of := func(name string, used usage) func() (usage, error) {
		return func() (usage, error) {
			order += name
			return used, nil
		}
	}
	measured, err := inTurns(2,
		of("a", usage{took: 2 * time.Second, cpu: time.Second, peak: 5e6}), nil, of("b", usage{took: time.Second}))
	if err != nil || order != "abab" {
		t.Errorf("order = %q, %v", order, err)
	}
	if got := measured[0]; got.took.median() != 2000 || got.cpu.median() != 1000 || got.peak.median() != 5 || len(got.took) != 2 {
		t.Errorf("costs = %+v, want 2 samples in ms and MB", got)
	}
	if len(measured[1].took) != 0 {
		t.Errorf("samples of what cannot be measured: %+v", measured[1])
	}
	failed := errors.New("failed")
	if _, err := inTurns(2, func() (usage, error) { return usage{}, failed }); !errors.Is(err, failed) {
		t.Errorf("error = %v", err)
	}
}

func TestGrowth(t *testing.T) {
	t.Parallel()
	figures := command{name: "Plan", memory: atMost(6)}.growth([]int{100, 1000, 3000}, []usage{
		{took: time.Second, cpu: time.Second, peak: 20e6},
		{took: 2 * time.Second, cpu: 3 * time.Second, peak: 30e6},
		{took: 6 * time.Second, cpu: 4 * time.Second, peak: 50e6},
	})
	want := []figure{
		{"Plan: time for each resource", "2 ms", "–", "1000 at 100, 2000 at 1000, 6000 at 3000"},
		{"Plan: CPU time of the provider for each resource", "0.5 ms", "–", "1000 at 100, 3000 at 1000, 4000 at 3000"},
		{"Plan: memory of the provider for each resource", "10 kB", "≤ 6, not met", "20000 at 100, 30000 at 1000, 50000 at 3000"},
		{"Plan: peak memory of the provider", "50 MB", "≤ 130, met", "at 3000 resources"},
	}
	for i, got := range figures {
		if got != want[i] {
			t.Errorf("%+v, want %+v", got, want[i])
		}
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	call := func(action, code string, after time.Duration) trtcmock.Call {
		return trtcmock.Call{Action: action, Code: code, Time: noon.Add(after)}
	}
	starting := command{name: "Apply", action: "StartStreamIngest"}
	with := scenario{name: "two runs", goal: atLeast(0.9)}
	got := starting.rate([]trtcmock.Call{
		call("StartStreamIngest", "", 0),
		call("StartStreamIngest", "RequestLimitExceeded", time.Millisecond),
		call("StartStreamIngest", "", 100*time.Millisecond),
		call("StartStreamIngest", "FailedOperation.TaskExist", 200*time.Millisecond),
		call("DescribeStreamIngest", "", time.Second),
		call("DescribeStreamIngest", "RequestLimitExceeded.Region", time.Second),
	}, 20, with)
	want := figure{"Apply, two runs: calls per second, of the limit", "0.5 ×", "≥ 0.9, not met", "10.0 of 20/s; 2 of all 6 calls refused and sent again"}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := starting.rate([]trtcmock.Call{call("StartStreamIngest", "", 0)}, 20, with); got.value != "–" {
		t.Errorf("rate of one call = %s", got.value)
	}
}
