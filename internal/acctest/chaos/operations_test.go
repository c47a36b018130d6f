package chaos

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// operation is one operation and its result.
type operation struct {
	name  string
	slot  *slot
	began time.Time
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
func play(r *rapid.T, harness *harness, tally *tally) {
	sim := newSimulation(r, harness, tally)
	defer func() { _ = os.RemoveAll(sim.journal) }()
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
	tally.add(sequenceGroup, "played", 1)
}

// do performs one operation on a slot with faults and audits it.
func (sim *simulation) do(r *rapid.T, name string, slot *slot, faults []*fault, perform func(context.Context, *operation)) operation {
	sim.mock.ResetJournal()
	sim.script.set(faults)
	before, saved := sim.taskIDs(), *slot.session
	op := operation{name: name, slot: slot, began: sim.clock.Now(), shortTimeout: slices.ContainsFunc(faults, isDelay)}
	slot.session.Serve(sim.server)
	if op.shortTimeout {
		impatient, _ := sim.connect(r, attemptTimeout)
		slot.session.Serve(impatient)
	}
	panicked := recoverPanic(func() { perform(sim.loggedContext(), &op) })
	sim.cancel()
	sim.harness.nextTurn()
	sim.count(name)
	op.killed = panicked == any(errKilled)
	op.orphaned = sim.script.endsCLI()
	if panicked != nil && !op.killed || sim.harness.panics.Load() > 0 {
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
		sim.tally.add(outcomeGroup, "kills", 1)
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
	sim.tally.add(operationGroup, name, 1)
	for _, call := range sim.mock.Journal() {
		sim.tally.add(callGroup, call.Action, 1)
		if call.Fault != "" {
			sim.tally.add(faultGroup, call.Fault, 1)
		}
	}
	for kind, hits := range sim.script.hitCounts() {
		sim.tally.add(faultGroup, kind, hits)
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
	sim.tally.add(operationGroup, "end of task", 1)
}

func (sim *simulation) passTime(r *rapid.T) {
	minutes := rapid.SampledFrom([]int{0, 1, 5, 40, 120}).Draw(r, "minutes")
	sim.clock.Advance(time.Duration(minutes)*time.Minute + time.Second)
	sim.tally.add(operationGroup, "time passes", 1)
}

// foreignStart starts a task outside of Terraform, without faults.
func (sim *simulation) foreignStart(r *rapid.T) {
	target := rapid.SampledFrom(roomsAndUsers()).Draw(r, roomPart)
	region := rapid.SampledFrom(regions()).Draw(r, "region")
	sim.script.set(nil)
	if id, err := sim.startOutside(region, target); err == nil {
		sim.ledger.foreign[id] = true
	}
	sim.tally.add(operationGroup, "start outside Terraform", 1)
}

// accountKey is the key of the account.
type accountKey struct{}

// Retrieve returns the key.
func (accountKey) Retrieve(context.Context) (cloudapi.Credential, error) {
	return cloudapi.Credential{SecretID: secret.New(acctest.SecretID), SecretKey: secret.New(acctest.SecretKey)}, nil
}

// startOutside starts a task without Terraform.
func (sim *simulation) startOutside(region string, target tfcore.Values) (string, error) {
	endpoint, err := cloudapi.ParseEndpoint(sim.harness.url)
	if err != nil {
		return "", err
	}
	client := trtcclient.New(trtcclient.Config{
		Endpoint: endpoint, Credentials: accountKey{}, Clock: sim.clock, Transport: transport{harness: sim.harness, script: &sim.script},
	})
	room, _ := target["room_id"].(string)
	roomType, _ := target["room_id_type"].(int64)
	user, _ := target["user_id"].(string)
	tickets := func(ctx context.Context) (context.Context, trtcclient.Tickets) {
		return ctx, trtcclient.Tickets{UserSig: secret.New(mint(user, sim.clock.Now(), ticketLifetime))}
	}
	started, err := client.Start(context.Background(), region, trtcclient.StartInput{
		SdkAppID: acctest.SdkAppID, RoomID: room, RoomIDType: roomType, UserID: user, StreamURL: secret.New(acctest.StreamURL),
	}, tickets, func(string) {})
	return started.TaskID, err
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
	sim.tally.add(operationGroup, "another provider", 1)
}

// forgetIdentity removes the identity from a state, as in states of an older CLI.
func (sim *simulation) forgetIdentity(r *rapid.T) {
	sim.choose(r, hasTask).session.ForgetIdentity()
	sim.tally.add(operationGroup, "older state", 1)
}
