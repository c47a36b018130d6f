package provider_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestConfirm checks that a new task is read until it is visible. A failure is
// a warning, and never loses the task.
func TestConfirm(t *testing.T) {
	t.Parallel()
	const unreadable, forbidden = "FailedOperation.QueryTaskInfoFailed", "UnauthorizedOperation"
	started := func(calls ...string) []string { return append([]string{acctest.Start}, calls...) }
	delayed := func(delay time.Duration) func(*trtcmock.Options) {
		return func(options *trtcmock.Options) { options.StartDelay = delay }
	}
	rejected := func(code string) []trtcmock.Fault {
		return []trtcmock.Fault{acctest.RejectNext(acctest.Describe, code)}
	}
	for name, one := range map[string]scenario{
		"at once":            {calls: started(describes(1)...)},
		"after some seconds": {service: delayed(1500 * time.Millisecond), calls: started(describes(3)...)},
		"not for long": {
			service: delayed(time.Minute), calls: started(describes(4)...), warns: []string{"does not exist"}, state: tfcore.Values{"status": "NotExist"},
		},
		"not readable at first": {faults: rejected(unreadable), calls: started(acctest.Describe+":"+unreadable, acctest.Describe)},
		"no permission to read": {faults: rejected(forbidden), calls: started(acctest.Describe + ":" + forbidden), warns: []string{"could not be read"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one.begin, one.command, one.action = planned, apply, tfcore.Create
			one.state = tfcore.Values{"status": "InProgress"}.With(one.state)
			world, session, _ := one.run(t)
			taskID := world.Mock.Tasks()[0].ID
			acctest.ExpectAttributes(t, session, tfcore.Values{"task_id": taskID, "id": "ap-singapore/1400000001/" + taskID})
			if session.Tainted() {
				t.Error("tainted by a warning")
			}
		})
	}
}

// TestAccPause starts a paused task, resumes it, and pauses it again.
func TestAccPause(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	apply := func(paused string, action plancheck.ResourceActionType, calls ...string) resource.TestStep {
		return world.Step(t, acctest.Apply{
			Config: world.Config(t, acctest.Arguments{"paused": paused}),
			Action: action,
			Calls:  calls,
			State: map[string]knownvalue.Check{
				"paused": knownvalue.Bool(paused == "true"), "status": acctest.Text("InProgress"),
			},
			After: func() {
				if tasks := world.Mock.Alive(); len(tasks) != 1 || tasks[0].Paused != (paused == "true") {
					t.Errorf("paused = %s, but the service has %v", paused, tasks)
				}
			},
		})
	}
	world.Run(t,
		apply("true", plancheck.ResourceActionCreate, acctest.Start, acctest.Update),
		apply("false", plancheck.ResourceActionUpdate, acctest.Update),
		apply("true", plancheck.ResourceActionUpdate, acctest.Update),
	)
}

// TestPauseAtCreate checks the calls: Start, Describe, then Update to pause.
func TestPauseAtCreate(t *testing.T) {
	t.Parallel()
	world, session, config := scenario{begin: planned, change: tfcore.Values{"paused": true, "volume": 30}, command: apply, warns: []string{"billed"}}.run(t)
	if call := world.LastCall(t, acctest.Update); call.Volume == nil || *call.Volume != 30 || call.StreamURL != "" {
		t.Errorf("the pause sent volume %v and URL %q", call.Volume, call.StreamURL)
	}
	world.ExpectJournal(t, acctest.Start, acctest.Describe, acctest.Update)
	acctest.ExpectSettled(t, session, config)
}

// TestPauseFails checks that a task that was started but not paused is in state
// with its identity and not tainted, and that the next update pauses it, even
// without a refresh.
func TestPauseFails(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]struct {
		command command
		change  tfcore.Values
		calls   []string
	}{
		"refreshed":     {applyRefreshed, nil, []string{acctest.Describe, acctest.Update}},
		"not refreshed": {apply, tfcore.Values{"volume": 5}, []string{acctest.Update}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, session, config := scenario{
				faults: []trtcmock.Fault{acctest.RejectNext(acctest.Update, "UnauthorizedOperation")}, begin: planned, change: tfcore.Values{"paused": true}, command: apply,
				calls: []string{acctest.Start, acctest.Describe, acctest.Update + ":UnauthorizedOperation"}, warns: []string{"not paused", "UnauthorizedOperation"},
			}.run(t)
			taskID := world.Mock.Alive()[0].ID
			expectIdentity(t, session, taskID, acctest.Region)
			if session.State()["task_id"] != taskID || session.Tainted() {
				t.Fatalf("state %v, tainted %t", session.State(), session.Tainted())
			}
			config = config.With(next.change)
			plan, diags := next.command(t.Context(), session, config)
			acctest.ExpectSuccess(t, diags)
			acctest.ExpectPlan(t, plan, tfcore.Update)
			world.ExpectJournal(t, next.calls...)
			if tasks := world.Mock.Alive(); len(tasks) != 1 || tasks[0].ID != taskID || !tasks[0].Paused {
				t.Errorf("the service has %v, want the same task, paused", tasks)
			}
			acctest.ExpectSettled(t, session, config)
		})
	}
}

// TestStartTimes checks that started_at is the time of the start, ends_at that of
// max_duration, and that both stay when the task is updated.
func TestStartTimes(t *testing.T) {
	t.Parallel()
	louder, later := tfcore.Values{"volume": 5}, func(world *acctest.World) { world.Clock.Advance(time.Hour) }
	runScenarios(t, map[string]scenario{
		"endless": {
			begin: created, happens: later, change: louder, command: apply,
			state: tfcore.Values{"started_at": "2026-03-01T12:00:00Z", "ends_at": nil},
		},
		"max_duration": {
			before: tfcore.Values{"repeat_num": -1, "max_duration": 90}, begin: created, happens: later, change: louder, command: apply,
			state: tfcore.Values{"started_at": "2026-03-01T12:00:00Z", "ends_at": "2026-03-01T13:30:00Z"},
		},
	})
}
