package provider_test

import (
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
	for _, onTaskEnd := range []string{"recreate", "keep"} {
		t.Run(onTaskEnd, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, tfcore.Values{"on_task_end": onTaskEnd}))
			want := session.State().With(tfcore.Values{"status": "NotExist"})
			world.FinishAll()
			taskID, _ := session.State()["task_id"].(string)
			diags := session.Refresh(t.Context())
			world.ExpectJournal(t, acctest.Describe, acctest.Describe)
			if onTaskEnd == "recreate" {
				want = nil
				for _, name := range []string{taskID, "room 1001", acctest.UserID, "on_task_end"} {
					acctest.ExpectWarning(t, diags, name)
				}
			}
			if diags.HasErrors() || len(diags.Warnings()) > 0 != (onTaskEnd == "recreate") {
				t.Error(diags)
			}
			acctest.ExpectState(t, session, want)
		})
	}
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
		if diags := session.Refresh(t.Context()); len(diags) > 0 {
			t.Fatal(diags)
		}
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
	if diags := session.Refresh(t.Context()); len(diags) > 0 {
		t.Fatal(diags)
	}
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
	always := func(kind string) trtcmock.Fault {
		return trtcmock.Fault{Action: acctest.Describe, Kind: kind, Times: -1}
	}
	for name, test := range map[string]struct {
		fault   trtcmock.Fault
		mention string
	}{
		"not readable":           {acctest.RejectAll(acctest.Describe, "FailedOperation.QueryTaskInfoFailed"), "QueryTaskInfoFailed"},
		"internal error":         {acctest.RejectAll(acctest.Describe, "InternalError.DBError"), "InternalError.DBError"},
		"no permission":          {acctest.RejectAll(acctest.Describe, "UnauthorizedOperation"), "trtc:"},
		"task ID refused":        {acctest.RejectAll(acctest.Describe, "InvalidParameter.TaskId"), "InvalidParameter.TaskId"},
		"a code of other calls":  {acctest.RejectAll(acctest.Describe, "FailedOperation.TaskNotExist"), "TaskNotExist"},
		"rate limit":             {acctest.RejectAll(acctest.Describe, "RequestLimitExceeded"), "raise timeouts.read"},
		"connection lost":        {always(trtcmock.FaultDropAfter), "Unexpected response"},
		"gateway page":           {always(trtcmock.FaultHTML502), "Unexpected response"},
		"null":                   {always(trtcmock.FaultNull), "Unexpected response"},
		"no status":              {always(trtcmock.FaultEmptyObject), "Unexpected response"},
		"redirect":               {always(trtcmock.FaultRedirect307), "Unexpected response"},
		"second opinion refused": {trtcmock.Fault{Action: acctest.Describe, Nth: 2, Kind: trtcmock.FaultCode, Code: "UnsupportedRegion"}, "UnsupportedRegion"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, nil))
			before := session.State()
			world.FinishAll()
			world.Inject(t, test.fault)
			diags := session.Refresh(t.Context())
			if len(diags.Errors()) != 1 || len(diags.Mentioning(test.mention)) != 1 {
				t.Errorf("diagnostics: %q, want one error that mentions %q", diags, test.mention)
			}
			acctest.ExpectState(t, session, before)
		})
	}
}

// TestUpdateOfEndedTask checks that both responses for an ended task leave state
// unchanged, and that the next apply follows on_task_end.
func TestUpdateOfEndedTask(t *testing.T) {
	t.Parallel()
	gone := acctest.Update + ":FailedOperation.TaskNotExist"
	for name, test := range map[string]struct {
		returnsStatus bool
		onTaskEnd     string
		called        string
		next          tfcore.Action
	}{
		"code, recreate":   {false, "recreate", gone, tfcore.Create},
		"code, keep":       {false, "keep", gone, tfcore.Replace},
		"status, recreate": {true, "recreate", acctest.Update, tfcore.Create},
		"status, keep":     {true, "keep", acctest.Update, tfcore.Replace},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.EndedUpdateReturnsStatus = test.returnsStatus })
			config := world.Values(t, tfcore.Values{"on_task_end": test.onTaskEnd})
			session := world.Created(t, config)
			before := session.State()
			quiet := config.With(tfcore.Values{"volume": 10})
			plan := session.Plan(t.Context(), quiet)
			world.FinishAll()
			acctest.ExpectError(t, session.Apply(t.Context(), plan), "", "has ended", "on_task_end")
			world.ExpectJournal(t, test.called)
			acctest.ExpectState(t, session, before)

			acctest.ExpectApply(t, session, quiet, test.next)
			acctest.ExpectSettled(t, session, quiet)
			acctest.ExpectAttributes(t, session, tfcore.Values{"volume": int64(10), "status": "InProgress"})
		})
	}
}

// TestUpdateRecordsKeep checks that an update to on_task_end = "keep" that finds
// the task ended records both, so that no later plan starts a new task.
func TestUpdateRecordsKeep(t *testing.T) {
	t.Parallel()
	for name, returnsStatus := range map[string]bool{"code": false, "status": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.EndedUpdateReturnsStatus = returnsStatus })
			session := world.Created(t, world.Values(t, nil))
			keep := world.Values(t, tfcore.Values{"on_task_end": "keep"})
			plan := session.Plan(t.Context(), keep.With(tfcore.Values{"volume": 10}))
			world.FinishAll()
			acctest.ExpectError(t, session.Apply(t.Context(), plan), "", "has ended", "on_task_end")
			acctest.ExpectAttributes(t, session, tfcore.Values{"on_task_end": "keep", "status": "NotExist", "volume": int64(100)})
			acctest.ExpectSettled(t, session, keep)
		})
	}
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
	const finished = acctest.Stop + ":FailedOperation.TaskFinished"
	again := []string{finished, acctest.Describe, acctest.Start, acctest.Describe}
	for name, test := range map[string]struct {
		change tfcore.Values
		action tfcore.Action
		calls  []string
		status string
	}{
		"volume":     {tfcore.Values{"volume": 20}, tfcore.Replace, again, "InProgress"},
		"stream_url": {tfcore.Values{"stream_url": "https://example.com/2"}, tfcore.Replace, again, "InProgress"},
		"paused":     {tfcore.Values{"paused": true}, tfcore.Replace, append(again[:4:4], acctest.Update), "InProgress"},
		"room_id":    {tfcore.Values{"room_id": "1002"}, tfcore.Replace, again, "InProgress"},
		"recreate":   {tfcore.Values{"on_task_end": "recreate"}, tfcore.Replace, again, "InProgress"},
		"user_sig":   {tfcore.Values{"user_sig": "another"}, tfcore.Update, nil, "NotExist"},
		"timeouts":   {tfcore.Values{"timeouts": tfcore.Values{"read": "5s"}}, tfcore.Update, nil, "NotExist"},
		"nothing":    {nil, tfcore.NoOp, nil, "NotExist"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, tfcore.Values{"on_task_end": "keep"})
			session := world.Created(t, config)
			world.FinishAll()
			if diags := session.Refresh(t.Context()); len(diags) > 0 {
				t.Fatal(diags)
			}
			world.Mock.ResetJournal()
			changed := config.With(test.change)
			plan := session.Plan(t.Context(), changed)
			if plan.Diagnostics.HasErrors() || plan.Action != test.action {
				t.Fatalf("plan = %s, want to %s; diagnostics: %s", plan, test.action, plan.Diagnostics)
			}
			if diags := session.Apply(t.Context(), plan); diags.HasErrors() {
				t.Fatal(diags)
			}
			world.ExpectJournal(t, test.calls...)
			acctest.ExpectAttributes(t, session, tfcore.Values{"status": test.status})
			acctest.ExpectSettled(t, session, changed)
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
			if plan.Diagnostics.HasErrors() || plan.Action != tfcore.Update {
				t.Fatalf("plan = %s, want to update; diagnostics: %s", plan, plan.Diagnostics)
			}
			world.Mock.ResetJournal()
			plan.Config = config.With(tfcore.Values{"on_task_end": becomes})
			session.Serve(world.Provider(t, nil)) // Terraform starts the provider again for the apply.
			if diags := session.Apply(t.Context(), plan); len(diags) > 0 {
				t.Fatal(diags)
			}
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
	config := world.Values(t, tfcore.Values{"on_task_end": "keep"})
	session := world.Created(t, config)
	world.FinishAll()
	if diags := session.Refresh(t.Context()); len(diags) > 0 {
		t.Fatal(diags)
	}
	plan := session.Plan(t.Context(), config.With(tfcore.Values{"user_sig": nil, "volume": 1}))
	acctest.ExpectWarning(t, plan.Diagnostics.On("user_sig_wo"), "starts a task")
	world.Mock.ResetJournal()
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
