package conformance

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The probes see a service that is slow to show or to end a task.
func TestTaskProbesSeeDelays(t *testing.T) {
	t.Parallel()
	for delay, want := range map[time.Duration]string{
		0: "within 1 s", 3 * time.Second: "within 4 s", 10 * time.Second: "within 15 s", 20 * time.Second: "not within 15 s",
	} {
		t.Run(delay.String(), func(t *testing.T) {
			t.Parallel()
			for id, change := range map[int]func(*trtcmock.Options){
				31: func(o *trtcmock.Options) { o.StartDelay = delay },
				35: func(o *trtcmock.Options) { o.Linger = delay },
			} {
				e := newEnvironment(t, false, nil, change)
				outcomes, run := e.run(t, id)
				for name, got := range outcomes[id].Observed {
					if got != want {
						t.Errorf("%s %q, want %q", name, got, want)
					}
				}
				if len(outcomes[id].Observed) == 0 {
					t.Errorf("probe %d: %s", id, outcomes[id].Reason)
				}
				if alive := e.mock.Alive(); run.Uncertain() || len(alive) > 0 {
					t.Errorf("probe %d: %d tasks are running", id, len(alive))
				}
			}
		})
	}
}

// A service whose tasks belong to their region.
func TestTaskProbesSeeRegions(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil, func(o *trtcmock.Options) { o.RegionBound = true })
	outcomes, run := e.run(t, 33)
	want := Observation{"describe": notExist, "update": "FailedOperation.TaskNotExist", "stop": "FailedOperation.TaskFinished"}
	if got := outcomes[33]; got.Verdict != Different || !got.Observed.Agrees(want) {
		t.Errorf("%+v, want %v", got, want)
	}
	if run.Uncertain() || len(e.mock.Alive()) > 0 {
		t.Error("a task is running")
	}
}
