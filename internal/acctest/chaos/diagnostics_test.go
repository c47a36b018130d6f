package chaos

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// lostStart is in the error that announces a possible orphan.
const lostStart = "no response was received"

// auditDiagnostics checks the diagnostics of an operation: at most one error, or
// one for each earlier start in the start journal, no bug of the provider, and no
// error without a reason.
func (sim *simulation) auditDiagnostics(r *rapid.T, op operation) {
	failed := op.diags.Errors()
	if len(failed) > 1 && len(failed) > len(failed.Mentioning("A task of this stream")) {
		sim.violated(r, badDiagnostics, "%s has several errors: %s", op.name, op.diags)
	}
	calls := sim.mock.Journal()
	for _, one := range failed {
		switch {
		case one.Bug, strings.Contains(one.Detail, "Report this to the provider"), strings.Contains(one.Detail, "%!"):
			sim.violated(r, badDiagnostics, "%s: %s", op.name, one)
		case strings.Contains(one.Summary, lostStart):
			sim.harness.count("outcome: lost starts", 1)
			sim.auditLostStart(r, op, one, calls)
		default:
			sim.harness.count("error: "+one.Summary, 1)
		}
		if !op.shortTimeout && !sim.hasFaults(calls) && !expectedWithoutFault(one) {
			sim.violated(r, badDiagnostics, "%s failed for no reason: %s; calls %s", op.name, one, formatCalls(calls))
		}
	}
}

// auditLostStart checks that there is a start that may have run.
func (sim *simulation) auditLostStart(r *rapid.T, op operation, one tfcore.Diagnostic, calls []trtcmock.Call) {
	mayHaveRun := func(start trtcmock.Call) bool { return responseLost(start) || leavesOpen(start.Code) }
	if !op.shortTimeout && !slices.ContainsFunc(callsOf(calls, acctest.Start), mayHaveRun) {
		sim.violated(r, badDiagnostics, "%s: a false alarm; calls %s", one, formatCalls(calls))
	}
}

// hasFaults reports whether a fault of the script has hit a call.
func (sim *simulation) hasFaults(calls []trtcmock.Call) bool {
	return len(sim.script.hitCounts()) > 0 || slices.ContainsFunc(calls, func(call trtcmock.Call) bool { return call.Fault != "" })
}

// expectedWithoutFault reports whether an error can occur without a fault: two blocks
// have one room and user, an imported task has ended or is in another region, a task
// lingers beyond its timeout, a stopped task lingers and cannot be updated, stream_url
// was removed, or the start journal has an earlier start.
func expectedWithoutFault(one tfcore.Diagnostic) bool {
	for _, text := range []string{
		"FailedOperation.TaskExist", "stream ingest to import does not exist", "still running", "stream ingest has ended", "cannot be removed",
		"imported task differs from the configuration", "A task of this stream is already running", "A task of this stream may be running",
	} {
		if strings.Contains(one.Summary+one.Detail, text) {
			return true
		}
	}
	return false
}
