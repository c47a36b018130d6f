package chaos

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// operation is one operation and its result.
type operation struct {
	name string
	slot *slot
	// shortTimeout operations may fail without a fault of the script, because the
	// network may be too slow.
	shortTimeout bool
	// killed operations ended with a kill of the provider. orphaned operations
	// continued after the end of the CLI.
	killed, orphaned bool

	diags   tfcore.Diagnostics
	planned tfcore.Values
}

// play is one sequence: operations with faults, then without.
func play(r *rapid.T, harness *harness) {
	sim := newSimulation(r, harness)
	defer func() { _ = errors.Join(os.RemoveAll(sim.journal), os.RemoveAll(sim.journal+"-outside")) }()
	r.Repeat(map[string]func(*rapid.T){
		"apply":         sim.applyConfig,
		"edit":          sim.editConfig,
		"pause":         sim.togglePause,
		"refresh":       sim.refresh,
		"replace":       sim.replace,
		"destroy":       sim.destroy,
		"end":           sim.endTask,
		"time":          sim.passTime,
		"start outside": sim.foreignStart,
		"import":        sim.importTask,
		"region":        sim.changeRegion,
		"identity":      sim.forgetIdentity,
	})
	sim.converge(r)
	harness.count(sequence, 1)
}

// do performs one operation on a slot with faults and audits it.
func (sim *simulation) do(r *rapid.T, name string, slot *slot, faults []*fault, perform func(context.Context, *operation)) operation {
	sim.mock.ResetJournal()
	sim.script.set(faults)
	before, saved := sim.taskIDs(), *slot.session
	op := operation{name: name, slot: slot, shortTimeout: slices.ContainsFunc(faults, isDelay)}
	slot.session.Serve(sim.server)
	if op.shortTimeout {
		impatient, _ := sim.connect(r, sim.journal, attemptTimeout)
		slot.session.Serve(impatient)
	}
	panicked := recoverPanic(func() { perform(sim.loggedContext(), &op) })
	sim.cancel()
	sim.harness.nextTurn()
	sim.count(name)
	op.killed = panicked == any(errKilled)
	op.orphaned = sim.script.endsCLI()
	if panicked != nil && !op.killed {
		sim.violated(r, panics, "%s: %v", name, panicked)
	}
	if op.orphaned {
		*slot.session = saved
	}
	sim.auditDiagnostics(r, op)
	sim.audit(r, op, before)
	sim.auditSecrets(r, op)
	sim.script.set(nil)
	if op.unreported() {
		sim.harness.count("outcome: kills", 1)
		sim.restart(r, sim.region)
	}
	return op
}

// unreported reports whether the result of the operation reached no CLI.
func (o operation) unreported() bool { return o.killed || o.orphaned }

func isDelay(one *fault) bool { return one.kind == trtcmock.FaultDelay }

// recoverPanic returns the panic value of the function, or nil.
func recoverPanic(perform func()) (value any) {
	defer func() { value = recover() }()
	perform()
	return nil
}

// count adds the operation, its calls and its faults to the tally.
func (sim *simulation) count(name string) {
	sim.harness.count("operation: "+name, 1)
	for _, call := range sim.mock.Journal() {
		sim.harness.count("call: "+call.Action, 1)
		if call.Fault != "" {
			sim.harness.count("fault: "+call.Fault, 1)
		}
	}
	for kind, hits := range sim.script.hitCounts() {
		sim.harness.count("fault: "+kind, hits)
	}
}

// choose draws a slot that matches. It skips the operation if no slot matches.
func (sim *simulation) choose(r *rapid.T, matches func(*slot) bool) *slot {
	candidates := slices.DeleteFunc(slices.Clone(sim.slots), func(one *slot) bool { return !matches(one) })
	if len(candidates) == 0 {
		r.Skip("no resource matches")
	}
	return candidates[rapid.IntRange(0, len(candidates)-1).Draw(r, "resource")]
}

func configured(one *slot) bool { return one.config != nil }

func hasTask(one *slot) bool { return one.taskID() != "" }

func anySlot(*slot) bool { return true }

// apply does what terraform apply does for one resource.
func (sim *simulation) apply(r *rapid.T, name string, slot *slot) {
	values := sim.configValues(slot.config)
	sim.do(r, name, slot, drawFaults(r), func(ctx context.Context, op *operation) {
		plan, diags := slot.session.ApplyConfig(ctx, values)
		op.diags, op.planned = diags, plan.Planned()
	})
}

func (sim *simulation) applyConfig(r *rapid.T) {
	slot := sim.choose(r, anySlot)
	if slot.config == nil {
		slot.config = drawConfig(r)
	}
	sim.apply(r, "apply", slot)
}

func (sim *simulation) editConfig(r *rapid.T) {
	slot := sim.choose(r, configured)
	slot.config = drawEdit(r, slot.config)
	sim.apply(r, "edit", slot)
}

func (sim *simulation) togglePause(r *rapid.T) {
	slot := sim.choose(r, configured)
	paused := slot.config.parts[pausePart]["paused"] == true
	slot.config = slot.config.with(pausePart, tfcore.Values{"paused": !paused})
	sim.apply(r, "pause", slot)
}

func (sim *simulation) refresh(r *rapid.T) {
	slot := sim.choose(r, hasTask)
	sim.do(r, "refresh", slot, drawFaults(r), func(ctx context.Context, op *operation) {
		op.diags = slot.session.Refresh(ctx)
	})
}

// replace does what terraform apply -replace does.
func (sim *simulation) replace(r *rapid.T) {
	slot := sim.choose(r, func(one *slot) bool { return hasTask(one) && configured(one) })
	values := sim.configValues(slot.config)
	sim.do(r, "replace", slot, drawFaults(r), func(ctx context.Context, op *operation) {
		plan := slot.session.PlanReplace(ctx, values)
		op.diags, op.planned = plan.Diagnostics, plan.Planned()
		if !op.diags.HasErrors() {
			op.diags = append(op.diags, slot.session.Apply(ctx, plan)...)
		}
	})
}

// destroy does what terraform destroy does, sometimes with -refresh=false.
func (sim *simulation) destroy(r *rapid.T) {
	slot := sim.choose(r, hasTask)
	withoutRefresh := rapid.Bool().Draw(r, "without a refresh")
	sim.do(r, "destroy", slot, drawFaults(r), func(ctx context.Context, op *operation) {
		if withoutRefresh {
			op.diags = slot.session.Apply(ctx, slot.session.PlanDestroy(ctx))
			return
		}
		op.diags = slot.session.Destroy(ctx)
	})
	slot.config = nil
}

// endTask ends a task as if its media had ended.
func (sim *simulation) endTask(r *rapid.T) {
	task := drawTask(r, sim.mock.Alive())
	sim.mock.Finish(task.ID)
	sim.harness.count("operation: end of task", 1)
}

func (sim *simulation) passTime(r *rapid.T) {
	minutes := rapid.SampledFrom([]int{0, 1, 5, 40, 120}).Draw(r, "minutes")
	sim.clock.Advance(time.Duration(minutes)*time.Minute + time.Second)
	sim.harness.count("operation: time passes", 1)
}

// foreignStart starts a task outside of this configuration, without faults: another
// provider has another start journal.
func (sim *simulation) foreignStart(r *rapid.T) {
	target := rapid.SampledFrom(roomsAndUsers()).Draw(r, roomPart)
	region := rapid.SampledFrom(regions()).Draw(r, "region")
	sim.script.set(nil)
	user, _ := target["user_id"].(string)
	values := target.With(tfcore.Values{
		"region": region, "sdk_app_id": acctest.SdkAppID, "stream_url": acctest.StreamURL, "user_sig": mint(user, sim.clock.Now(), ticketLifetime),
	})
	outside := sim.server.Session(acctest.ResourceType)
	other, _ := sim.connect(r, sim.journal+"-outside", 0)
	outside.Serve(other)
	_, _ = outside.ApplyConfig(sim.loggedContext(), values)
	if id, started := outside.State()["task_id"].(string); started {
		sim.ledger.foreign[id] = true
	}
	sim.harness.nextTurn()
	sim.harness.count("operation: start outside Terraform", 1)
}

// importTask imports a task, running or not, into an empty slot.
func (sim *simulation) importTask(r *rapid.T) {
	empty := func(one *slot) bool { return !hasTask(one) && len(sim.mock.Tasks()) > 0 }
	slot := sim.choose(r, empty)
	task := drawTask(r, sim.mock.Tasks())
	slot.config = drawConfig(r).with(roomPart, roomAndUser(task.RoomID, int64(task.RoomIDType), task.UserID))
	id := fmt.Sprintf("%s/%d/%s", task.Region, task.SdkAppID, task.ID)
	identity := tfcore.Values{"region": task.Region, "sdk_app_id": int64(task.SdkAppID), "task_id": task.ID}
	byIdentity := rapid.Bool().Draw(r, "by identity")
	sim.do(r, "import", slot, drawFaults(r), func(ctx context.Context, op *operation) {
		if byIdentity {
			op.diags = slot.session.ImportByIdentity(ctx, identity)
			return
		}
		op.diags = slot.session.Import(ctx, id)
	})
	if hasTask(slot) {
		sim.ledger.adopted[task.ID] = true
		delete(sim.ledger.announced, task.ID)
		delete(sim.ledger.recorded, task.ID)
		delete(sim.ledger.foreign, task.ID)
	}
}

func drawTask(r *rapid.T, tasks []trtcmock.Task) trtcmock.Task {
	if len(tasks) == 0 {
		r.Skip("no task")
	}
	return tasks[rapid.IntRange(0, len(tasks)-1).Draw(r, "task")]
}

// changeRegion changes the provider's default region, which must not change tasks.
func (sim *simulation) changeRegion(r *rapid.T) {
	sim.restart(r, rapid.SampledFrom(regions()).Draw(r, "default region"))
	sim.harness.count("operation: another provider", 1)
}

// forgetIdentity removes the identity from a state, as in states of an older CLI.
func (sim *simulation) forgetIdentity(r *rapid.T) {
	sim.choose(r, hasTask).session.ForgetIdentity()
	sim.harness.count("operation: older state", 1)
}
