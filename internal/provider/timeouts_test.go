package provider_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// operations returns the operations by their names in timeouts.
func operations() map[string]scenario {
	return map[string]scenario{
		"create": {begin: planned, command: apply},
		"read":   {begin: created, command: refresh},
		"update": {begin: created, command: apply, change: tfcore.Values{"volume": 1}},
		"delete": {begin: created, command: remove},
	}
}

// TestTimeouts checks that every operation ends when its default or configured
// timeout expires. The service refuses all calls by rate limit, which is retried
// without end.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	minutes := map[string]time.Duration{"create": 2 * time.Minute, "read": time.Minute, "update": time.Minute, "delete": 2 * time.Minute}
	for name, operation := range operations() {
		operation.faults = []trtcmock.Fault{acctest.RejectAll("", throttled)}
		operation.fails = []string{
			throttled, "requests_per_second", "The operation timed out before the provider could retry.", "raise timeouts." + name,
		}
		byDefault, configured := operation, operation
		byDefault.took = minutes[name]
		configured.before, configured.took = tfcore.Values{"timeouts": tfcore.Values{name: "40s"}}, 40*time.Second
		runScenarios(t, map[string]scenario{name + ", default": byDefault, name + ", configured": configured})
	}
}

// TestTimeoutsCutRetries checks that an error that would have been retried names
// the argument that gives more time, and that other errors do not.
func TestTimeoutsCutRetries(t *testing.T) {
	t.Parallel()
	for name, operation := range operations() {
		for code, retried := range map[string]bool{"InternalError.DBError": true, "InvalidParameterValue": false} {
			t.Run(name+"/"+code, func(t *testing.T) {
				t.Parallel()
				world := acctest.NewWorld(t)
				config := world.Values(t, tfcore.Values{"timeouts": tfcore.Values{name: "1s"}})
				session := operation.begin(t, world, config)
				world.Inject(t, acctest.RejectAll("", code))
				_, diags := operation.command(t.Context(), session, config.With(operation.change))
				acctest.ExpectError(t, diags, "", code)
				if named := len(diags.Errors().Mentioning("timeouts."+name)) > 0; named != retried {
					t.Errorf("diagnostics: %q; names the argument: %t, want %t", diags, named, retried)
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
	acctest.ExpectError(t, diags, "", "may have started", "timeouts.create expired first")
	if len(diags.Mentioning("Try again")) > 0 {
		t.Errorf("diagnostics: %q", diags)
	}
	world.ExpectJournal(t, slices.Repeat([]string{acctest.Start + ":InternalError"}, 2)...)
}

// TestTimeoutsBetweenCalls checks timeouts that expire while no call is made.
func TestTimeoutsBetweenCalls(t *testing.T) {
	t.Parallel()
	soon := tfcore.Values{"timeouts": tfcore.Values{"read": "1s"}}
	runScenarios(t, map[string]scenario{
		"before the second read": {
			before: soon, begin: created, happens: (*acctest.World).FinishAll, command: refresh,
			fails: []string{"Operation timed out", "a second read to confirm it", "raise timeouts.read"}, calls: describes(1),
		},
		"between start and pause": {
			begin: planned, command: apply, faults: []trtcmock.Fault{acctest.RejectAll(acctest.Update, throttled)},
			change: tfcore.Values{"paused": true, "timeouts": tfcore.Values{"create": "20s"}},
			warns:  []string{"pause the stream ingest"}, state: tfcore.Values{"status": "InProgress"},
		},
	})
}

// TestTimeoutsWhileQueued checks requests that wait for the rate limit longer
// than the timeout.
func TestTimeoutsWhileQueued(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Provider(t, tfcore.Values{"requests_per_second": 1}).Session(acctest.ResourceType)
	config := world.Values(t, tfcore.Values{"timeouts": tfcore.Values{"read": "1s"}})
	acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectError(t, session.Refresh(t.Context()), "", "still queued by the rate limiter", "requests_per_second", "raise timeouts.read")
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
	_, session, _ := scenario{
		service: lingering(time.Hour), begin: created, command: apply, change: tfcore.Values{"timeouts": tfcore.Values{"delete": "7s"}},
		action: tfcore.Update, calls: noCall,
	}.run(t)
	_, diags := remove(t.Context(), session, nil)
	acctest.ExpectError(t, diags, "", "still running")
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
