package chaos

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// unusedVolume is a volume that no config has.
const unusedVolume = 7

// converge ends a sequence without faults: after the user has corrected the
// configuration and followed the advice of the errors, one apply must lead to the
// configured state.
func (sim *simulation) converge(r *rapid.T) {
	sim.restart(r, sim.region)
	sim.clock.Advance(time.Minute) // Stopped tasks have ended.
	sim.removeDuplicates()
	for number, slot := range sim.slots {
		if slot.config == nil {
			sim.destroyTask(r, slot)
			continue
		}
		sim.avoidConflict(r, number)
		restoreStream(slot)
		restoreRegion(slot)
		sim.applyCleanly(r, slot)
	}
	sim.stopOrphans(r)
	sim.expectNoOrphans(r)
	for _, slot := range sim.slots {
		sim.destroyTask(r, slot)
	}
	if alive := sim.mock.Alive(); len(alive) > 0 {
		sim.violated(r, divergences, "tasks run after everything was destroyed: %v", alive)
	}
}

// removeDuplicates removes a task that is in two states from the second one, as
// terraform state rm does.
func (sim *simulation) removeDuplicates() {
	seen := map[string]bool{}
	for _, slot := range sim.slots {
		id := slot.taskID()
		if seen[id] {
			slot.session, slot.config = sim.server.Session(acctest.ResourceType), nil
			sim.ledger.adopted[id] = true
		}
		seen[id] = id != ""
	}
}

// avoidConflict changes the room of a block if another block or a foreign task has
// the same room and user. A task of an announced lost start is imported instead.
func (sim *simulation) avoidConflict(r *rapid.T, number int) {
	slot := sim.slots[number]
	for _, other := range sim.slots {
		if other != slot && other.config != nil && cmp.Equal(other.config.parts[roomPart], slot.config.parts[roomPart]) {
			slot.config = slot.config.with(roomPart, unusedRoom(number))
		}
	}
	for _, task := range sim.mock.Alive() {
		key := roomAndUser(task.RoomID, int64(task.RoomIDType), task.UserID)
		if task.ID == slot.taskID() || !cmp.Equal(key, slot.config.parts[roomPart]) {
			continue
		}
		if !sim.ledger.announced[task.ID] || hasTask(slot) || !sim.importLost(r, slot, task) {
			slot.config = slot.config.with(roomPart, unusedRoom(number))
		}
	}
}

// restoreStream sets stream_url if it was removed, which a task does not allow.
func restoreStream(slot *slot) {
	state := slot.session.State()
	plays := state["stream_url"] != nil || state["stream_url_wo_version"] != nil
	if plays && streamOf(slot.config) == "" {
		slot.config = slot.config.with(streamPart, alternatives()[streamPart][0])
	}
}

// restoreRegion sets the region of an imported task that is not adopted yet, which
// has no room in state.
func restoreRegion(slot *slot) {
	if state := slot.session.State(); state != nil && state["room_id"] == nil {
		slot.config = slot.config.with("region", tfcore.Values{"region": state["region"]})
	}
}

// importLost imports the task of a start whose response was lost.
func (sim *simulation) importLost(r *rapid.T, slot *slot, task trtcmock.Task) bool {
	op := sim.do(r, "import of a lost start", slot, nil, func(ctx context.Context, op *operation) {
		op.diags = slot.session.Import(ctx, fmt.Sprintf("%s/%d/%s", task.Region, task.SdkAppID, task.ID))
	})
	sim.ledger.adopted[task.ID] = true
	return !op.diags.HasErrors()
}

// applyCleanly applies once and checks that the next plan is empty.
func (sim *simulation) applyCleanly(r *rapid.T, slot *slot) {
	values := sim.configValues(slot.config)
	apply := func(ctx context.Context, op *operation) {
		plan, diags := slot.session.ApplyConfig(ctx, values)
		op.diags, op.planned = diags, plan.Planned()
	}
	op := sim.do(r, "apply without faults", slot, nil, apply)
	if len(op.diags.Errors().Mentioning("this error appears once")) > 0 {
		sim.restart(r, sim.region)
		op = sim.do(r, "apply after a report", slot, nil, apply)
	}
	if op.diags.HasErrors() {
		sim.violated(r, divergences, "an apply without faults failed: %s; calls %s", op.diags, formatCalls(sim.mock.Journal()))
	}
	if id := slot.taskID(); id == "" || !sim.runs(id) {
		// It ended while others were applied.
		return
	}
	values = sim.configValues(slot.config)
	sim.do(r, "plan after it", slot, nil, func(ctx context.Context, op *operation) {
		op.diags = slot.session.Refresh(ctx)
		plan := slot.session.Plan(ctx, values)
		op.diags, op.planned = append(op.diags, plan.Diagnostics...), plan.Planned()
		if plan.Action != tfcore.NoOp && sim.runs(slot.taskID()) {
			op.diags = append(op.diags, tfcore.Diagnostic{Error: true, Bug: true, Summary: "not an empty plan", Detail: plan.String()})
		}
	})
	sim.compare(r, slot)
	if sim.ledger.adopted[slot.taskID()] {
		sim.changeVolume(r, slot)
	}
}

// changeVolume checks that changes of an adopted task are sent.
func (sim *simulation) changeVolume(r *rapid.T, slot *slot) {
	slot.config = slot.config.with("volume", tfcore.Values{"volume": int64(unusedVolume)})
	values := sim.configValues(slot.config)
	sim.do(r, "change after an adoption", slot, nil, func(ctx context.Context, op *operation) {
		_, op.diags = slot.session.ApplyConfig(ctx, values)
	})
	for _, task := range sim.mock.Alive() {
		if task.ID == slot.taskID() && task.Volume != unusedVolume {
			sim.violated(r, divergences, "the volume of the adopted %s was not changed", task.ID)
		}
	}
}

// compare checks that the running task has the arguments of the block.
func (sim *simulation) compare(r *rapid.T, slot *slot) {
	id, state := slot.taskID(), slot.session.State()
	for _, task := range sim.mock.Alive() {
		if task.ID != id || sim.ledger.updated[id] || sim.ledger.adopted[id] {
			continue
		}
		got := tfcore.Values{
			"region": task.Region, "room_id": task.RoomID, "room_id_type": int64(task.RoomIDType), "user_id": task.UserID,
			"volume": int64(task.Volume), "paused": task.Paused, "auto_push": task.AutoPush, "repeat_num": task.RepeatNum,
		}
		want := tfcore.Values{}
		for name := range got {
			want[name] = state[name]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			sim.violated(r, divergences, "state and task differ (-state +task):\n%s", diff)
		}
		if address := streamOf(slot.config); address != task.StreamURL {
			sim.violated(r, divergences, "%s plays %q, not %q", id, task.StreamURL, address)
		}
	}
}

// streamOf returns the configured stream in the form of the mock, without query.
func streamOf(c *config) string {
	for _, name := range []string{"stream_url", "stream_url_wo"} {
		if address, given := c.values()[name].(string); given {
			address, _, _ = strings.Cut(address, "?")
			return address
		}
	}
	return ""
}

// destroyTask destroys the task of a slot.
func (sim *simulation) destroyTask(r *rapid.T, slot *slot) {
	if !hasTask(slot) {
		return
	}
	op := sim.do(r, "destroy without faults", slot, nil, func(ctx context.Context, op *operation) {
		op.diags = slot.session.Destroy(ctx)
	})
	if op.diags.HasErrors() || hasTask(slot) {
		sim.violated(r, divergences, "a destroy without faults failed: %s", op.diags)
	}
}

// stopOrphans stops tasks that are in no state with the provider's action.
func (sim *simulation) stopOrphans(r *rapid.T) {
	for _, task := range sim.mock.Alive() {
		if slices.Contains(sim.taskIDs(), task.ID) {
			continue
		}
		_, diags := sim.server.Invoke(sim.loggedContext(), acctest.ResourceType+"_stop", tfcore.Values{
			"region": task.Region, "sdk_app_id": int64(task.SdkAppID), "task_id": task.ID,
		})
		if diags.HasErrors() || sim.runs(task.ID) {
			sim.violated(r, divergences, "an orphaned task could not be stopped: %s", diags)
		}
	}
}

// expectNoOrphans checks that every running task is in a state.
func (sim *simulation) expectNoOrphans(r *rapid.T) {
	for _, task := range sim.mock.Alive() {
		if !slices.Contains(sim.taskIDs(), task.ID) {
			sim.violated(r, orphans, "%s runs and is in no state", task.ID)
		}
	}
}
