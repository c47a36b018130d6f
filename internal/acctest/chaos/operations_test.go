package chaos

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// play is one sequence: chaos, then calm.
func play(r *rapid.T, ground *ground, tally *tally) {
	u := newUniverse(r, ground, tally)
	r.Repeat(map[string]func(*rapid.T){
		"apply":    u.applyWish,
		"edit":     u.editWish,
		"pause":    u.pauseWish,
		"refresh":  u.refresh,
		"replace":  u.replace,
		"destroy":  u.destroy,
		"end":      u.endTask,
		"time":     u.passTime,
		"stray":    u.strayStart,
		"import":   u.importTask,
		"region":   u.changeRegion,
		"identity": u.forgetIdentity,
	})
	u.converge(r)
	tally.add(sequenceGroup, "played", 1)
}

// do performs one operation on a slot under mishaps, and audits it.
func (u *universe) do(r *rapid.T, name string, slot *slot, mishaps []*mishap, perform func(context.Context, *operation)) operation {
	u.mock.ResetJournal()
	u.script.set(mishaps)
	before := u.holdings()
	op := operation{name: name, slot: slot, began: u.clock.Now(), hasty: slices.ContainsFunc(mishaps, isDelay)}
	slot.session.Serve(u.server)
	if op.hasty {
		slot.session.Serve(u.connect(r, patience))
	}
	broken := survived(func() { perform(u.logged(), &op) })
	u.cancel()
	u.ground.nextTurn()
	u.count(name)
	if broken != nil || u.ground.panics.Load() > 0 {
		u.violated(r, panics, "%s: %v", name, broken)
	}
	u.auditWords(r, op)
	u.audit(r, op, before)
	u.auditSecrets(r, op)
	u.script.set(nil)
	return op
}

func isDelay(one *mishap) bool { return one.kind == trtcmock.FaultDelay }

// survived returns what the function panicked with, or nil.
func survived(perform func()) (broken any) {
	defer func() { broken = recover() }()
	perform()
	return nil
}

// count adds up what the operation called and what struck it.
func (u *universe) count(name string) {
	u.tally.add(operationGroup, name, 1)
	for _, call := range u.mock.Journal() {
		u.tally.add(callGroup, call.Action, 1)
		if call.Fault != "" {
			u.tally.add(faultGroup, call.Fault, 1)
		}
	}
	for kind, hits := range u.script.taken() {
		u.tally.add(faultGroup, kind, hits)
	}
}

// choose draws one of the slots that fit, or skips the operation.
func (u *universe) choose(r *rapid.T, fits func(*slot) bool) *slot {
	fitting := slices.DeleteFunc(slices.Clone(u.slots), func(one *slot) bool { return !fits(one) })
	if len(fitting) == 0 {
		r.Skip("no resource fits")
	}
	return fitting[rapid.IntRange(0, len(fitting)-1).Draw(r, "resource")]
}

func wished(one *slot) bool { return one.wish != nil }

func held(one *slot) bool { return one.holding() != "" }

func whichever(*slot) bool { return true }

// apply is terraform apply of one resource.
func (u *universe) apply(r *rapid.T, name string, slot *slot) {
	config := u.config(slot.wish)
	u.do(r, name, slot, drawMishaps(r), func(ctx context.Context, op *operation) {
		plan, said := slot.session.ApplyConfig(ctx, config)
		op.said, op.planned = said, plan.Planned()
	})
}

func (u *universe) applyWish(r *rapid.T) {
	slot := u.choose(r, whichever)
	if slot.wish == nil {
		slot.wish = drawWish(r)
	}
	u.apply(r, "apply", slot)
}

func (u *universe) editWish(r *rapid.T) {
	slot := u.choose(r, wished)
	slot.wish = drawEdit(r, slot.wish)
	u.apply(r, "edit", slot)
}

func (u *universe) pauseWish(r *rapid.T) {
	slot := u.choose(r, wished)
	paused := slot.wish.parts[pausePart]["paused"] == true
	slot.wish = slot.wish.with(pausePart, tfcore.Values{"paused": !paused})
	u.apply(r, "pause", slot)
}

func (u *universe) refresh(r *rapid.T) {
	slot := u.choose(r, held)
	u.do(r, "refresh", slot, drawMishaps(r), func(ctx context.Context, op *operation) {
		op.said = slot.session.Refresh(ctx)
	})
}

// replace is terraform apply -replace.
func (u *universe) replace(r *rapid.T) {
	slot := u.choose(r, func(one *slot) bool { return held(one) && wished(one) })
	config := u.config(slot.wish)
	u.do(r, "replace", slot, drawMishaps(r), func(ctx context.Context, op *operation) {
		plan := slot.session.PlanReplace(ctx, config)
		op.said, op.planned = plan.Diagnostics, plan.Planned()
		if !op.said.HasErrors() {
			op.said = append(op.said, slot.session.Apply(ctx, plan)...)
		}
	})
}

// destroy is terraform destroy, at times with -refresh=false.
func (u *universe) destroy(r *rapid.T) {
	slot := u.choose(r, held)
	blind := rapid.Bool().Draw(r, "without a refresh")
	u.do(r, "destroy", slot, drawMishaps(r), func(ctx context.Context, op *operation) {
		if blind {
			op.said = slot.session.Apply(ctx, slot.session.PlanDestroy(ctx))
			return
		}
		op.said = slot.session.Destroy(ctx)
	})
	slot.wish = nil
}

// endTask ends a task as its media would.
func (u *universe) endTask(r *rapid.T) {
	task := drawTask(r, u.mock.Alive())
	u.mock.Finish(task.ID)
	u.tally.add(operationGroup, "end of task", 1)
}

func (u *universe) passTime(r *rapid.T) {
	minutes := rapid.SampledFrom([]int{0, 1, 5, 40, 120}).Draw(r, "minutes")
	u.clock.Advance(time.Duration(minutes)*time.Minute + time.Second)
	u.tally.add(operationGroup, "time passes", 1)
}

// strayStart is somebody else who starts a task. Nothing goes wrong for them.
func (u *universe) strayStart(r *rapid.T) {
	taken := rapid.SampledFrom(seats()).Draw(r, seatPart)
	region := rapid.SampledFrom(regions()).Draw(r, "region")
	u.script.set(nil)
	if id, err := u.startElsewhere(region, taken); err == nil {
		u.books.foreign[id] = true
	}
	u.tally.add(operationGroup, "start by somebody else", 1)
}

// importTask takes a task, running or not, into an empty slot.
func (u *universe) importTask(r *rapid.T) {
	empty := func(one *slot) bool { return !held(one) && len(u.mock.Tasks()) > 0 }
	slot := u.choose(r, empty)
	task := drawTask(r, u.mock.Tasks())
	slot.wish = drawWish(r).with(seatPart, seat(task.RoomID, int64(task.RoomIDType), task.UserID))
	id := fmt.Sprintf("%s/%d/%s", task.Region, task.SdkAppID, task.ID)
	identity := tfcore.Values{"region": task.Region, "sdk_app_id": int64(task.SdkAppID), "task_id": task.ID}
	byIdentity := rapid.Bool().Draw(r, "by identity")
	u.do(r, "import", slot, drawMishaps(r), func(ctx context.Context, op *operation) {
		if byIdentity {
			op.said = slot.session.ImportByIdentity(ctx, identity)
			return
		}
		op.said = slot.session.Import(ctx, id)
	})
	if held(slot) {
		u.books.adopted[task.ID] = true
		delete(u.books.announced, task.ID)
		delete(u.books.foreign, task.ID)
	}
}

func drawTask(r *rapid.T, tasks []trtcmock.Task) trtcmock.Task {
	if len(tasks) == 0 {
		r.Skip("no task")
	}
	return tasks[rapid.IntRange(0, len(tasks)-1).Draw(r, "task")]
}

// changeRegion gives the provider another default, which must leave tasks
// alone.
func (u *universe) changeRegion(r *rapid.T) {
	u.serveAnew(r, rapid.SampledFrom(regions()).Draw(r, "default region"))
	u.tally.add(operationGroup, "another provider", 1)
}

// forgetIdentity makes a state one of an older CLI.
func (u *universe) forgetIdentity(r *rapid.T) {
	u.choose(r, held).session.ForgetIdentity()
	u.tally.add(operationGroup, "older state", 1)
}
