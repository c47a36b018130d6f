package conformance

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestStart_Lost checks that nothing more is started after a Start without a clear
// response.
func TestStart_Lost(t *testing.T) {
	t.Parallel()
	for _, fault := range []trtcmock.Fault{
		{Kind: trtcmock.FaultDropAfter},
		{Kind: trtcmock.FaultHTML502After},
		{Kind: trtcmock.FaultTruncate},
		{Kind: trtcmock.FaultEmptyObject},
		{Kind: trtcmock.FaultCodeAfter, Code: "InternalError.HttpParseFailed"},
	} {
		t.Run(fault.Kind, func(t *testing.T) {
			t.Parallel()
			e := newEnvironment(t, false, nil)
			fault.Action = actionStart
			if err := e.mock.Inject(fault); err != nil {
				t.Fatal(err)
			}
			outcomes, run := e.run(t, 31, 32, 33)
			if !run.Uncertain() || !errors.Is(run.fatal, errLostStart) {
				t.Errorf("the run is certain: %v", run.fatal)
			}
			if calls := e.mock.Journal(); calls[len(calls)-1].Action != actionStart || outcomes[33].Reason != "not run" {
				t.Errorf("calls after the Start: %+v, outcomes %+v", calls, outcomes)
			}
			if len(e.notices) != 1 || !strings.Contains(e.notices[0], "tf-live-") {
				t.Errorf("notices %q", e.notices)
			}
		})
	}
}

// TestStart_NoJournal checks that nothing is started without a journal.
func TestStart_NoJournal(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
	dir := e.config.Journal.Dir()
	if err := errors.Join(os.RemoveAll(dir), os.WriteFile(dir, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	s := e.newSession(t)
	if started := s.running(t.Context()); started != nil || s.err == nil || len(e.mock.Journal()) > 0 {
		t.Errorf("started %v, %v", started, s.err)
	}
}

// TestStart_Rejected checks that a Start that was rejected leaves no record.
func TestStart_Rejected(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil)
	e.run(t, 25)
	e.expectNoRecord(t)
}

// TestStop_Rejected checks that a task that cannot be stopped makes the run uncertain,
// and that the next run stops it.
func TestStop_Rejected(t *testing.T) {
	t.Parallel()
	refuse := true
	e := newEnvironment(t, false, func(inner http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if refuse && r.Header.Get("X-TC-Action") == actionStop {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			inner.ServeHTTP(w, r)
		})
	})
	_, run := e.run(t, 32)
	if !run.Uncertain() || len(e.mock.Alive()) != 1 || len(e.notices) != 1 || !strings.Contains(e.notices[0], e.mock.Alive()[0].ID) {
		t.Fatalf("uncertain %v, %d tasks, notices %q", run.Uncertain(), len(e.mock.Alive()), e.notices)
	}
	// The owner is gone.
	for _, t := range run.tasks {
		_ = t.entry.Close()
	}
	refuse = false
	e.config.Journal = openJournal(t, e.config.Journal.Dir(), e.clock)
	next := e.newRun(t)
	if err := next.Recover(t.Context()); err != nil || next.Uncertain() || len(e.mock.Alive()) > 0 {
		t.Errorf("%v, %d tasks are running", err, len(e.mock.Alive()))
	}
	e.expectNoRecord(t)
}

// TestStop_LateTask checks that a task that appears late is stopped, even if the first
// Stop fails.
func TestStop_LateTask(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t, false, nil, func(o *trtcmock.Options) { o.StartDelay = 3 * time.Second })
	if err := e.mock.Inject(trtcmock.Fault{Action: actionStop, Kind: trtcmock.FaultCode, Code: "InternalError"}); err != nil {
		t.Fatal(err)
	}
	if _, run := e.run(t, 32); run.Uncertain() || len(e.mock.Alive()) > 0 {
		t.Errorf("%d tasks are running", len(e.mock.Alive()))
	}
}

// TestRecover_PendingStart checks that a Start whose response an earlier run did not
// receive is reported once, and counts as running until its MaxDuration has passed.
func TestRecover_PendingStart(t *testing.T) {
	t.Parallel()
	for _, passed := range []time.Duration{time.Minute, 3 * time.Minute} {
		e := newEnvironment(t, false, nil)
		s := e.newSession(t)
		entry, _, err := e.config.Journal.Begin(journalStart(e.config.Endpoint.Identity(), "ap-singapore", s.validStart()))
		if err != nil || entry.Close() != nil {
			t.Fatal(err)
		}
		e.clock.Advance(passed)
		for i := range 2 {
			e.config.Journal = openJournal(t, e.config.Journal.Dir(), e.clock)
			next := e.newRun(t)
			if err := next.Recover(t.Context()); err != nil {
				t.Fatal(err)
			}
			if want := i == 0 && passed < 2*time.Minute; next.Uncertain() != want || len(e.notices) != 1 {
				t.Errorf("run %d after %s: uncertain %v, notices %q", i, passed, next.Uncertain(), e.notices)
			}
		}
	}
}
