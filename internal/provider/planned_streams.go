package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// plannedTask is the task that a resource has after the apply.
type plannedTask struct {
	stream

	// starts is true if the apply starts the task.
	starts bool
	// taskID is the TaskId in the state of the resource, or empty.
	taskID string
}

// planTask records the task that a plan has for a resource, and warns if another
// resource of this walk has the same user in the same or in another room. It does
// not warn about two tasks that the apply does not start.
func (w *walk) planTask(task plannedTask) diag.Diagnostics {
	w.mu.Lock()
	defer w.mu.Unlock()
	others := w.planned[task.robot]
	w.planned[task.robot] = append(others, task)
	if task.taskID != "" {
		w.robots[task.taskID] = task.robot
	}
	for _, other := range others {
		switch {
		case !task.starts && !other.starts:
		case task.stream == other.stream:
			return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("user_id"), "Two resources have the same application, room and user",
				fmt.Sprintf("Another resource in this plan has the same application %d, room %s and user %s. "+
					"The service may reject the second start, or run and bill two tasks. Change room_id or user_id of one resource, or remove one.",
					task.sdkAppID, task.roomID, task.userID))}
		default:
			return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("user_id"), "One user is in two rooms",
				fmt.Sprintf("User %s of application %d is in room %s in this resource, and in room %s in another resource of this plan. "+
					"A user can be in only one room at a time, so entering one room may remove the user from the other, and both tasks are billed. "+
					"Use another user_id for each room.", task.userID, task.sdkAppID, task.roomID, other.roomID))}
		}
	}
	return nil
}

// rename holds what a walk has seen of a stream whose resource may have been renamed.
type rename struct {
	// destroyed is true if the plan destroys a resource with the stream, created if
	// it creates one.
	destroyed, created bool
	// inProgress is true if Read found the task in progress. Terraform plans the
	// destruction of a resource that is not configured before it reads the task, so
	// that the state of that plan may have a task that has ended.
	inProgress bool
}

// seeRename adds to what the walk has seen of a stream, and warns once it has
// seen a rename.
func (w *walk) seeRename(s stream, more rename) diag.Diagnostics {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.renames[s]
	after := rename{
		destroyed: before.destroyed || more.destroyed, created: before.created || more.created, inProgress: before.inProgress || more.inProgress,
	}
	w.renames[s] = after
	if whole := (rename{destroyed: true, created: true, inProgress: true}); after != whole || before == whole {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("A stream is stopped and started again",
		fmt.Sprintf("This plan destroys one resource and creates another one, both with application %d, room %s and user %s. "+
			"The apply interrupts the stream, and the service may reject the start until the other task has stopped.\n\n"+
			"If you renamed the resource or changed its key, add this block with both addresses. The task then keeps running:\n\n"+
			"  moved {\n    from = OLD_ADDRESS\n    to   = NEW_ADDRESS\n  }", s.sdkAppID, s.roomID, s.userID))}
}
