package provider_test

import (
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The operations, by their names in timeouts.
const (
	onCreate = "create"
	onRead   = "read"
	onUpdate = "update"
	onDelete = "delete"
)

// operate runs the operation without another call before it.
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

// TestTimeouts checks that every operation ends when its default or configured
// timeout expires. The service refuses all calls by rate limit, which is
// retried without end.
func TestTimeouts(t *testing.T) {
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
			world.Inject(t, acctest.RejectAll("", "RequestLimitExceeded"))
			began := world.Clock.Now()
			diags := operate(t, session, config, test.operation)
			acctest.ExpectError(t, diags, "", "RequestLimitExceeded", "requests_per_second",
				"The operation timed out before the request could be repeated.", "raise timeouts."+test.operation)
			if took := world.Clock.Now().Sub(began); took < test.want-10*time.Second || took > test.want+10*time.Second {
				t.Errorf("took %s, want about %s", took, test.want)
			}
			acctest.ExpectState(t, session, before)
		})
	}
}

// TestTimeoutsCutRetries checks that an error that would have been retried
// names the argument that gives more time, and that other errors do not.
func TestTimeoutsCutRetries(t *testing.T) {
	t.Parallel()
	always := func(kind string) trtcmock.Fault { return trtcmock.Fault{Kind: kind, Times: -1} }
	for name, test := range map[string]struct {
		fault   trtcmock.Fault
		mention string
		// once is true when a start is not retried.
		once bool
	}{
		"server fault":    {acctest.RejectAll("", "InternalError.DBError"), "InternalError.DBError", false},
		"no capacity":     {acctest.RejectAll("", "ResourceInsufficient.RequestRejection"), "ResourceInsufficient.RequestRejection", false},
		"unavailable":     {acctest.RejectAll("", "ServiceUnavailable"), "ServiceUnavailable", true},
		"gateway page":    {always(trtcmock.FaultHTML502), "HTTP status 502", true},
		"connection lost": {always(trtcmock.FaultDropAfter), "connection was lost", true},
		"refused":         {acctest.RejectAll("", "InvalidParameterValue"), "InvalidParameterValue", true},
	} {
		for _, operation := range []string{onCreate, onRead, onUpdate, onDelete} {
			t.Run(name+"/"+operation, func(t *testing.T) {
				t.Parallel()
				world := acctest.NewWorld(t)
				session := world.Session(t)
				config := world.Values(t, tfcore.Values{"timeouts": tfcore.Values{operation: "1s"}})
				if operation != onCreate {
					acctest.ExpectApply(t, session, config.With(tfcore.Values{"timeouts": nil}), tfcore.Create)
					acctest.ExpectApply(t, session, config, tfcore.Update)
				}
				world.Inject(t, test.fault)
				diags := operate(t, session, config, operation)
				acctest.ExpectError(t, diags, "", test.mention)
				cut := name != "refused" && (operation != onCreate || !test.once)
				if named := len(diags.Errors().Mentioning("timeouts."+operation)) > 0; named != cut {
					t.Errorf("diagnostics: %q; names the argument: %v, want %v", diags, named, cut)
				}
				if cut && len(diags.Mentioning("as often as is safe")) > 0 {
					t.Errorf("diagnostics: %q of a request that was not", diags)
				}
			})
		}
	}
}

// TestTimeoutsCutStart checks that the error of a start that may have run does
// not advise to try again.
func TestTimeoutsCutStart(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.RejectAll(acctest.Start, "InternalError"))
	_, diags := world.Session(t).ApplyConfig(t.Context(), world.Values(t, tfcore.Values{"timeouts": tfcore.Values{"create": "5s"}}))
	acctest.ExpectError(t, diags, "", "may have started", "timeouts.create left no time")
	if len(diags.Mentioning("Try again")) > 0 {
		t.Errorf("diagnostics: %q", diags)
	}
	world.ExpectJournal(t, starts(2, "InternalError")...)
}

// TestTimeoutsWhileQueued checks requests that wait for the rate limit longer
// than the timeout.
func TestTimeoutsWhileQueued(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := acctest.SessionOf(t, world.Provider(t, tfcore.Values{"requests_per_second": 1}))
	config := world.Values(t, tfcore.Values{"timeouts": tfcore.Values{"read": "1s"}})
	acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectError(t, session.Refresh(t.Context()), "", "still queued by the rate limiter", "requests_per_second", "raise timeouts.read")
}

// TestTimeoutsSecondRead checks a timeout between the two reads that confirm
// the end of a task.
func TestTimeoutsSecondRead(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Created(t, world.Values(t, tfcore.Values{"timeouts": tfcore.Values{"read": "1s"}}))
	before := session.State()
	world.FinishAll()
	acctest.ExpectError(t, session.Refresh(t.Context()), "", "Operation timed out", "a second read to confirm it", "raise timeouts.read")
	acctest.ExpectState(t, session, before)
}

// TestTimeoutsStopUnconfirmed checks a stop that was accepted but whose effect
// could not be read.
func TestTimeoutsStopUnconfirmed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   trtcmock.Fault
		mention string
	}{
		"rate limit":   {acctest.RejectAll(acctest.Describe, "RequestLimitExceeded"), "RequestLimitExceeded"},
		"gateway page": {trtcmock.Fault{Action: acctest.Describe, Kind: trtcmock.FaultHTML502, Times: -1}, "HTTP status 502"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, tfcore.Values{"timeouts": tfcore.Values{"delete": "1s"}}))
			before := session.State()
			world.Inject(t, test.fault)
			acctest.ExpectError(t, destroy(t, session), "", "still running", "has not confirmed that the task is gone", test.mention, "raise timeouts.delete")
			acctest.ExpectState(t, session, before)
		})
	}
}

// TestTimeoutsFixed checks that no argument is named where none sets the
// timeout.
func TestTimeoutsFixed(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	below := world.Provider(t, nil)
	world.Inject(t, acctest.RejectAll("", "RequestLimitExceeded"))
	named := tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "x"}
	_, read := below.ReadData(t.Context(), acctest.DataSourceType, named)
	_, stopped := below.Invoke(t.Context(), acctest.ResourceType+"_stop", named)
	for _, diags := range []tfcore.Diagnostics{read, stopped} {
		acctest.ExpectError(t, diags, "", "RequestLimitExceeded", "The operation timed out", "Try again.")
		if len(diags.Mentioning("timeouts")) > 0 {
			t.Errorf("diagnostics: %q, which has no timeouts", diags)
		}
	}
}

// TestTimeoutsOnlyEdit checks that changing only the timeouts makes no call and
// takes effect.
func TestTimeoutsOnlyEdit(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = time.Hour })
	config := world.Values(t, nil)
	session := world.Created(t, config)
	edited := config.With(tfcore.Values{"timeouts": tfcore.Values{"delete": "7s"}})
	plan := session.Plan(t.Context(), edited)
	if diags := session.Apply(t.Context(), plan); plan.Action != tfcore.Update || diags.HasErrors() {
		t.Fatalf("planned to %s; diagnostics: %s", plan, diags)
	}
	world.ExpectJournal(t)
	began := world.Clock.Now()
	acctest.ExpectError(t, destroy(t, session), "", "still running")
	if took := world.Clock.Now().Sub(began); took < 5*time.Second || took > 12*time.Second {
		t.Errorf("took %s, want about 7 s", took)
	}
}

// TestTimeoutAfterStart checks that the task is in state when the timeout
// expires between start and pause.
func TestTimeoutAfterStart(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Inject(t, acctest.RejectAll(acctest.Update, "RequestLimitExceeded"))
	session := world.Session(t)
	_, diags := session.ApplyConfig(t.Context(), world.Values(t, tfcore.Values{
		"paused": true, "timeouts": tfcore.Values{"create": "20s"},
	}))
	acctest.ExpectWarning(t, diags, "pause the stream ingest")
	acctest.ExpectAttributes(t, session, tfcore.Values{"task_id": world.Mock.Alive()[0].ID})
}

// TestAccTimeoutsOfOldState checks that a state whose timeouts leave no time,
// which older versions accepted, can be refreshed and destroyed.
func TestAccTimeoutsOfOldState(t *testing.T) {
	t.Parallel()
	for _, stored := range []string{"0s", "-5m"} {
		t.Run(stored, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			cli := world.CLI(t)
			cli.Write(t, "main.tf", world.Config(t, acctest.Arguments{"timeouts": `{ read = "41s", delete = "42s" }`}))
			cli.MustRun(t, "apply", "-auto-approve")
			state := strings.NewReplacer("41s", stored, "42s", stored).Replace(cli.Read(t, "terraform.tfstate"))
			cli.Write(t, "terraform.tfstate", state)
			world.Mock.ResetJournal()
			cli.MustRun(t, "destroy", "-auto-approve")
			world.ExpectJournal(t, acctest.Describe, acctest.Stop, acctest.Describe)
		})
	}
}
