package provider_test

import (
	"slices"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// lingering lets a stopped task exist for a time.
func lingering(duration time.Duration) func(*trtcmock.Options) {
	return func(options *trtcmock.Options) { options.Linger = duration }
}

// describes returns n reads.
func describes(n int) []string { return slices.Repeat([]string{acctest.Describe}, n) }

// gone is the state without the resource.
var gone = tfcore.Values{"task_id": nil}

// TestDeleteWaits checks that destroy ends when the service reports that the task is
// gone, and tolerates a fault for a while.
func TestDeleteWaits(t *testing.T) {
	t.Parallel()
	const unreadable = "FailedOperation.QueryTaskInfoFailed"
	refused := func(code string) []trtcmock.Fault { return []trtcmock.Fault{acctest.RejectNext(acctest.Stop, code)} }
	for name, one := range map[string]scenario{
		"at once": {calls: []string{acctest.Stop, acctest.Describe}},
		// Read after 0, 1, 3, 7 and 12 seconds.
		"some seconds":       {service: lingering(9 * time.Second), calls: append([]string{acctest.Stop}, describes(5)...)},
		"task has finished":  {happens: (*acctest.World).FinishAll, faults: refused("FailedOperation.TaskFinished"), calls: []string{acctest.Stop + ":FailedOperation.TaskFinished", acctest.Describe}},
		"task is not known":  {happens: (*acctest.World).FinishAll, faults: refused("FailedOperation.TaskNotExist"), calls: []string{acctest.Stop + ":FailedOperation.TaskNotExist", acctest.Describe}},
		"stop fails once":    {faults: refused("InternalError"), calls: []string{acctest.Stop + ":InternalError", acctest.Stop, acctest.Describe}},
		"status fails once":  {faults: []trtcmock.Fault{acctest.RejectNext(acctest.Describe, unreadable)}, calls: []string{acctest.Stop, acctest.Describe + ":" + unreadable, acctest.Describe}},
		"no write-only user": {before: tfcore.Values{"user_sig": nil, "user_sig_wo": "a-ticket"}, service: anyTicket, calls: []string{acctest.Stop, acctest.Describe}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one.begin, one.command, one.state = created, remove, gone
			world, _, _ := one.run(t)
			world.ExpectRunning(t, 0)
		})
	}
}

// TestDeleteFails checks that the task stays in state as long as the service does not
// report that the task is gone.
func TestDeleteFails(t *testing.T) {
	t.Parallel()
	const unreadable = "FailedOperation.QueryTaskInfoFailed"
	soon := tfcore.Values{"timeouts": tfcore.Values{"delete": "1s"}}
	runScenarios(t, map[string]scenario{
		"stop refused": {
			begin: created, faults: []trtcmock.Fault{acctest.RejectAll(acctest.Stop, "UnauthorizedOperation")}, command: remove,
			fails: []string{"UnauthorizedOperation"}, calls: []string{acctest.Stop + ":UnauthorizedOperation"},
		},
		"status refused": {
			begin: created, faults: []trtcmock.Fault{acctest.RejectAll(acctest.Describe, "AuthFailure.TokenFailure")}, command: remove,
			fails: []string{"AuthFailure.TokenFailure"}, calls: []string{acctest.Stop, acctest.Describe + ":AuthFailure.TokenFailure"},
		},
		"status never readable": {
			begin: created, faults: []trtcmock.Fault{acctest.RejectAll(acctest.Describe, unreadable)}, command: remove,
			fails: []string{"still running", "timeouts.delete"}, took: 2 * time.Minute,
		},
		"connections break": {
			begin: created, faults: []trtcmock.Fault{{Action: acctest.Describe, Kind: trtcmock.FaultDropBefore, Times: -1}}, command: remove,
			fails: []string{"Unexpected response"},
		},
		"no time for the status": {
			before: soon, begin: created, faults: []trtcmock.Fault{acctest.RejectAll(acctest.Describe, throttled)}, command: remove,
			fails: []string{"still running", "has not confirmed that the task is gone", throttled, "raise timeouts.delete"},
		},
	})
}

// TestDeleteTimesOut checks that a task that does not end stays in state, and that
// the next destroy continues.
func TestDeleteTimesOut(t *testing.T) {
	t.Parallel()
	world, session, _ := scenario{
		service: lingering(time.Hour), before: tfcore.Values{"timeouts": tfcore.Values{"delete": "20s"}}, begin: created, command: remove,
		fails: []string{"still running", "timeouts.delete"}, took: 20 * time.Second,
	}.run(t)
	world.Clock.Advance(time.Hour)
	_, diags := remove(t.Context(), session, nil)
	acctest.ExpectSilence(t, diags)
	acctest.ExpectState(t, session, nil)
}
