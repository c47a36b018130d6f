package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// timedOut explains an operation whose time was up before it had an answer to
// tell of.
func (o operation) timedOut(err error) diag.Diagnostic {
	const summary = "The time for the operation is up"
	var interrupted *trtcclient.InterruptedError
	if errors.As(err, &interrupted) {
		return o.explained(summary, interrupted.Action+" waited for its turn, and was not sent. "+
			"Each action takes at most requests_per_second in each region, so many tasks take their time.", o.moreTime())
	}
	return o.explained(summary, sentence(err.Error()), o.moreTime())
}

// outOfTime says that a request would have been sent again had there been time,
// or nothing when the time was not to blame.
func (o operation) outOfTime(err error) string {
	if !ranOutOfTime(err) {
		return ""
	}
	return "The time for the operation was up before the request could be repeated. " + o.moreTime()
}

// ranOutOfTime tells the end of an operation's time from that of one attempt.
func ranOutOfTime(err error) bool {
	var interrupted *trtcclient.InterruptedError
	return errors.As(err, &interrupted) && errors.Is(interrupted.Err, context.DeadlineExceeded)
}

// moreTime names the argument that gives the operation more time, where there
// is one.
func (o operation) moreTime() string {
	if o.timeout == "" {
		return "Try again."
	}
	return "Try again, or raise timeouts." + o.timeout + "."
}

func (o operation) stillRunningAdvice() string {
	if o.timeout == "" {
		return "Run the action again."
	}
	return "It stays in the state, so that nothing runs unseen. Run terraform destroy again, or raise timeouts." + o.timeout + "."
}
