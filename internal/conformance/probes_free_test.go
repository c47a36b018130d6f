package conformance

import (
	"net/http"
	"testing"
)

// A probe of tier 0 sees what one different answer changes, and nothing else.
func TestFreeProbesAreSeparate(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, func(inner http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-TC-RequestClient") == "SDK_NODEJS:4.0" {
				w.WriteHeader(http.StatusTeapot)
				return
			}
			inner.ServeHTTP(w, r)
		})
	})
	outcomes, _ := e.run(t, 3, 4, 5)
	want := Observation{"colon": noEnvelope, "slash": "InvalidParameter"}
	if got := outcomes[4]; got.Verdict != Different || !got.Observed.Agrees(want) || len(got.Observed) != 2 {
		t.Errorf("probe 4: %s %v, want %v", got.Verdict, got.Observed, want)
	}
	for _, id := range []int{3, 5} {
		if outcomes[id].Verdict != Equal {
			t.Errorf("probe %d: %+v", id, outcomes[id])
		}
	}
}

func TestFreeProbes_ForeignApplication(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
	e.run(t, 18, 19, 20)
	for _, call := range e.mock.Journal() {
		if call.SdkAppID != foreignApp || call.TaskID == "" {
			t.Errorf("a call names application %d and task %q", call.SdkAppID, call.TaskID)
		}
	}
}
