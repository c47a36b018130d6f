package main

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

func TestTraffic(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	call := func(action, code string, after time.Duration) trtcmock.Call {
		return trtcmock.Call{Action: action, Code: code, Time: noon.Add(after)}
	}
	seen := newTraffic([]trtcmock.Call{
		call(startAction, "", 0),
		call(startAction, "RequestLimitExceeded", time.Millisecond),
		call(startAction, "", 100*time.Millisecond),
		call(startAction, "FailedOperation.TaskExist", 200*time.Millisecond),
		call(describeAction, "", time.Second),
	})
	if got := seen.rate(startAction); got != 10 {
		t.Errorf("rate = %v, want 10: 3 requests in 0.2 s", got)
	}
	if got := seen.rate(describeAction); got != 0 {
		t.Errorf("rate of one request = %v", got)
	}
	if seen.refused != 1 {
		t.Errorf("refused = %d, want 1", seen.refused)
	}
	if got := seen.beyond(map[string]float64{startAction: 1, describeAction: 1}, 1); got != 2 {
		t.Errorf("beyond the fewest = %v, want the 2 further starts", got)
	}
}
