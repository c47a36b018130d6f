package provider_test

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccReadEnds: only NotExist, asked twice, ends a task; keep keeps it even
// then, and knows it.
func TestAccReadEnds(t *testing.T) {
	t.Parallel()
	for _, onTaskEnd := range []string{"recreate", "keep"} {
		t.Run(onTaskEnd, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, tfcore.Values{"on_task_end": onTaskEnd}))
			want := session.State().With(tfcore.Values{"status": "NotExist"})
			world.FinishAll()
			if said := session.Refresh(t.Context()); len(said) > 0 {
				t.Fatal(said)
			}
			world.ExpectJournal(t, acctest.Describe, acctest.Describe)
			if onTaskEnd == "recreate" {
				want = nil
			}
			acctest.ExpectState(t, session, want)
		})
	}
}

// TestAccReadKept: that a task has ended need not be confirmed again when the
// state knows it and keeps it whatever the answer. A task that shows again is
// one like any other.
func TestAccReadKept(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.StartDelay = time.Minute })
	config := world.Values(t, tfcore.Values{"on_task_end": "keep"})
	session := world.Session(t)
	acctest.ExpectApply(t, session, config, tfcore.Create)
	unseen := session.State()
	world.Mock.ResetJournal()
	slept := world.Clock.Slept()
	for range 3 {
		if said := session.Refresh(t.Context()); len(said) > 0 {
			t.Fatal(said)
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
	if said := session.Refresh(t.Context()); len(said) > 0 {
		t.Fatal(said)
	}
	acctest.ExpectAttributes(t, session, tfcore.Values{"status": "NotExist"})
	world.ExpectJournal(t, acctest.Describe, acctest.Describe)
}

// TestAccReadFlaps: a service that says NotExist once and then the opposite
// ends nothing.
func TestAccReadFlaps(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.StartDelay = 3500 * time.Millisecond })
	config := world.Values(t, nil)
	session := world.Session(t)
	said := acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectWarning(t, said, "not confirmed")
	acctest.ExpectAttributes(t, session, tfcore.Values{"status": "NotExist"})
	world.ExpectJournal(t, acctest.Start, acctest.Describe, acctest.Describe, acctest.Describe, acctest.Describe)

	acctest.ExpectSettled(t, session, config)
	acctest.ExpectAttributes(t, session, tfcore.Values{"status": "InProgress"})
	world.ExpectJournal(t, acctest.Describe, acctest.Describe)
}

// TestAccReadFails: whatever goes wrong while reading, the state stays.
func TestAccReadFails(t *testing.T) {
	t.Parallel()
	always := func(kind string) trtcmock.Fault {
		return trtcmock.Fault{Action: acctest.Describe, Kind: kind, Times: -1}
	}
	for name, test := range map[string]struct {
		fault   trtcmock.Fault
		mention string
	}{
		"not readable":           {acctest.AnswerAlways(acctest.Describe, "FailedOperation.QueryTaskInfoFailed"), "QueryTaskInfoFailed"},
		"internal error":         {acctest.AnswerAlways(acctest.Describe, "InternalError.DBError"), "InternalError.DBError"},
		"no permission":          {acctest.AnswerAlways(acctest.Describe, "UnauthorizedOperation"), "trtc:"},
		"task ID refused":        {acctest.AnswerAlways(acctest.Describe, "InvalidParameter.TaskId"), "InvalidParameter.TaskId"},
		"a code of other calls":  {acctest.AnswerAlways(acctest.Describe, "FailedOperation.TaskNotExist"), "TaskNotExist"},
		"rate limit":             {acctest.AnswerAlways(acctest.Describe, "RequestLimitExceeded"), "raise timeouts.read"},
		"connection lost":        {always(trtcmock.FaultDropAfter), "No readable answer"},
		"gateway page":           {always(trtcmock.FaultHTML502), "No readable answer"},
		"null":                   {always(trtcmock.FaultNull), "No readable answer"},
		"no status":              {always(trtcmock.FaultEmptyObject), "No readable answer"},
		"redirect":               {always(trtcmock.FaultRedirect307), "No readable answer"},
		"second opinion refused": {trtcmock.Fault{Action: acctest.Describe, Nth: 2, Kind: trtcmock.FaultCode, Code: "UnsupportedRegion"}, "UnsupportedRegion"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, nil))
			before := session.State()
			world.FinishAll()
			world.Inject(t, test.fault)
			said := session.Refresh(t.Context())
			if len(said.Errors()) != 1 || len(said.Mentioning(test.mention)) != 1 {
				t.Errorf("said %q, want one error that mentions %q", said, test.mention)
			}
			acctest.ExpectState(t, session, before)
		})
	}
}

// TestAccUpdateMeetsGone: both ways in which the service says that there is no
// task leave the state as it was; the next apply makes of the end what
// on_task_end says.
func TestAccUpdateMeetsGone(t *testing.T) {
	t.Parallel()
	gone := acctest.Update + ":FailedOperation.TaskNotExist"
	for name, test := range map[string]struct {
		answersStatus bool
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
			world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.UpdateGoneAnswersStatus = test.answersStatus })
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
