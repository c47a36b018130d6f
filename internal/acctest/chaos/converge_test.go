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

// quiet is a volume that no wish has.
const quiet = 7

// converge is the calm after the chaos: nothing goes wrong any more, the user
// has mended the configuration and followed the advice of the errors, and one
// apply must make everything right.
func (u *universe) converge(r *rapid.T) {
	u.serveAnew(r, u.region)
	u.clock.Advance(time.Minute) // What was stopped has ended by now.
	u.untangle(r)
	for number, slot := range u.slots {
		if slot.wish == nil {
			u.clear(r, slot)
			continue
		}
		u.freeSeat(r, number)
		giveStream(slot)
		u.settle(r, slot)
	}
	u.stopStrays(r)
	u.balance(r)
	for _, slot := range u.slots {
		u.clear(r, slot)
	}
	if alive := u.mock.Alive(); len(alive) > 0 {
		u.violated(r, divergences, "everything is destroyed, and these run: %v", alive)
	}
}

// untangle takes a task that two states hold out of the second one, as with
// terraform state rm.
func (u *universe) untangle(r *rapid.T) {
	seen := map[string]bool{}
	for _, slot := range u.slots {
		id := slot.holding()
		if seen[id] {
			slot.session, slot.wish = u.session(r), nil
			u.books.adopted[id] = true
		}
		seen[id] = id != ""
	}
}

// freeSeat gives way: another block or somebody else's task has the place. A
// task whose start was announced as lost is taken over instead.
func (u *universe) freeSeat(r *rapid.T, number int) {
	slot := u.slots[number]
	for _, other := range u.slots {
		if other != slot && other.wish != nil && cmp.Equal(other.wish.parts[seatPart], slot.wish.parts[seatPart]) {
			slot.wish = slot.wish.with(seatPart, freshSeat(number))
		}
	}
	for _, task := range u.mock.Alive() {
		taken := seat(task.RoomID, int64(task.RoomIDType), task.UserID)
		if task.ID == slot.holding() || !cmp.Equal(taken, slot.wish.parts[seatPart]) {
			continue
		}
		if !u.books.announced[task.ID] || held(slot) || !u.takeOver(r, slot, task) {
			slot.wish = slot.wish.with(seatPart, freshSeat(number))
		}
	}
}

// giveStream gives the block a stream again that its task would lose.
func giveStream(slot *slot) {
	state := slot.session.State()
	plays := state["stream_url"] != nil || state["stream_url_wo_version"] != nil
	if plays && streamOf(slot.wish) == "" {
		slot.wish = slot.wish.with(streamPart, alternatives()[streamPart][0])
	}
}

// takeOver imports the task of a start whose answer was lost.
func (u *universe) takeOver(r *rapid.T, slot *slot, task trtcmock.Task) bool {
	op := u.do(r, "import of a lost start", slot, nil, func(ctx context.Context, op *operation) {
		op.said = slot.session.Import(ctx, fmt.Sprintf("%s/%d/%s", task.Region, task.SdkAppID, task.ID))
	})
	u.books.adopted[task.ID] = true
	return !op.said.HasErrors()
}

// settle applies once, and checks that nothing is left to do.
func (u *universe) settle(r *rapid.T, slot *slot) {
	config := u.config(slot.wish)
	op := u.do(r, "calm apply", slot, nil, func(ctx context.Context, op *operation) {
		plan, said := slot.session.ApplyConfig(ctx, config)
		op.said, op.planned = said, plan.Planned()
	})
	if op.said.HasErrors() {
		u.violated(r, divergences, "a calm apply failed: %s; calls %s", op.said, told(u.mock.Journal()))
	}
	if id := slot.holding(); id == "" || !u.runs(id) {
		// Its time came while others were applied.
		return
	}
	again := u.config(slot.wish)
	u.do(r, "plan after it", slot, nil, func(ctx context.Context, op *operation) {
		op.said = slot.session.Refresh(ctx)
		plan := slot.session.Plan(ctx, again)
		op.said, op.planned = append(op.said, plan.Diagnostics...), plan.Planned()
		if plan.Action != tfcore.NoOp && u.runs(slot.holding()) {
			op.said = append(op.said, tfcore.Diagnostic{Error: true, Bug: true, Summary: "not an empty plan", Detail: plan.String()})
		}
	})
	u.compare(r, slot)
	if u.books.adopted[slot.holding()] {
		u.turnDown(r, slot)
	}
}

// turnDown checks that an adopted task is told of changes like any other.
func (u *universe) turnDown(r *rapid.T, slot *slot) {
	slot.wish = slot.wish.with("volume", tfcore.Values{"volume": int64(quiet)})
	config := u.config(slot.wish)
	u.do(r, "change after an adoption", slot, nil, func(ctx context.Context, op *operation) {
		_, op.said = slot.session.ApplyConfig(ctx, config)
	})
	for _, task := range u.mock.Alive() {
		if task.ID == slot.holding() && task.Volume != quiet {
			u.violated(r, divergences, "the adopted %s was not turned down", task.ID)
		}
	}
}

// compare checks that the running task is the one that the block describes.
func (u *universe) compare(r *rapid.T, slot *slot) {
	id, state := slot.holding(), slot.session.State()
	for _, task := range u.mock.Alive() {
		if task.ID != id || u.books.unsure[id] || u.books.adopted[id] {
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
			u.violated(r, divergences, "state and task differ (-state +task):\n%s", diff)
		}
		if address := streamOf(slot.wish); address != task.StreamURL {
			u.violated(r, divergences, "%s plays %q, not %q", id, task.StreamURL, address)
		}
	}
}

// streamOf is the wished stream as the mock shows it, without its query.
func streamOf(w *wish) string {
	for _, name := range []string{"stream_url", "stream_url_wo"} {
		if address, given := w.values()[name].(string); given {
			address, _, _ = strings.Cut(address, "?")
			return address
		}
	}
	return ""
}

// clear destroys what the slot holds.
func (u *universe) clear(r *rapid.T, slot *slot) {
	if !held(slot) {
		return
	}
	op := u.do(r, "calm destroy", slot, nil, func(ctx context.Context, op *operation) {
		op.said = slot.session.Destroy(ctx)
	})
	if op.said.HasErrors() || held(slot) {
		u.violated(r, divergences, "a calm destroy failed: %s", op.said)
	}
}

// stopStrays stops what runs and is in no state, with the provider's action.
func (u *universe) stopStrays(r *rapid.T) {
	for _, task := range u.mock.Alive() {
		if slices.Contains(u.holdings(), task.ID) {
			continue
		}
		_, said := u.server.Invoke(u.logged(), acctest.ResourceType+"_stop", tfcore.Values{
			"region": task.Region, "sdk_app_id": int64(task.SdkAppID), "task_id": task.ID,
		})
		if said.HasErrors() || u.runs(task.ID) {
			u.violated(r, divergences, "a stray task could not be stopped: %s", said)
		}
	}
}

// balance checks that exactly what the states hold runs.
func (u *universe) balance(r *rapid.T) {
	for _, task := range u.mock.Alive() {
		if !slices.Contains(u.holdings(), task.ID) {
			u.violated(r, orphans, "%s runs and is in no state", task.ID)
		}
	}
}
