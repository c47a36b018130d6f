package conformance

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestTaskProbes_OtherServices checks that the probes see how a service differs.
func TestTaskProbes_OtherServices(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		id     int
		change trtcmock.Options
		want   Observation
	}{
		"visible after 3 s":     {31, trtcmock.Options{StartDelay: 3 * time.Second}, Observation{"visible": "within 4 s"}},
		"visible after 4 s":     {31, trtcmock.Options{StartDelay: 4 * time.Second}, Observation{"visible": "within 15 s"}},
		"visible after 20 s":    {31, trtcmock.Options{StartDelay: 20 * time.Second}, Observation{"visible": "not within 15 s"}},
		"gone after 3 s":        {35, trtcmock.Options{Linger: 3 * time.Second}, Observation{"gone": "within 4 s", "free": "within 4 s"}},
		"gone after 10 s":       {35, trtcmock.Options{Linger: 10 * time.Second}, Observation{"gone": "within 15 s", "free": "within 15 s"}},
		"gone after 20 s":       {35, trtcmock.Options{Linger: 20 * time.Second}, Observation{"gone": "not within 15 s", "free": "not within 15 s"}},
		"tasks of their region": {33, trtcmock.Options{RegionBound: true}, Observation{"describe": notExist, "update": taskNotExist, "stop": taskFinished}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnvironment(t, false, nil, func(o *trtcmock.Options) {
				o.Quota, o.StartDelay, o.Linger, o.RegionBound = 0, test.change.StartDelay, test.change.Linger, test.change.RegionBound
			})
			outcomes, run := e.run(t, test.id)
			if got := outcomes[test.id]; !maps.Equal(got.Observed, test.want) {
				t.Errorf("observed %v, want %v %s", got.Observed, test.want, got.Reason)
			}
			if alive := e.mock.Alive(); run.Uncertain() || len(alive) > 0 {
				t.Errorf("%d tasks are running", len(alive))
			}
		})
	}
}

// TestTaskProbes_EndedEarly checks that the probe sees a service that ends a task whose URL cannot be played.
func TestTaskProbes_EndedEarly(t *testing.T) {
	t.Parallel()
	var e *environment
	e = newEnvironment(t, false, func(inner http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, task := range e.mock.Alive() {
				if strings.HasPrefix(task.StreamURL, "https://example.com") && e.clock.Now().Sub(task.StartedAt) > 30*time.Second {
					e.mock.Finish(task.ID)
				}
			}
			inner.ServeHTTP(w, r)
		})
	})
	outcomes, _ := e.run(t, 46)
	want := Observation{
		"stream after 10 s": inProgress, "stream after 60 s": inProgress, "404 after 10 s": inProgress, "404 after 60 s": notExist,
		"web page after 10 s": inProgress, "web page after 60 s": notExist,
	}
	if got := outcomes[46]; got.Verdict != Different || !maps.Equal(got.Observed, want) {
		t.Errorf("%s %v, want %v", got.Verdict, got.Observed, want)
	}
}
