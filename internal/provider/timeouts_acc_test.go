package provider_test

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The operations, each named as its entry of timeouts.
const (
	onCreate = "create"
	onRead   = "read"
	onUpdate = "update"
	onDelete = "delete"
)

// operate makes the call that the operation is there for, without another
// before it.
func operate(t *testing.T, session *tfcore.Session, config tfcore.Values, operation string) tfcore.Diagnostics {
	t.Helper()
	switch operation {
	case onCreate:
		return session.Apply(t.Context(), session.Plan(t.Context(), config))
	case onRead:
		return session.Refresh(t.Context())
	case onUpdate:
		return session.Apply(t.Context(), session.Plan(t.Context(), config.With(tfcore.Values{"volume": 1})))
	default:
		return destroy(t, session)
	}
}

// TestAccTimeouts: every operation ends when its time is up, by default and as
// configured. A service that refuses by rate limit would be asked for ever.
func TestAccTimeouts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		operation string
		timeouts  any
		want      time.Duration
	}{
		"create, default":    {onCreate, nil, 2 * time.Minute},
		"create, configured": {onCreate, tfcore.Values{"create": "40s"}, 40 * time.Second},
		"create, other set":  {onCreate, tfcore.Values{"delete": "1s"}, 2 * time.Minute},
		"read, default":      {onRead, nil, time.Minute},
		"read, configured":   {onRead, tfcore.Values{"read": "3m"}, 3 * time.Minute},
		"update, default":    {onUpdate, nil, time.Minute},
		"update, configured": {onUpdate, tfcore.Values{"update": "15s"}, 15 * time.Second},
		"delete, default":    {onDelete, nil, 2 * time.Minute},
		"delete, configured": {onDelete, tfcore.Values{"delete": "10m"}, 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Session(t)
			config := world.Values(t, tfcore.Values{"timeouts": test.timeouts})
			if test.operation != onCreate {
				acctest.ExpectApply(t, session, config, tfcore.Create)
			}
			before := session.State()
			world.Inject(t, acctest.AnswerAlways("", "RequestLimitExceeded"))
			began := world.Clock.Now()
			said := operate(t, session, config, test.operation)
			acctest.ExpectError(t, said, "", "RequestLimitExceeded", "requests_per_second",
				"The operation timed out before the request could be repeated.", "raise timeouts."+test.operation)
			if took := world.Clock.Now().Sub(began); took < test.want-10*time.Second || took > test.want+10*time.Second {
				t.Errorf("took %s, want about %s", took, test.want)
			}
			acctest.ExpectState(t, session, before)
		})
	}
}

// TestAccTimeoutsCutRepetitions: a fault that would pass, of a kind that is
// waited for, tells which argument gives it more time. One that does not pass
// does not blame the time.
func TestAccTimeoutsCutRepetitions(t *testing.T) {
	t.Parallel()
	always := func(kind string) trtcmock.Fault { return trtcmock.Fault{Kind: kind, Times: -1} }
	for name, test := range map[string]struct {
		fault   trtcmock.Fault
		mention string
		// once is set where a start is not repeated.
		once bool
	}{
		"server fault":     {acctest.AnswerAlways("", "InternalError.DBError"), "InternalError.DBError", false},
		"no capacity":      {acctest.AnswerAlways("", "ResourceInsufficient.RequestRejection"), "ResourceInsufficient.RequestRejection", false},
		"unavailable":      {acctest.AnswerAlways("", "ServiceUnavailable"), "ServiceUnavailable", true},
		"gateway page":     {always(trtcmock.FaultHTML502), "HTTP status 502", true},
		"connection lost":  {always(trtcmock.FaultDropAfter), "connection was lost", true},
		"refused for good": {acctest.AnswerAlways("", "InvalidParameterValue"), "InvalidParameterValue", true},
	} {
		for _, operation := range []string{onCreate, onRead, onUpdate, onDelete} {
			t.Run(name+"/"+operation, func(t *testing.T) {
				t.Parallel()
				world := acctest.NewWorld(t)
				session := world.Session(t)
				config := world.Values(t, tfcore.Values{"timeouts": tfcore.Values{operation: "100ms"}})
				if operation != onCreate {
					acctest.ExpectApply(t, session, config.With(tfcore.Values{"timeouts": nil}), tfcore.Create)
					acctest.ExpectApply(t, session, config, tfcore.Update)
				}
				world.Inject(t, test.fault)
				said := operate(t, session, config, operation)
				acctest.ExpectError(t, said, "", test.mention)
				cut := name != "refused for good" && (operation != onCreate || !test.once)
				if named := len(said.Errors().Mentioning("timeouts."+operation)) > 0; named != cut {
					t.Errorf("said %q; names the argument: %v, want %v", said, named, cut)
				}
				if cut && len(said.Mentioning("as often as is safe")) > 0 {
					t.Errorf("said %q of a request that was not", said)
				}
			})
		}
	}
}

// TestAccTimeoutsCutStart: a start that may have run is not to be tried again on
// the word of its timeout.
func TestAccTimeoutsCutStart(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.AnswerAlways(acctest.Start, "InternalError"))
	_, said := world.Session(t).ApplyConfig(t.Context(), world.Values(t, tfcore.Values{"timeouts": tfcore.Values{"create": "5s"}}))
	acctest.ExpectError(t, said, "", "may have started", "timeouts.create left no time")
	if len(said.Mentioning("Try again")) > 0 {
		t.Errorf("said %q", said)
	}
	world.ExpectJournal(t, starts(2, "InternalError")...)
}

// TestAccTimeoutsBeforeTheTurn: requests that wait for their turn for longer
// than the operation may take.
func TestAccTimeoutsBeforeTheTurn(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := acctest.SessionOf(t, world.Provider(t, tfcore.Values{"requests_per_second": 1}))
	config := world.Values(t, tfcore.Values{"timeouts": tfcore.Values{"read": "500ms"}})
	acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectError(t, session.Refresh(t.Context()), "", "still queued by the rate limiter", "requests_per_second", "raise timeouts.read")
}

// TestAccTimeoutsSecondOpinion: the time is up between the two answers that
// together end a task.
func TestAccTimeoutsSecondOpinion(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Created(t, world.Values(t, tfcore.Values{"timeouts": tfcore.Values{"read": "500ms"}}))
	before := session.State()
	world.FinishAll()
	acctest.ExpectError(t, session.Refresh(t.Context()), "", "Operation timed out", "a second time", "raise timeouts.read")
	acctest.ExpectState(t, session, before)
}

// TestAccTimeoutsStopUnconfirmed: the stop was accepted, and then nobody could
// be asked what became of the task.
func TestAccTimeoutsStopUnconfirmed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   trtcmock.Fault
		mention string
	}{
		"rate limit":   {acctest.AnswerAlways(acctest.Describe, "RequestLimitExceeded"), "RequestLimitExceeded"},
		"gateway page": {trtcmock.Fault{Action: acctest.Describe, Kind: trtcmock.FaultHTML502, Times: -1}, "HTTP status 502"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, tfcore.Values{"timeouts": tfcore.Values{"delete": "100ms"}}))
			before := session.State()
			world.Inject(t, test.fault)
			acctest.ExpectError(t, destroy(t, session), "", "still running", "has not said that the task is gone", test.mention, "raise timeouts.delete")
			acctest.ExpectState(t, session, before)
		})
	}
}

// TestAccTimeoutsFixed: where no argument bounds the time, none is named.
func TestAccTimeoutsFixed(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	below := world.Provider(t, nil)
	world.Inject(t, acctest.AnswerAlways("", "RequestLimitExceeded"))
	named := tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "x"}
	_, read := below.ReadData(t.Context(), acctest.DataSourceType, named)
	_, stopped := below.Invoke(t.Context(), acctest.ResourceType+"_stop", named)
	for _, said := range []tfcore.Diagnostics{read, stopped} {
		acctest.ExpectError(t, said, "", "RequestLimitExceeded", "The operation timed out", "Try again.")
		if len(said.Mentioning("timeouts")) > 0 {
			t.Errorf("said %q, which has no timeouts", said)
		}
	}
}

// TestAccTimeoutsOnlyEdit: an edit of the timeouts alone makes no call, and
// counts from then on.
func TestAccTimeoutsOnlyEdit(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = time.Hour })
	config := world.Values(t, nil)
	session := world.Created(t, config)
	edited := config.With(tfcore.Values{"timeouts": tfcore.Values{"delete": "7s"}})
	plan := session.Plan(t.Context(), edited)
	if said := session.Apply(t.Context(), plan); plan.Action != tfcore.Update || said.HasErrors() {
		t.Fatalf("planned to %s, said %s", plan, said)
	}
	world.ExpectJournal(t)
	began := world.Clock.Now()
	acctest.ExpectError(t, destroy(t, session), "", "still running")
	if took := world.Clock.Now().Sub(began); took < 5*time.Second || took > 12*time.Second {
		t.Errorf("took %s, want about 7 s", took)
	}
}

// TestAccTimeoutAfterStart: when the time is up between start and pause, the
// task is in the state all the same.
func TestAccTimeoutAfterStart(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.AnswerAlways(acctest.Update, "RequestLimitExceeded"))
	session := world.Session(t)
	_, said := session.ApplyConfig(t.Context(), world.Values(t, tfcore.Values{
		"paused": true, "timeouts": tfcore.Values{"create": "20s"},
	}))
	acctest.ExpectError(t, said, "", "pause the stream ingest")
	acctest.ExpectAttributes(t, session, tfcore.Values{"task_id": world.Mock.Alive()[0].ID})
}
