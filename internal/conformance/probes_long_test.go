package conformance

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

func TestLongProbesSeeOtherServices(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		id     int
		change func(*trtcmock.Options)
		want   Observation
	}{
		{"shorter plays", 39, func(o *trtcmock.Options) { o.TaskDuration = 20 * time.Second }, Observation{"once": "earlier", "twice": "earlier", "paused": "earlier", "from 30 s": "earlier"}},
		{"endless plays", 39, func(o *trtcmock.Options) { o.TaskDuration = 0 }, Observation{"once": "later", "twice": "later", "paused": "later", "from 30 s": "later"}},
		{"10 calls a second", 43, func(o *trtcmock.Options) { o.RequestsPerSecond = 10 }, Observation{"accepted of 40": "under 20", "invalid call": "RequestLimitExceeded"}},
		{"30 calls a second", 43, func(o *trtcmock.Options) { o.RequestsPerSecond = 30 }, Observation{"accepted of 40": "21 to 39", "invalid call": "RequestLimitExceeded"}},
		{"no limit", 43, func(o *trtcmock.Options) { o.RequestsPerSecond = -1 }, Observation{"accepted of 40": "40", "invalid call": "InvalidParameter.SdkAppId"}},
		{"permission control", 42, func(o *trtcmock.Options) { o.PrivilegedApps = nil }, Observation{"required but absent": success}},
		{"stopped tasks count", 44, func(o *trtcmock.Options) { o.Linger = 5 * time.Second }, Observation{"after a Stop": "FailedOperation.RestrictedConcurrency"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := newEnvironment(t, false, nil, test.change)
			outcomes, run := e.run(t, test.id)
			got := outcomes[test.id]
			for name, value := range test.want {
				if got.Observed[name] != value {
					t.Errorf("%s: %q, want %q (%s)", name, got.Observed[name], value, got.Reason)
				}
			}
			if run.Uncertain() || len(e.mock.Alive()) > 0 {
				t.Error("a task is running")
			}
		})
	}
}

// Without a quota the probe stops at a bound and stops every task.
func TestQuotaIsBounded(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil, func(o *trtcmock.Options) { o.Quota = 0 })
	outcomes, _ := e.run(t, 44)
	if got := outcomes[44]; got.Verdict != Inconclusive || len(e.mock.Tasks()) != mostTasks || len(e.mock.Alive()) > 0 {
		t.Errorf("%+v; %d tasks, %d are running", got, len(e.mock.Tasks()), len(e.mock.Alive()))
	}
}
