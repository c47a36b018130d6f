package provider_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestReadEnds checks that only NotExist, read twice, ends a task, and that
// keep records it and keeps the resource.
func TestReadEnds(t *testing.T) {
	t.Parallel()
	runScenarios(t, map[string]scenario{
		"recreate": {
			begin: created, happens: (*acctest.World).FinishAll, command: refresh, calls: describes(2), state: gone,
			warns: []string{"room 1001", acctest.UserID, "on_task_end"},
		},
		"keep": {
			before: tfcore.Values{"on_task_end": "keep"}, begin: created, happens: (*acctest.World).FinishAll, command: refresh, calls: describes(2),
			state: tfcore.Values{"status": "NotExist", "volume": int64(100)},
		},
	})
}

// TestReadKept checks that a task that is recorded as ended and kept is read
// once. If it is visible again, it is a task like any other.
func TestReadKept(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.StartDelay = time.Minute })
	config := world.Values(t, tfcore.Values{"on_task_end": "keep"})
	session := world.Session(t)
	acctest.ExpectApply(t, session, config, tfcore.Create)
	unseen := session.State()
	world.Mock.ResetJournal()
	slept := world.Clock.Slept()
	for range 3 {
		acctest.ExpectSilence(t, session.Refresh(t.Context()))
		world.ExpectJournal(t, acctest.Describe)
	}
	if waited := world.Clock.Slept() - slept; waited >= time.Second {
		t.Errorf("waited for %s, not only for its turn", waited)
	}
	acctest.ExpectState(t, session, unseen.With(tfcore.Values{"status": "NotExist"}))

	world.Clock.Advance(time.Minute)
	acctest.ExpectSettled(t, session, config)
	acctest.ExpectAttributes(t, session, tfcore.Values{"status": "InProgress"})
	world.ExpectJournal(t, acctest.Describe)

	world.FinishAll()
	acctest.ExpectSilence(t, session.Refresh(t.Context()))
	acctest.ExpectAttributes(t, session, tfcore.Values{"status": "NotExist"})
	world.ExpectJournal(t, acctest.Describe, acctest.Describe)
}

// TestReadFlaps checks that a service that returns NotExist only once ends
// nothing.
func TestReadFlaps(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.StartDelay = 3500 * time.Millisecond })
	config := world.Values(t, nil)
	session := world.Session(t)
	diags := acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectWarning(t, diags, "not confirmed")
	acctest.ExpectAttributes(t, session, tfcore.Values{"status": "NotExist"})
	world.ExpectJournal(t, acctest.Start, acctest.Describe, acctest.Describe, acctest.Describe, acctest.Describe)

	acctest.ExpectSettled(t, session, config)
	acctest.ExpectAttributes(t, session, tfcore.Values{"status": "InProgress"})
	world.ExpectJournal(t, acctest.Describe, acctest.Describe)
}

// TestReadFails checks that state is unchanged whatever goes wrong during a
// read.
func TestReadFails(t *testing.T) {
	t.Parallel()
	always := func(kind string) []trtcmock.Fault {
		return []trtcmock.Fault{{Action: acctest.Describe, Kind: kind, Times: -1}}
	}
	for name, one := range map[string]scenario{
		"not readable":           {faults: []trtcmock.Fault{acctest.RejectAll(acctest.Describe, "FailedOperation.QueryTaskInfoFailed")}, fails: []string{"QueryTaskInfoFailed"}},
		"a code of other calls":  {faults: []trtcmock.Fault{acctest.RejectAll(acctest.Describe, "FailedOperation.TaskNotExist")}, fails: []string{"TaskNotExist"}},
		"gateway page":           {faults: always(trtcmock.FaultHTML502), fails: []string{"Unexpected response"}},
		"no status":              {faults: always(trtcmock.FaultEmptyObject), fails: []string{"Unexpected response"}},
		"second read is refused": {faults: []trtcmock.Fault{{Action: acctest.Describe, Nth: 2, Kind: trtcmock.FaultCode, Code: "LimitExceeded"}}, fails: []string{"LimitExceeded"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one.begin, one.happens, one.command = created, (*acctest.World).FinishAll, refresh
			one.run(t)
		})
	}
}

// TestUpdateOfEndedTask checks that both responses for an ended task leave state
// unchanged, and that the next apply follows on_task_end.
func TestUpdateOfEndedTask(t *testing.T) {
	t.Parallel()
	for _, returnsStatus := range []bool{false, true} {
		for onTaskEnd, next := range map[string]tfcore.Action{"recreate": tfcore.Create, "keep": tfcore.Replace} {
			t.Run(fmt.Sprintf("%s, status %t", onTaskEnd, returnsStatus), func(t *testing.T) {
				t.Parallel()
				_, session, config := scenario{
					service: func(options *trtcmock.Options) { options.EndedUpdateReturnsStatus = returnsStatus },
					before:  tfcore.Values{"on_task_end": onTaskEnd}, begin: created, happens: (*acctest.World).FinishAll,
					change: tfcore.Values{"volume": 10}, command: apply, fails: []string{"has ended", "on_task_end"},
				}.run(t)
				acctest.ExpectApply(t, session, config, next)
				acctest.ExpectSettled(t, session, config)
				acctest.ExpectAttributes(t, session, tfcore.Values{"volume": int64(10), "status": "InProgress"})
			})
		}
	}
}

// TestUpdateRecordsKeep checks that an update to on_task_end = "keep" that finds
// the task ended records both, so that no later plan starts a new task.
func TestUpdateRecordsKeep(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session, keep := world.Created(t, world.Values(t, nil)), world.Values(t, tfcore.Values{"on_task_end": "keep"})
	world.FinishAll()
	_, diags := apply(t.Context(), session, keep.With(tfcore.Values{"volume": 10}))
	acctest.ExpectError(t, diags, "", "has ended", "on_task_end")
	acctest.ExpectAttributes(t, session, tfcore.Values{"on_task_end": "keep", "status": "NotExist", "volume": int64(100)})
	acctest.ExpectSettled(t, session, keep)
}

// TestAccEndRecreate checks that a task that ended is removed from state, and
// that the next plan starts a new one.
func TestAccEndRecreate(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	apply := acctest.Apply{
		Config: world.Config(t, nil),
		Action: plancheck.ResourceActionCreate,
		Calls:  []string{acctest.Start},
		State:  map[string]knownvalue.Check{"status": acctest.Text("InProgress")},
	}
	again := apply
	again.Before = world.FinishAll
	again.Plan = []plancheck.PlanCheck{plancheck.ExpectUnknownValue(acctest.Address, tfjsonpath.New("task_id"))}
	world.Run(t, world.Step(t, apply), world.Step(t, again))
}

// TestAccEndKeep checks that a task that ended stays in state without a diff
// until a mutable argument changes, which replaces it.
func TestAccEndKeep(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	keep := acctest.Arguments{"on_task_end": `"keep"`}
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: world.Config(t, keep),
			Action: plancheck.ResourceActionCreate,
			Calls:  []string{acctest.Start},
		}),
		world.Step(t, acctest.Apply{
			Before: world.FinishAll,
			Config: world.Config(t, keep),
			Action: plancheck.ResourceActionNoop,
			Plan:   []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			State:  map[string]knownvalue.Check{"on_task_end": acctest.Text("keep"), "status": acctest.Text("NotExist")},
		}),
		world.Step(t, acctest.Apply{
			Config: world.Config(t, merge(keep, acctest.Arguments{"volume": "20"})),
			Action: plancheck.ResourceActionDestroyBeforeCreate,
			Calls:  []string{acctest.Stop + ":FailedOperation.TaskFinished", acctest.Start},
			State:  map[string]knownvalue.Check{"status": acctest.Text("InProgress"), "volume": acctest.Whole(20)},
		}),
	)
}

// TestEndKeepChanges checks which changes replace a task that ended and was
// kept, and which change only state.
func TestEndKeepChanges(t *testing.T) {
	t.Parallel()
	again := []string{acctest.Stop + ":FailedOperation.TaskFinished", acctest.Describe, acctest.Start, acctest.Describe}
	for name, test := range map[string]struct {
		change tfcore.Values
		action tfcore.Action
		calls  []string
		warns  []string
	}{
		"volume":     {tfcore.Values{"volume": 20}, tfcore.Replace, again, nil},
		"stream_url": {tfcore.Values{"stream_url": "https://example.com/2"}, tfcore.Replace, again, nil},
		"paused":     {tfcore.Values{"paused": true}, tfcore.Replace, append(again[:4:4], acctest.Update), []string{"billed"}},
		"room_id":    {tfcore.Values{"room_id": "1002"}, tfcore.Replace, again, nil},
		"recreate":   {tfcore.Values{"on_task_end": "recreate"}, tfcore.Replace, again, nil},
		"timeouts":   {tfcore.Values{"timeouts": tfcore.Values{"read": "5s"}}, tfcore.Update, noCall, nil},
		"nothing":    {nil, tfcore.NoOp, noCall, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status := map[bool]string{true: "InProgress", false: "NotExist"}[test.action == tfcore.Replace]
			_, session, config := scenario{
				before: tfcore.Values{"on_task_end": "keep"}, begin: ended, change: test.change, command: apply, action: test.action, calls: test.calls, warns: test.warns,
				state: tfcore.Values{"status": status},
			}.run(t)
			acctest.ExpectSettled(t, session, config)
		})
	}
}

// TestEndKeep_Unknown checks that a plan with an unknown on_task_end does not
// replace a task that ended and was kept. If the value stays keep, nothing
// happens; if it turns out to be recreate, the next refresh removes the task.
func TestEndKeep_Unknown(t *testing.T) {
	t.Parallel()
	for _, becomes := range []string{"keep", "recreate"} {
		t.Run(becomes, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, tfcore.Values{"on_task_end": "keep"})
			session := ended(t, world, config)
			plan := session.Plan(t.Context(), config.With(tfcore.Values{"on_task_end": tfcore.Unknown}))
			acctest.ExpectPlan(t, plan, tfcore.Update)
			world.Mock.ResetJournal()
			plan.Config = config.With(tfcore.Values{"on_task_end": becomes})
			session.Serve(world.Provider(t, nil)) // Terraform starts the provider again for the apply.
			acctest.ExpectSilence(t, session.Apply(t.Context(), plan))
			world.ExpectJournal(t)
			acctest.ExpectAttributes(t, session, tfcore.Values{"on_task_end": becomes, "status": "NotExist"})
			if becomes == "keep" {
				acctest.ExpectSettled(t, session, config)
				return
			}
			acctest.ExpectWarning(t, session.Refresh(t.Context()), "removed from state")
			acctest.ExpectState(t, session, nil)
		})
	}
}

// TestEndKeepNeedsTicket checks that replacing an ended task requires a ticket. The
// plan only warns, because no running task is stopped.
func TestEndKeepNeedsTicket(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := ended(t, world, world.Values(t, nil))
	plan := session.Plan(t.Context(), world.Values(t, tfcore.Values{"on_task_end": "keep", "user_sig": nil, "volume": 1}))
	acctest.ExpectWarning(t, plan.Diagnostics.On("user_sig_wo"), "starts a task")
	acctest.ExpectError(t, session.Apply(t.Context(), plan), "user_sig_wo", "starts a task")
	world.ExpectChanges(t, acctest.Stop+":FailedOperation.TaskFinished")
}

func merge(all ...acctest.Arguments) acctest.Arguments {
	merged := acctest.Arguments{}
	for _, arguments := range all {
		maps.Copy(merged, arguments)
	}
	return merged
}
