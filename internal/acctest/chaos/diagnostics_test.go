package chaos

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// lostStart is in the error that announces a possible orphan.
const lostStart = "no response was received"

// auditDiagnostics checks the diagnostics of an operation: at most one error, or
// one for each earlier start in the start journal, no bug
// of the provider, and complete texts.
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
			sim.harness.count(outcomeGroup, "lost starts", 1)
			sim.auditLostStart(r, op, one, calls)
		case strings.Contains(one.Detail, " answered: "):
			sim.auditRefusal(r, op, one)
		default:
			sim.harness.count(outcomeGroup, "error: "+one.Summary, 1)
		}
		if !op.shortTimeout && !sim.hasFaults(calls) && !expectedWithoutFault(one) {
			sim.violated(r, badDiagnostics, "%s failed for no reason: %s; calls %s", op.name, one, formatCalls(calls))
		}
	}
}

// auditLostStart checks that the error contains what the user needs to find the
// task, and that there is a start that may have run.
func (sim *simulation) auditLostStart(r *rapid.T, op operation, one tfcore.Diagnostic, calls []trtcmock.Call) {
	values := op.slot.config.values()
	for _, text := range []string{
		fmt.Sprint(acctest.SdkAppID), "room " + fmt.Sprint(values["room_id"]), "user " + fmt.Sprint(values["user_id"]),
		"billed", "terraform import", "callback",
	} {
		if !strings.Contains(one.Detail, text) {
			sim.violated(r, badDiagnostics, "%s does not mention %q", one, text)
		}
	}
	if !sim.hasTime(one.Detail, op.began) {
		sim.violated(r, badDiagnostics, "%s has no time", one)
	}
	for _, start := range callsOf(calls, acctest.Start) {
		if responseLost(start) || leavesOpen(start.Code) {
			return
		}
	}
	if !op.shortTimeout {
		sim.violated(r, badDiagnostics, "%s: a false alarm; calls %s", one, formatCalls(calls))
	}
}

// hasTime reports whether a text has a time between the operation's start and end.
func (sim *simulation) hasTime(detail string, began time.Time) bool {
	for _, word := range strings.FieldsFunc(detail, func(char rune) bool { return strings.ContainsRune(" ,\n", char) }) {
		at, err := time.Parse(time.RFC3339, word)
		if err == nil && !at.Before(began.Truncate(time.Second)) && !at.After(sim.clock.Now()) {
			return true
		}
	}
	return false
}

// auditRefusal checks an error that quotes a code.
func (sim *simulation) auditRefusal(r *rapid.T, op operation, one tfcore.Diagnostic) {
	sim.harness.count(outcomeGroup, "refusals", 1)
	if !strings.Contains(one.Detail, "\nCode: ") || !strings.Contains(one.Detail, "\nRequestId: ") {
		sim.violated(r, badDiagnostics, "%s: without code or RequestId: %s", op.name, one)
	}
	if strings.Contains(one.Detail, "FailedOperation.TaskExist") {
		sim.harness.count(outcomeGroup, "refusals: TaskExist", 1)
		if !strings.Contains(one.Detail, "import it") {
			sim.violated(r, badDiagnostics, "%s: TaskExist without advice: %s", op.name, one)
		}
	}
}

// hasFaults reports whether a fault of the script has hit a call.
func (sim *simulation) hasFaults(calls []trtcmock.Call) bool {
	for _, call := range calls {
		if call.Fault != "" {
			return true
		}
	}
	return len(sim.script.hitCounts()) > 0
}

// expectedWithoutFault reports whether an error can occur without a fault: two blocks have one room and
// user, an imported task has ended or is in another region, a task lingers beyond its timeout, a stopped
// task lingers and cannot be updated, stream_url was removed, or the start journal
// has an earlier start.
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
