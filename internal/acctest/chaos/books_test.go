package chaos

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// books say of every task that is in no state why it may run.
type books struct {
	// announced tasks were started by a call whose answer was lost, and the
	// error said so. foreign ones were started by somebody else.
	announced, foreign map[string]bool
	// unsure tasks may differ from their state: an update of theirs failed half
	// way. adopted ones always may: they were imported, or two states hold them.
	unsure, adopted map[string]bool
}

func newBooks() books {
	return books{announced: map[string]bool{}, foreign: map[string]bool{}, unsure: map[string]bool{}, adopted: map[string]bool{}}
}

// audit balances the books after an operation: before is what the states held.
func (u *universe) audit(r *rapid.T, op operation, before []string) {
	calls := u.mock.Journal()
	u.auditStarts(r, op, calls)
	u.auditDrops(r, op, before, calls)
	u.auditOrphans(r, op)
	u.noteUpdates(op, calls)
}

// auditStarts checks the first two promises: one start for one create, and a
// TaskId that was seen is in the state.
func (u *universe) auditStarts(r *rapid.T, op operation, calls []trtcmock.Call) {
	starts := callsOf(calls, acctest.Start)
	ran := 0
	for number, start := range starts {
		if number < len(starts)-1 && !repeatable(starts[:number+1]) {
			u.violated(r, doubleStarts, "%s: the start was sent again after %s", op.name, told(starts))
		}
		if !start.Ran {
			continue
		}
		ran++
		switch {
		case slices.Contains(u.holdings(), start.TaskID):
		case len(op.said.Mentioning(lostStart)) > 0:
			u.tally.add(outcomeGroup, "lost starts that ran", 1)
			u.books.announced[start.TaskID] = true
		default:
			u.violated(r, orphans, "%s started %s, which is in no state, and said %s", op.name, start.TaskID, op.said)
		}
		if answered(start) && !op.hasty && !slices.Contains(u.holdings(), start.TaskID) {
			u.violated(r, orphans, "%s was told of %s, which is in no state", op.name, start.TaskID)
		}
	}
	if ran > 1 {
		u.violated(r, doubleStarts, "%s started %d tasks: %s", op.name, ran, told(starts))
	}
}

// repeatable tells whether a start may be sent again after these: the last did
// not run for sure, or the service asked for it.
func repeatable(starts []trtcmock.Call) bool {
	last := starts[len(starts)-1]
	if unreadable(last) {
		return false
	}
	family, _, _ := strings.Cut(last.Code, ".")
	switch {
	case family == "RequestLimitExceeded", family == "InternalError", last.Code == "ResourceInsufficient.RequestRejection":
		return true
	case last.Code == "FailedOperation.TaskExist":
		return !slices.ContainsFunc(starts, func(start trtcmock.Call) bool { return strings.HasPrefix(start.Code, "InternalError") })
	default:
		return false
	}
}

// unreadable tells whether the caller got no answer, or one that says nothing.
func unreadable(call trtcmock.Call) bool {
	return call.Fault != "" && call.Fault != trtcmock.FaultCode && call.Fault != trtcmock.FaultCodeAfter
}

// answered tells whether the caller got to see the answer.
func answered(call trtcmock.Call) bool { return call.Code == "" && call.Fault == "" }

// auditDrops checks that nothing left a state but what has ended.
func (u *universe) auditDrops(r *rapid.T, op operation, before []string, calls []trtcmock.Call) {
	for number, id := range before {
		if id == "" || u.slots[number].holding() == id {
			continue
		}
		if u.runs(id) {
			u.violated(r, drops, "%s dropped %s, which runs, and said %s", op.name, id, op.said)
		}
		seen := 0
		for _, call := range callsOf(calls, acctest.Describe) {
			if call.TaskID == id && call.Ran && answered(call) {
				seen++
			}
		}
		stopped := len(callsOf(calls, acctest.Stop)) > 0
		if (stopped && seen < 1) || (!stopped && seen < 2) {
			u.violated(r, drops, "%s dropped %s after %d looks", op.name, id, seen)
		}
	}
}

// auditOrphans checks that every running task is accounted for.
func (u *universe) auditOrphans(r *rapid.T, op operation) {
	held := u.holdings()
	for _, task := range u.mock.Alive() {
		if !slices.Contains(held, task.ID) && !u.books.announced[task.ID] && !u.books.foreign[task.ID] {
			u.violated(r, orphans, "after %s %s runs and is in no state", op.name, task.ID)
		}
	}
	for _, id := range held {
		if id != "" && !slices.ContainsFunc(u.mock.Tasks(), func(task trtcmock.Task) bool { return task.ID == id }) {
			u.violated(r, badWords, "after %s a state holds %s, which never was", op.name, id)
		}
	}
}

// noteUpdates keeps the record of tasks that may differ from their state.
func (u *universe) noteUpdates(op operation, calls []trtcmock.Call) {
	for _, update := range callsOf(calls, acctest.Update) {
		if update.Ran {
			u.books.unsure[update.TaskID] = op.said.HasErrors()
		}
	}
}

// holdings are the TaskIds of the states, with nothing for an empty one.
func (u *universe) holdings() []string {
	held := make([]string, 0, len(u.slots))
	for _, slot := range u.slots {
		held = append(held, slot.holding())
	}
	return held
}

func (u *universe) runs(id string) bool {
	return slices.ContainsFunc(u.mock.Alive(), func(task trtcmock.Task) bool { return task.ID == id })
}

func callsOf(calls []trtcmock.Call, action string) []trtcmock.Call {
	return slices.DeleteFunc(slices.Clone(calls), func(call trtcmock.Call) bool { return call.Action != action })
}

// told lists calls for a failing test.
func told(calls []trtcmock.Call) string {
	texts := make([]string, 0, len(calls))
	for _, call := range calls {
		texts = append(texts, strings.Join([]string{call.Action, call.Fault, call.Code, call.TaskID}, " "))
	}
	return strings.Join(texts, "; ")
}

// violated fails the test for a broken promise.
func (u *universe) violated(r *rapid.T, promise, format string, arguments ...any) {
	u.tally.breaks(promise)
	r.Fatalf(promise+": "+format, arguments...)
}
