package provider_test

import (
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const (
	internalError = "InternalError.InternalError"
	throttled     = "RequestLimitExceeded"
	taskExist     = "FailedOperation.TaskExist"
)

// starts returns n starts, each answered with code.
func starts(n int, code string) []string {
	var calls []string
	for range n {
		calls = append(calls, acctest.Start+":"+code)
	}
	return calls
}

// TestOneStart checks that a start is sent again only when it provably did not
// run or the service asks for it, and that at most one task runs.
func TestOneStart(t *testing.T) {
	t.Parallel()
	running := []string{acctest.Start, acctest.Describe}
	for name, test := range map[string]struct {
		faults []trtcmock.Fault
		calls  []string
		// mention is empty when the create must succeed.
		mention string
		// took is the sum of the waits, within 20 %.
		took time.Duration
	}{
		"internal error once": {
			[]trtcmock.Fault{acctest.RejectNext(acctest.Start, internalError)},
			append(starts(1, internalError), running...), "", 3 * time.Second,
		},
		"internal error three times": {
			[]trtcmock.Fault{{Action: acctest.Start, Kind: trtcmock.FaultCode, Code: internalError, Times: 3}},
			append(starts(3, internalError), running...), "", 21 * time.Second,
		},
		"internal error, always": {
			[]trtcmock.Fault{acctest.RejectAll(acctest.Start, internalError)},
			starts(4, internalError), "may have started", 21 * time.Second,
		},
		"internal error, but it ran": {
			[]trtcmock.Fault{{Action: acctest.Start, Kind: trtcmock.FaultCodeAfter, Code: internalError}},
			append(starts(1, internalError), starts(1, taskExist)...), "may have started", 3 * time.Second,
		},
		"rate limit": {
			[]trtcmock.Fault{{Action: acctest.Start, Kind: trtcmock.FaultCode, Code: throttled, Times: 2}},
			append(starts(2, throttled), running...), "", 0,
		},
		"answer lost, not run":   {[]trtcmock.Fault{acctest.FailNext(acctest.Start, trtcmock.FaultDropBefore)}, []string{acctest.Start}, "may have started", 0},
		"answer lost, run":       {[]trtcmock.Fault{acctest.FailNext(acctest.Start, trtcmock.FaultDropAfter)}, []string{acctest.Start}, "may have started", 0},
		"answer cut":             {[]trtcmock.Fault{acctest.FailNext(acctest.Start, trtcmock.FaultTruncate)}, []string{acctest.Start}, "may have started", 0},
		"gateway page":           {[]trtcmock.Fault{acctest.FailNext(acctest.Start, trtcmock.FaultHTML502After)}, []string{acctest.Start}, "may have started", 0},
		"server error":           {[]trtcmock.Fault{acctest.FailNext(acctest.Start, trtcmock.FaultStatus500)}, []string{acctest.Start}, "may have started", 0},
		"answer without TaskId":  {[]trtcmock.Fault{acctest.FailNext(acctest.Start, trtcmock.FaultEmptyObject)}, []string{acctest.Start}, "may have started", 0},
		"answer null":            {[]trtcmock.Fault{acctest.FailNext(acctest.Start, trtcmock.FaultNull)}, []string{acctest.Start}, "may have started", 0},
		"answer of megabytes":    {[]trtcmock.Fault{acctest.FailNext(acctest.Start, trtcmock.FaultHuge)}, []string{acctest.Start}, "may have started", 0},
		"service unavailable":    {[]trtcmock.Fault{acctest.RejectNext(acctest.Start, "ServiceUnavailable")}, starts(1, "ServiceUnavailable"), "may have started", 0},
		"refused":                {[]trtcmock.Fault{acctest.RejectNext(acctest.Start, "FailedOperation.NotAllowed")}, starts(1, "FailedOperation.NotAllowed"), "NotAllowed", 0},
		"invalid in their eyes":  {[]trtcmock.Fault{acctest.RejectNext(acctest.Start, "InvalidParameterValue")}, starts(1, "InvalidParameterValue"), "InvalidParameterValue", 0},
		"redirected by somebody": {[]trtcmock.Fault{acctest.FailNext(acctest.Start, trtcmock.FaultRedirect307)}, []string{acctest.Start}, "may have started", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Inject(t, test.faults...)
			session := world.Session(t)
			began := world.Clock.Now()
			_, diags := session.ApplyConfig(t.Context(), world.Values(t, nil))
			succeeded := test.calls[len(test.calls)-1] == acctest.Describe
			if succeeded == diags.HasErrors() || test.mention != "" && len(diags.Mentioning(test.mention)) == 0 {
				t.Errorf("diagnostics: %q, want a mention of %q", diags, test.mention)
			}
			if succeeded != (session.State() != nil) {
				t.Errorf("state = %v", session.State())
			}
			took := world.Clock.Now().Sub(began)
			if test.took > 0 && (took < test.took*4/5 || took > test.took*6/5) {
				t.Errorf("took %s, want about %s", took, test.took)
			}
			if alive := world.Mock.Alive(); len(alive) > 1 {
				t.Errorf("%d tasks run", len(alive))
			}
			world.ExpectJournal(t, test.calls...)
		})
	}
}

// TestLostStart checks that the error says how to find the task and what it
// costs.
func TestLostStart(t *testing.T) {
	t.Parallel()
	for runs, changes := range map[string]tfcore.Values{
		"for at most max_duration, 45 minutes": {"repeat_num": -1, "max_duration": 45},
		"until somebody stops it":              {"repeat_num": -1},
		"until it ends on its own":             {"repeat_num": 2},
	} {
		world := acctest.NewWorld(t)
		world.Inject(t, acctest.FailNext(acctest.Start, trtcmock.FaultDropAfter))
		_, diags := world.Session(t).ApplyConfig(t.Context(), world.Values(t, changes))
		acctest.ExpectError(t, diags, "", "no response was received", "room 1001", "1400000001", "user robot-1", "ap-singapore",
			"billed", "the task runs "+runs, "terraform import ADDRESS 'ap-singapore/1400000001/", "2026-03-01T12:00:00Z")
	}
}

// TestStartWaitsForLingeringTask checks a start while a task for the same room and
// user, just stopped elsewhere, still exists for some seconds.
func TestStartWaitsForLingeringTask(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		linger  time.Duration
		mention string
	}{
		"for some seconds": {8 * time.Second, ""},
		"for long":         {time.Hour, "already running"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = test.linger })
			config := world.Values(t, nil)
			elsewhere := world.Created(t, config.With(tfcore.Values{"timeouts": tfcore.Values{"delete": "1s"}}))
			destroy(t, elsewhere)
			world.Mock.ResetJournal()
			began := world.Clock.Now()
			session := world.Session(t)
			_, diags := session.ApplyConfig(t.Context(), config)
			calls := strings.Join(world.Calls(), " ")
			if !strings.HasPrefix(calls, acctest.Start+":"+taskExist+" "+acctest.Start) {
				t.Errorf("calls = %v, want the start to be repeated", calls)
			}
			if test.mention == "" {
				if diags.HasErrors() {
					t.Error(diags)
				}
				return
			}
			acctest.ExpectError(t, diags, "", test.mention, "import", "<region>/<sdk_app_id>/<task_id>", taskExist)
			if took := world.Clock.Now().Sub(began); took < 12*time.Second || took > 18*time.Second {
				t.Errorf("gave up after %s, want about 15 s", took)
			}
		})
	}
}
