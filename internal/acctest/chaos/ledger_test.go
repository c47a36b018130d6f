package chaos

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// ledger has the reasons why a task that is in no state may run.
type ledger struct {
	// announced tasks were started by a call whose response was lost, as an error
	// announced. foreign tasks were started outside of Terraform.
	announced, foreign map[string]bool
	// killed tasks were started by a provider that was killed, and the next run has
	// not announced the task yet. recorded tasks were announced with their TaskId:
	// the provider must not start their stream while they run.
	killed, recorded map[string]bool
	// received tasks are killed tasks whose TaskId the provider has received.
	received map[string]bool
	// updated tasks may differ from their state, because an update ran and then
	// failed. adopted tasks may differ because they were imported or are in two
	// states.
	updated, adopted map[string]bool
}

func newLedger() ledger {
	return ledger{received: map[string]bool{}, killed: map[string]bool{}, recorded: map[string]bool{}, announced: map[string]bool{}, foreign: map[string]bool{}, updated: map[string]bool{}, adopted: map[string]bool{}}
}

// audit checks the ledger after an operation. before has the TaskIds before the
// operation.
func (sim *simulation) audit(r *rapid.T, op operation, before []string) {
	calls := sim.mock.Journal()
	sim.auditStarts(r, op, calls)
	sim.auditDrops(r, op, before, calls)
	sim.auditOrphans(r, op)
	sim.noteUpdates(op, calls)
}

// auditStarts checks that a create starts one task, and that a TaskId that the
// provider received is in the state.
func (sim *simulation) auditStarts(r *rapid.T, op operation, calls []trtcmock.Call) {
	starts := callsOf(calls, acctest.Start)
	sim.auditSecondStarts(r, op, starts)
	ran := 0
	for number, start := range starts {
		if number < len(starts)-1 && !retryable(starts[:number+1]) {
			sim.violated(r, doubleStarts, "%s: the start was retried after %s", op.name, formatCalls(starts))
		}
		if !start.Ran {
			continue
		}
		ran++
		switch {
		case slices.Contains(sim.taskIDs(), start.TaskID):
		case op.unreported():
			sim.harness.count("outcome: kills that left a task", 1)
			sim.ledger.killed[start.TaskID] = true
			sim.ledger.received[start.TaskID] = !op.killed && responseReceived(start) && !op.shortTimeout
		case len(op.diags.Mentioning(lostStart)) > 0:
			sim.harness.count("outcome: lost starts that ran", 1)
			sim.ledger.announced[start.TaskID] = true
		default:
			sim.violated(r, orphans, "%s started %s, which is in no state; diagnostics %s", op.name, start.TaskID, op.diags)
		}
		if responseReceived(start) && !op.shortTimeout && !op.unreported() && !slices.Contains(sim.taskIDs(), start.TaskID) {
			sim.violated(r, orphans, "%s received %s, which is in no state", op.name, start.TaskID)
		}
	}
	if ran > 1 {
		sim.violated(r, doubleStarts, "%s started %d tasks: %s", op.name, ran, formatCalls(starts))
	}
}

// auditSecondStarts checks that no start is sent for a stream whose task runs and
// is recorded.
func (sim *simulation) auditSecondStarts(r *rapid.T, op operation, starts []trtcmock.Call) {
	if len(starts) == 0 || op.slot.config == nil {
		return
	}
	for _, task := range sim.mock.Alive() {
		key := roomAndUser(task.RoomID, int64(task.RoomIDType), task.UserID)
		if sim.ledger.recorded[task.ID] && cmp.Equal(key, op.slot.config.parts[roomPart]) {
			sim.violated(r, doubleStarts, "%s sent a start although %s is recorded and runs", op.name, task.ID)
		}
	}
}

// auditReports checks that the run after a kill announces each task that is in no
// state: with its TaskId, or with its room and user.
func (sim *simulation) auditReports(r *rapid.T, reported tfcore.Diagnostics) {
	for _, task := range sim.mock.Tasks() {
		if !sim.ledger.killed[task.ID] {
			continue
		}
		stream := fmt.Sprintf("TaskId unknown, in room %s of application %d as user %s", task.RoomID, task.SdkAppID, task.UserID)
		switch {
		case len(reported.Mentioning("task "+task.ID)) > 0:
			sim.ledger.recorded[task.ID] = true
		case sim.ledger.received[task.ID], len(reported.Mentioning(stream)) == 0:
			sim.violated(r, orphans, "the run after a kill does not announce %s: %s", task.ID, reported)
		}
		delete(sim.ledger.killed, task.ID)
		sim.ledger.announced[task.ID] = true
	}
}

// retryable reports whether the provider is allowed to retry after these starts: the
// last start certainly did not run, or the service asks for a retry.
func retryable(starts []trtcmock.Call) bool {
	last := starts[len(starts)-1]
	if responseLost(last) {
		return false
	}
	family, _, _ := strings.Cut(last.Code, ".")
	switch {
	case family == "RequestLimitExceeded", family == "InternalError", last.Code == "ResourceInsufficient.RequestRejection", last.Code == "LimitExceeded.RateLimitExceeded":
		return true
	case last.Code == "FailedOperation.TaskExist":
		return !slices.ContainsFunc(starts, func(start trtcmock.Call) bool { return strings.HasPrefix(start.Code, "InternalError") })
	default:
		return false
	}
}

// responseLost reports whether the caller received no response or an unreadable
// response.
func responseLost(call trtcmock.Call) bool {
	return call.Fault != "" && call.Fault != trtcmock.FaultCode && call.Fault != trtcmock.FaultCodeAfter
}

// responseReceived reports whether the caller received a successful response.
func responseReceived(call trtcmock.Call) bool { return call.Code == "" && call.Fault == "" }

// auditDrops checks that only ended tasks leave a state.
func (sim *simulation) auditDrops(r *rapid.T, op operation, before []string, calls []trtcmock.Call) {
	for number, id := range before {
		if id == "" || sim.slots[number].taskID() == id {
			continue
		}
		if sim.runs(id) {
			sim.violated(r, drops, "%s dropped %s, which runs; diagnostics %s", op.name, id, op.diags)
		}
		reads := 0
		for _, call := range callsOf(calls, acctest.Describe) {
			if call.TaskID == id && call.Ran && responseReceived(call) {
				reads++
			}
		}
		stopped := len(callsOf(calls, acctest.Stop)) > 0
		if (stopped && reads < 1) || (!stopped && reads < 2) {
			sim.violated(r, drops, "%s dropped %s after %d reads", op.name, id, reads)
		}
	}
}

// auditOrphans checks that every running task is in a state or in the ledger.
func (sim *simulation) auditOrphans(r *rapid.T, op operation) {
	inState := sim.taskIDs()
	for _, task := range sim.mock.Alive() {
		if !slices.Contains(inState, task.ID) && !sim.ledger.announced[task.ID] && !sim.ledger.killed[task.ID] && !sim.ledger.foreign[task.ID] {
			sim.violated(r, orphans, "after %s %s runs and is in no state", op.name, task.ID)
		}
	}
	for _, id := range inState {
		if id != "" && !slices.ContainsFunc(sim.mock.Tasks(), func(task trtcmock.Task) bool { return task.ID == id }) {
			sim.violated(r, badDiagnostics, "after %s a state has %s, which never existed", op.name, id)
		}
	}
}

// noteUpdates records the tasks that may differ from their state.
func (sim *simulation) noteUpdates(op operation, calls []trtcmock.Call) {
	for _, update := range callsOf(calls, acctest.Update) {
		if update.Ran {
			sim.ledger.updated[update.TaskID] = op.diags.HasErrors() || op.unreported() || len(op.diags.Mentioning("not paused")) > 0
		}
	}
}

// taskIDs returns the TaskId in each state, or an empty string for a state without
// an object.
func (sim *simulation) taskIDs() []string {
	ids := make([]string, 0, len(sim.slots))
	for _, slot := range sim.slots {
		ids = append(ids, slot.taskID())
	}
	return ids
}

func (sim *simulation) runs(id string) bool {
	return slices.ContainsFunc(sim.mock.Alive(), func(task trtcmock.Task) bool { return task.ID == id })
}

func callsOf(calls []trtcmock.Call, action string) []trtcmock.Call {
	return slices.DeleteFunc(slices.Clone(calls), func(call trtcmock.Call) bool { return call.Action != action })
}

// formatCalls returns calls as one line.
func formatCalls(calls []trtcmock.Call) string {
	texts := make([]string, 0, len(calls))
	for _, call := range calls {
		texts = append(texts, strings.Join([]string{call.Action, call.Fault, call.Code, call.TaskID}, " "))
	}
	return strings.Join(texts, "; ")
}

// violated fails the test because a promise was broken.
func (sim *simulation) violated(r *rapid.T, promise, format string, arguments ...any) {
	sim.harness.count("violation: "+promise, 1)
	sim.harness.broken = true
	r.Fatalf(promise+": "+format, arguments...)
}
