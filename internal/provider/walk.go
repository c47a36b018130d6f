package provider

import (
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// robot is a user of an application. It can be in one room at a time.
type robot struct {
	sdkAppID int64
	userID   string
}

// stream identifies the stream of a task: a robot in a room.
type stream struct {
	robot

	roomIDType int64
	roomID     string
}

// stream returns the stream of the model, or false if the model does not have
// it: an import that is not adopted yet has no room and user.
func (m streamIngestModel) stream() (s stream, known bool) {
	return stream{
		robot:      robot{sdkAppID: m.SdkAppID.ValueInt64(), userID: m.UserID.ValueString()},
		roomIDType: m.RoomIDType.ValueInt64(),
		roomID:     m.RoomID.ValueString(),
	}, m.RoomID.ValueString() != "" && m.UserID.ValueString() != "" && !m.RoomIDType.IsNull() && !m.RoomIDType.IsUnknown()
}

// walk holds what the calls of one walk of Terraform have shown so far: one plan or
// one apply of one provider configuration. Configure makes a new one. It is safe
// for concurrent use.
type walk struct {
	mu sync.Mutex
	// hasRead is true once a resource was read.
	hasRead bool
	// running has the streams of tasks that Read or ModifyPlan met in progress.
	running map[stream]bool
	// imported has the TaskIds of such tasks whose streams are unknown, because
	// their import is not adopted yet.
	imported map[string]bool
	// stopped has the robots of tasks that Delete stopped: true if a task was in
	// progress according to the state.
	stopped map[robot]bool
	// planned has the tasks that resources have after the apply, robots those of
	// tasks in a state by their TaskId, and renames what shows that a resource was
	// renamed.
	planned map[robot][]plannedTask
	robots  map[string]robot
	renames map[stream]rename
	// otherService is the service of a task that Read did not find at that of the
	// run, or empty.
	otherService string
	// explained has the causes of errors that were explained.
	explained map[string]bool
}

func newWalk() *walk {
	return &walk{
		running: map[stream]bool{}, imported: map[string]bool{}, stopped: map[robot]bool{},
		planned: map[robot][]plannedTask{}, robots: map[string]robot{}, renames: map[stream]rename{}, explained: map[string]bool{},
	}
}

// explain returns explanation, which an error with the title summary has, or a
// reference to the first error of the same title and cause: many resources can fail
// for one reason. Without a walk it returns explanation.
func (w *walk) explain(summary, cause, explanation string) string {
	if w == nil {
		return explanation
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.explained[summary+cause] {
		return "Another error of this run with the same title has the cause and what to do."
	}
	w.explained[summary+cause] = true
	return explanation
}

// explainOnce returns problems. The text of an error that the walk had before is a
// reference.
func (w *walk) explainOnce(problems diag.Diagnostics) diag.Diagnostics {
	var shortened diag.Diagnostics
	for _, problem := range problems {
		if summary, detail := problem.Summary(), problem.Detail(); problem.Severity() == diag.SeverityError {
			problem = atPathOf(problem, diag.NewErrorDiagnostic(summary, w.explain(summary, detail, detail)))
		}
		shortened.Append(problem)
	}
	return shortened
}

// markRead records that a resource with the task was read, and forgets its earlier
// plan: with -minimal-refresh, Terraform plans a change before and after the read.
func (w *walk) markRead(task streamIngestModel) {
	s, known := task.stream()
	id := task.TaskID.ValueString()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hasRead = true
	if known {
		delete(w.running, s)
	}
	if r, found := w.robots[id]; found {
		w.planned[r] = slices.DeleteFunc(w.planned[r], func(planned plannedTask) bool { return planned.taskID == id })
	}
}

// isRefreshed reports whether a resource was read. Terraform reads resources
// before it plans them, except with -refresh=false or -minimal-refresh, but not
// during apply, where it configures the provider again.
func (w *walk) isRefreshed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hasRead
}

// markRunning records that Read or ModifyPlan met a prior state whose task is in
// progress.
func (w *walk) markRunning(task streamIngestModel) {
	s, known := task.stream()
	w.mu.Lock()
	defer w.mu.Unlock()
	if known {
		w.running[s] = true
	} else {
		w.imported[task.TaskID.ValueString()] = true
	}
}

// isRunning reports whether a task in a state plays s.
func (w *walk) isRunning(s stream) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.running[s]
}

// hasImported reports whether a task in a state is an import that is not adopted
// yet.
func (w *walk) hasImported(taskID string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.imported[taskID]
}

// markStopped records that Delete stopped a task.
func (w *walk) markStopped(task streamIngestModel) {
	if s, known := task.stream(); known {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.running, s)
		w.stopped[s.robot] = w.stopped[s.robot] || !task.hasEnded()
	}
}

// hasStopped reports whether Delete stopped a task of r: the start of another one
// replaces it, in the same room or in another one.
func (w *walk) hasStopped(r robot) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, stopped := w.stopped[r]
	return stopped
}

// hasInterrupted reports whether Delete stopped a task of r that was in progress.
func (w *walk) hasInterrupted(r robot) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stopped[r]
}

// markOtherService records that Read did not find a task, which belongs to service.
func (w *walk) markOtherService(service string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.otherService = service
}

// missedService returns the service of a task that Read did not find, or nothing.
func (w *walk) missedService() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.otherService
}
