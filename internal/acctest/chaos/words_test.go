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

// lostStart is what the error says that announces a possible orphan.
const lostStart = "answer was lost"

// auditWords checks what an operation said: at most one error, none that blames
// the provider, and each one complete.
func (u *universe) auditWords(r *rapid.T, op operation) {
	failed := op.said.Errors()
	if len(failed) > 1 {
		u.violated(r, badWords, "%s said several errors: %s", op.name, op.said)
	}
	calls := u.mock.Journal()
	for _, one := range failed {
		switch {
		case one.Bug, one.Summary == "Unexpected provider error", strings.Contains(one.Detail, "%!"):
			u.violated(r, badWords, "%s: %s", op.name, one)
		case strings.Contains(one.Summary, lostStart):
			u.tally.add(outcomeGroup, "lost starts", 1)
			u.auditLostStart(r, op, one, calls)
		case strings.Contains(one.Detail, " answered: "):
			u.auditRefusal(r, op, one)
		default:
			u.tally.add(outcomeGroup, "error: "+one.Summary, 1)
		}
		if !op.hasty && !u.troubled(calls) && !explicable(one) {
			u.violated(r, badWords, "%s failed for no reason: %s; calls %s", op.name, one, told(calls))
		}
	}
}

// auditLostStart checks that who reads the error can find the task, and that
// there is a start that it can be about.
func (u *universe) auditLostStart(r *rapid.T, op operation, one tfcore.Diagnostic, calls []trtcmock.Call) {
	values := op.slot.wish.values()
	for _, text := range []string{
		fmt.Sprint(acctest.SdkAppID), "room " + fmt.Sprint(values["room_id"]), "user " + fmt.Sprint(values["user_id"]),
		"billed", "terraform import", "callback",
	} {
		if !strings.Contains(one.Detail, text) {
			u.violated(r, badWords, "%s does not mention %q", one, text)
		}
	}
	if !u.tellsTime(one.Detail, op.began) {
		u.violated(r, badWords, "%s does not tell when", one)
	}
	for _, start := range callsOf(calls, acctest.Start) {
		if unreadable(start) || leavesOpen(start.Code) {
			return
		}
	}
	if !op.hasty {
		u.violated(r, badWords, "%s: a false alarm; calls %s", one, told(calls))
	}
}

// tellsTime looks for a time between the operation's begin and its end.
func (u *universe) tellsTime(detail string, began time.Time) bool {
	for _, word := range strings.FieldsFunc(detail, func(char rune) bool { return strings.ContainsRune(" ,\n", char) }) {
		at, err := time.Parse(time.RFC3339, word)
		if err == nil && !at.Before(began.Truncate(time.Second)) && !at.After(u.clock.Now()) {
			return true
		}
	}
	return false
}

// auditRefusal checks an error that quotes a code.
func (u *universe) auditRefusal(r *rapid.T, op operation, one tfcore.Diagnostic) {
	u.tally.add(outcomeGroup, "refusals", 1)
	if !strings.Contains(one.Detail, "\nCode: ") || !strings.Contains(one.Detail, "\nRequestId: ") {
		u.violated(r, badWords, "%s: without code or RequestId: %s", op.name, one)
	}
	if strings.Contains(one.Detail, "FailedOperation.TaskExist") {
		u.tally.add(outcomeGroup, "refusals: TaskExist", 1)
		if !strings.Contains(one.Detail, "import it") {
			u.violated(r, badWords, "%s: TaskExist without a way out: %s", op.name, one)
		}
	}
}

// troubled tells whether anything of the script has struck.
func (u *universe) troubled(calls []trtcmock.Call) bool {
	for _, call := range calls {
		if call.Fault != "" {
			return true
		}
	}
	return len(u.script.taken()) > 0
}

// explicable tells the errors that need no fault: two blocks want one place, a
// task that is imported has ended, one lingers for longer than its timeout, one
// that was stopped lingers and cannot be updated, or one would lose its stream.
func explicable(one tfcore.Diagnostic) bool {
	for _, text := range []string{
		"FailedOperation.TaskExist", "no such stream ingest to import", "still running", "stream ingest has ended", "cannot be taken away",
	} {
		if strings.Contains(one.Summary+one.Detail, text) {
			return true
		}
	}
	return false
}
