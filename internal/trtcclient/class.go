package trtcclient

import (
	"errors"
	"net/http"
	"slices"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// Class says what a failed call means for sending it again.
type Class int

// The classes of a failed call.
const (
	// Final: sending the same again gives the same.
	Final Class = iota
	// Unsent: the request was never written; sending it is always safe.
	Unsent
	// Throttled: refused by rate limit before the service ran it.
	Throttled
	// Faulty: a server fault that asks for a repetition. A start may have run.
	Faulty
	// Lost: no readable answer, or the service was unavailable. A start may
	// have run.
	Lost
	// Busy: no capacity now; the call did not run.
	Busy
	// Lingering: a task of the same key exists, perhaps one just stopped.
	Lingering
	// Gone: the task that the call names has ended.
	Gone
)

// MayHaveRun tells whether a start that failed with this class may have put a
// stream into the room all the same.
func (c Class) MayHaveRun() bool { return c == Faulty || c == Lost }

// ClassOf tells the class of a failed call.
func ClassOf(err error) Class {
	var refused *cloudapi.APIError
	var failed *cloudapi.ExchangeError
	switch {
	case isCredentialError(err):
		return Final
	case errors.As(err, &refused):
		return Explain(refused.Code).Class
	case !errors.As(err, &failed):
		return Final
	case failed.Outcome == cloudapi.Ambiguous && settled(failed):
		return Final
	case failed.Outcome == cloudapi.Ambiguous:
		return Lost
	case failed.Reason == cloudapi.NoConnection || failed.Reason == cloudapi.TimedOut:
		return Unsent
	default:
		return Final
	}
}

// settled tells an answer that the same host gives again: a redirect, or a
// status that blames the request and not its moment.
func settled(failed *cloudapi.ExchangeError) bool {
	switch failed.Status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	default:
		return failed.Reason == cloudapi.Redirected ||
			(failed.Reason == cloudapi.BadStatus && failed.Status >= 400 && failed.Status < 500)
	}
}

// mayHaveRun is Class.MayHaveRun for an exchange, which tells more than its
// class: what a settled answer left behind is unknown, though repeating is
// useless.
func mayHaveRun(err error) bool {
	return cloudapi.OutcomeOf(err) == cloudapi.Ambiguous || ClassOf(err).MayHaveRun()
}

// IsError tells whether err is an answer of the service with one of codes.
func IsError(err error, codes ...string) bool {
	var refused *cloudapi.APIError
	return errors.As(err, &refused) && slices.Contains(codes, refused.Code)
}

// IsGone tells whether err says that the task has ended.
func IsGone(err error) bool { return ClassOf(err) == Gone }
