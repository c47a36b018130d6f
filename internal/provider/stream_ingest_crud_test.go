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
	describes := func(n int) []string {
		calls := []string{acctest.Start}
		for range n {
			calls = append(calls, acctest.Describe)
		}
		return calls
	}
	const unreadable = "FailedOperation.QueryTaskInfoFailed"
	for name, test := range map[string]struct {
		startDelay time.Duration
		fault      *trtcmock.Fault
		calls      []string
		status     string
		warning    string
	}{
		"at once":            {calls: describes(1), status: "InProgress"},
		"after some seconds": {startDelay: 1500 * time.Millisecond, calls: describes(3), status: "InProgress"},
		"not for long":       {startDelay: time.Minute, calls: describes(4), status: "NotExist", warning: "does not exist"},
		"not readable at first": {
			fault: &trtcmock.Fault{Action: acctest.Describe, Kind: trtcmock.FaultCode, Code: unreadable},
			calls: []string{acctest.Start, acctest.Describe + ":" + unreadable, acctest.Describe}, status: "InProgress",
		},
		"no permission to read": {
			fault: &trtcmock.Fault{Action: acctest.Describe, Kind: trtcmock.FaultCode, Code: "UnauthorizedOperation"},
			calls: []string{acctest.Start, acctest.Describe + ":UnauthorizedOperation"}, status: "InProgress", warning: "could not be read",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.StartDelay = test.startDelay })
			if test.fault != nil {
				world.Inject(t, *test.fault)
			}
			session := world.Session(t)
			config := world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": world.UserSig(t, acctest.UserID)})
			diags := acctest.ExpectApply(t, session, config, tfcore.Create)
			world.ExpectJournal(t, test.calls...)
			if test.warning == "" && len(diags) > 0 {
				t.Errorf("diagnostics: %s, want nothing", diags)
			}
			if test.warning != "" {
				acctest.ExpectWarning(t, diags, test.warning)
			}
			task := world.Mock.Tasks()[0]
			acctest.ExpectAttributes(t, session, tfcore.Values{
				"task_id": task.ID, "status": test.status, "id": "ap-singapore/1400000001/" + task.ID,
			})
			if session.Tainted() {
				t.Error("tainted by a warning")
			}
		})
	}
}

// TestConfirmEndedAtOnce checks that a stream that ends at once is reported,
// and that the next plan starts a new one.
func TestConfirmEndedAtOnce(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.TaskDuration = time.Millisecond })
	world.Inject(t, trtcmock.Fault{Action: acctest.Describe, Kind: trtcmock.FaultHTML502})
	session, config := world.Session(t), world.Values(t, nil)
	diags := acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectWarning(t, diags, "could not be played")
	acctest.ExpectAttributes(t, session, tfcore.Values{"status": "NotExist"})
	diags = session.Refresh(t.Context())
	acctest.ExpectWarning(t, diags, "has ended")
	if diags.HasErrors() {
		t.Error(diags)
	}
	acctest.ExpectState(t, session, nil)
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
	world := acctest.NewWorld(t)
	config := world.Values(t, tfcore.Values{"paused": true, "volume": 30})
	session := world.Session(t)
	diags := acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectWarning(t, diags.On("paused"), "billed")
	call := world.LastCall(t, acctest.Update)
	if call.Volume == nil || *call.Volume != 30 || call.StreamURL != "" {
		t.Errorf("the pause sent volume %v and URL %q", call.Volume, call.StreamURL)
	}
	world.ExpectJournal(t, acctest.Start, acctest.Describe, acctest.Update)
	acctest.ExpectSettled(t, session, config)
}

// TestPauseFails: the task was started, so it is in state and not tainted. The
// next plan shows the pause as a change in place.
func TestPauseFails(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, tfcore.Values{"paused": true})
	session := world.Session(t)
	world.Inject(t, acctest.RejectNext(acctest.Update, "UnauthorizedOperation"))
	diags := acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectWarning(t, diags, "UnauthorizedOperation")
	running := world.Mock.Alive()
	if len(running) != 1 || session.State()["task_id"] != running[0].ID || session.Tainted() {
		t.Fatalf("running %v, state %v, tainted %t", running, session.State(), session.Tainted())
	}
	world.ExpectJournal(t, acctest.Start, acctest.Describe, acctest.Update+":UnauthorizedOperation")

	if said := session.Refresh(t.Context()); said.HasErrors() {
		t.Fatal(said)
	}
	plan := session.Plan(t.Context(), config)
	if said := session.Apply(t.Context(), plan); plan.Action != tfcore.Update || said.HasErrors() {
		t.Fatalf("planned to %s, said %s", plan, said)
	}
	world.ExpectJournal(t, acctest.Describe, acctest.Update)
	if tasks := world.Mock.Alive(); len(tasks) != 1 || tasks[0].ID != running[0].ID || !tasks[0].Paused {
		t.Errorf("the service has %v, want the same task, paused", tasks)
	}
	acctest.ExpectSettled(t, session, config)
}

// TestPauseFailsWithoutRefresh: an update that is planned without a refresh
// pauses the task too, and the pause is not sent again.
func TestPauseFailsWithoutRefresh(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, tfcore.Values{"paused": true})
	session := world.Session(t)
	world.Inject(t, acctest.RejectNext(acctest.Update, "UnauthorizedOperation"))
	acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectApply(t, session, config.With(tfcore.Values{"volume": 5}), tfcore.Update)
	if tasks := world.Mock.Alive(); len(tasks) != 1 || !tasks[0].Paused {
		t.Errorf("the service has %v, want one paused task", tasks)
	}
	acctest.ExpectSettled(t, session, config.With(tfcore.Values{"volume": 5}))
}

// TestStartTimes: started_at is the time of the start, ends_at that of
// max_duration, and both stay when the task is updated.
func TestStartTimes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config tfcore.Values
		endsAt any
	}{
		"endless":      {nil, nil},
		"max_duration": {tfcore.Values{"repeat_num": -1, "max_duration": 90}, "2026-03-01T13:30:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, test.config)
			session := world.Created(t, config)
			want := tfcore.Values{"started_at": "2026-03-01T12:00:00Z", "ends_at": test.endsAt}
			acctest.ExpectAttributes(t, session, want)
			world.Clock.Advance(time.Hour)
			acctest.ExpectApply(t, session, config.With(tfcore.Values{"volume": 5}), tfcore.Update)
			acctest.ExpectAttributes(t, session, want)
		})
	}
}
