package trtcclient

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// Class is the meaning of a failed call: whether to retry it, and how to explain
// it.
type Class int

// The classes of a failed call.
const (
	Rejected      Class = iota // an error code; sending the same again gives the same
	Throttled                  // refused by the rate limit before the service ran it
	ServerFault                // an error code for a fault that passes; a start may have run
	Unread                     // the service could not read the task, which says nothing about it; a fault that passes
	NoCapacity                 // an error code for a lack of capacity; the call did not run
	Conflict                   // a task of the same key exists, possibly one just stopped
	Gone                       // the task that the call names has ended
	ClockSkew                  // the signature was refused for its time; the next one has the service's time
	Unreachable                // the request was never written; sending it again is always safe
	Blocked                    // a proxy, a certificate or TLS prevents every connection; nothing was sent
	NoAnswer                   // no readable response, or the service was unavailable; a start may have run
	ForeignAnswer              // a redirect, or an HTTP status that blames the request; a start may have run
	NoCredentials              // there is no key to sign with; nothing was sent
	Interrupted                // the caller's context was canceled
	TimedOut                   // the caller's deadline passed before the request was sent
	Defect                     // the request could not be built, or was written more than once
)

// Error is a failed call. Every method of Client returns one, or nil.
type Error struct {
	Action string
	Class  Class
	// MayHaveRun reports that the service may have run the call. After a start, a
	// task may be running and billed, and its TaskId is not known.
	MayHaveRun bool
	Since      time.Time // when the first attempt that may have run was sent, or zero
	// OutOfTime reports that the call would have been retried, or sent, had the
	// caller's deadline left time for it.
	OutOfTime bool
	Reason    cloudapi.Reason // why there was no readable response, or empty
	Code      string          // the service's error code, or empty
	Message   string          // the service's text of one line, or empty; it may change
	// RequestID is the service's ID of the last attempt, or empty. For a start that
	// may have run, it is the ID of the latest attempt that may have run.
	RequestID string
	// Err is the cause: an *cloudapi.APIError, an *cloudapi.ExchangeError, a
	// context's error, or the error of the credential source.
	Err error

	outcome cloudapi.Outcome
}

// Error names the action and describes the failure.
func (e *Error) Error() string {
	switch {
	case e.Class == NoCredentials:
		return fmt.Sprintf("%s: no credentials: %v", e.Action, e.Err)
	case e.Class == Interrupted && !e.MayHaveRun && e.Code == "", e.Class == TimedOut:
		return fmt.Sprintf("%s: %v before the request was sent", e.Action, e.Err)
	case e.Class == Interrupted:
		return fmt.Sprintf("%s: interrupted: %v", e.Action, e.Err)
	case e.OutOfTime:
		return fmt.Sprintf("%v; no time was left for a retry", e.Err)
	default:
		return e.Err.Error()
	}
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// IsClass reports whether err is an *Error of class.
func IsClass(err error, class Class) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.Class == class
}

// classify returns the one Error of an exchange that ended with err, an error of
// package cloudapi.
func classify(action, requestID string, err error) *Error {
	failed := &Error{Action: action, RequestID: requestID, Err: err}
	if refused, ok := errors.AsType[*cloudapi.APIError](err); ok {
		failed.Code, failed.Message, failed.outcome = refused.Code, refused.Message, cloudapi.Refused
		failed.Class = ClassOfCode(refused.Code)
		if refused.ClockCorrected {
			failed.Class = ClockSkew
		}
		failed.MayHaveRun = failed.Class == ServerFault || failed.Class == NoAnswer
	}
	if exchange, ok := errors.AsType[*cloudapi.ExchangeError](err); ok {
		failed.Class, failed.outcome, failed.Reason = classOf(exchange), exchange.Outcome, exchange.Reason
		failed.MayHaveRun = exchange.Outcome == cloudapi.Ambiguous
	}
	return failed
}

// classOf returns the class of an exchange without a readable response.
func classOf(exchange *cloudapi.ExchangeError) Class {
	written := exchange.Outcome == cloudapi.Ambiguous
	switch {
	case exchange.Reason == cloudapi.SentTwice, exchange.Reason == cloudapi.NotEncodable:
		return Defect
	case exchange.Reason == cloudapi.Canceled:
		return Interrupted
	case written && exchange.Permanent():
		return ForeignAnswer
	case written:
		return NoAnswer
	case exchange.Permanent():
		return Blocked
	default:
		return Unreachable
	}
}

// waitEnded returns the Error of a call whose context ended with err while the
// call waited: before its first attempt, or after one that failed with last.
func waitEnded(action string, last *Error, err error) *Error {
	failed := Error{Action: action, Class: TimedOut, Err: err}
	if last != nil {
		failed = *last
	}
	failed.OutOfTime = errors.Is(err, context.DeadlineExceeded)
	if !failed.OutOfTime {
		failed.Class = Interrupted
	}
	if !failed.OutOfTime && last != nil {
		failed.Err = fmt.Errorf("%w, after %w", err, last.Err)
	}
	return &failed
}
