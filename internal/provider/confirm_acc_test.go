package provider_test

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestAccConfirm: a new task is asked for until it shows. That it does not, or
// cannot be read, is a warning, and never a lost task.
func TestAccConfirm(t *testing.T) {
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
		"not readable": {
			fault: &trtcmock.Fault{Action: acctest.Describe, Kind: trtcmock.FaultCode, Code: unreadable},
			calls: []string{acctest.Start, acctest.Describe + ":" + unreadable}, status: "InProgress", warning: "could not be read",
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
			said := acctest.ExpectApply(t, session, config, tfcore.Create)
			world.ExpectJournal(t, test.calls...)
			if test.warning == "" && len(said) > 0 {
				t.Errorf("said %s, want nothing", said)
			}
			if test.warning != "" {
				acctest.ExpectWarning(t, said, test.warning)
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

// TestAccConfirmEndedAtOnce: a stream that ends at once is told, and the next
// plan starts it anew.
func TestAccConfirmEndedAtOnce(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.TaskDuration = time.Millisecond })
	world.Inject(t, trtcmock.Fault{Action: acctest.Describe, Kind: trtcmock.FaultHTML502})
	session, config := world.Session(t), world.Values(t, nil)
	said := acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectWarning(t, said, "could not be played")
	acctest.ExpectAttributes(t, session, tfcore.Values{"status": "NotExist"})
	if said := session.Refresh(t.Context()); len(said) > 0 {
		t.Error(said)
	}
	acctest.ExpectState(t, session, nil)
}
