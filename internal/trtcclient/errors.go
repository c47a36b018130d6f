package trtcclient

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// Class is what a failed call means: whether to send it again, and how to
// explain it.
type Class int

// The classes of a failed call.
const (
	// Rejected: an error code; sending the same again gives the same.
	Rejected Class = iota
	// Throttled: refused by the rate limit before the service ran it.
	Throttled
	// ServerFault: an error code for a fault that passes. A start may have run.
	ServerFault
	// Unread: the service could not read the task, which says nothing about it; a
	// fault that passes.
	Unread
	// NoCapacity: an error code for a lack of capacity; the call did not run.
	NoCapacity
	// Conflict: a task of the same key exists, possibly one just stopped.
	Conflict
	// Gone: the task that the call names has ended.
	Gone
	// ClockSkew: the signature was refused for its time; the next one has the
	// service's time.
	ClockSkew
	// NoConnection: the request was never written; sending it is always safe.
	NoConnection
	// ProxyInvalid: a proxy variable is not a valid URL; nothing was sent.
	ProxyInvalid
	// ProxyRefused: the proxy refuses to connect; nothing was sent.
	ProxyRefused
	// Untrusted: the host's certificate is not valid here; nothing was sent.
	Untrusted
	// TLSRefused: host and client do not agree on TLS; nothing was sent.
	TLSRefused
	// NoAnswer: no readable answer, or the service was unavailable. A start may
	// have run.
	NoAnswer
	// ForeignAnswer: the host answered as the API does not, with a redirect or
	// an HTTP status that blames the request. A start may have run.
	ForeignAnswer
	// NoCredentials: there is no key to sign with; nothing was sent.
	NoCredentials
	// Interrupted: the caller's context was canceled.
	Interrupted
	// TimedOut: the caller's deadline passed before the request was sent.
	TimedOut
	// Defect: the request could not be built, or was written more than once.
	Defect
)

// Error is a failed call. Every method of Client returns one, or nil.
type Error struct {
	// Action is the API action.
	Action string
	// Class is what the failure means.
	Class Class
	// MayHaveRun reports that the service may have run the call. After a start, a
	// task may be running and billed, and its TaskId is not known.
	MayHaveRun bool
	// Since is when the first attempt that may have run was sent, or zero.
	Since time.Time
	// OutOfTime reports that the call would have been repeated, or sent, had the
	// caller's deadline left time for it.
	OutOfTime bool
	// Code is the service's error code, or empty when it gave none.
	Code string
	// Message is the service's text of one line, or empty. It may change.
	Message string
	// RequestID identifies the last attempt to Tencent's support, or is empty. Of a
	// start that may have run it is that of the latest attempt that may have.
	RequestID string
	// Err is the cause: an *cloudapi.APIError, an *cloudapi.ExchangeError, a
	// context's error, or the error of the credential source.
	Err error

	// outcome and fault are what an observer is shown.
	outcome cloudapi.Outcome
	fault   string
}

// Error names the action and describes the failure.
func (e *Error) Error() string {
	switch {
	case e.Class == NoCredentials:
		return fmt.Sprintf("%s: no credentials: %v", e.Action, e.Err)
	case e.Class == Interrupted && e.outcome == cloudapi.NotSent && e.Code == "", e.Class == TimedOut:
		return fmt.Sprintf("%s: %v before the request was sent", e.Action, e.Err)
	case e.Class == Interrupted:
		return fmt.Sprintf("%s: interrupted: %v", e.Action, e.Err)
	case e.OutOfTime:
		return fmt.Sprintf("%v; no time was left to repeat it", e.Err)
	default:
		return e.Err.Error()
	}
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// IsError reports whether err is an answer of the service with one of codes.
func IsError(err error, codes ...string) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.Code != "" && slices.Contains(codes, failed.Code)
}

// IsGone reports whether err means that the task has ended.
func IsGone(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.Class == Gone
}

// classify makes the one Error of an exchange that ended with err, which
// package cloudapi returned.
func classify(action, requestID string, err error) *Error {
	failed := &Error{Action: action, RequestID: requestID, Err: err}
	var refused *cloudapi.APIError
	var exchange *cloudapi.ExchangeError
	switch {
	case errors.As(err, &refused):
		failed.Code, failed.Message, failed.outcome = refused.Code, refused.Message, cloudapi.Refused
		failed.Class = Explain(refused.Code).Class
		if refused.ClockCorrected {
			failed.Class = ClockSkew
		}
		failed.MayHaveRun = failed.Class == ServerFault || failed.Class == NoAnswer
	case errors.As(err, &exchange):
		failed.outcome, failed.fault = exchange.Outcome, string(exchange.Reason)
		failed.MayHaveRun = exchange.Outcome == cloudapi.Ambiguous
		failed.Class = classOf(exchange)
	}
	return failed
}

// classOf returns the class of an exchange without an answer.
func classOf(exchange *cloudapi.ExchangeError) Class {
	switch reason := exchange.Reason; {
	case reason == cloudapi.SentTwice, reason == cloudapi.NotEncodable:
		return Defect
	case reason == cloudapi.Canceled:
		return Interrupted
	case exchange.Outcome == cloudapi.Ambiguous && exchange.Permanent():
		return ForeignAnswer
	case exchange.Outcome == cloudapi.Ambiguous:
		return NoAnswer
	case reason == cloudapi.ProxyInvalid:
		return ProxyInvalid
	case reason == cloudapi.ProxyRefused:
		return ProxyRefused
	case reason == cloudapi.Untrusted:
		return Untrusted
	case reason == cloudapi.TLSRefused:
		return TLSRefused
	default:
		return NoConnection
	}
}

// waitEnded makes the Error of a call whose context ended with err while the
// call waited: before its first attempt, or after one that failed with last.
func waitEnded(action string, last *Error, err error) *Error {
	canceled := !errors.Is(err, context.DeadlineExceeded)
	switch {
	case last == nil && canceled:
		return &Error{Action: action, Class: Interrupted, Err: err}
	case last == nil:
		return &Error{Action: action, Class: TimedOut, OutOfTime: true, Err: err}
	}
	failed := *last
	if canceled {
		failed.Class, failed.Err = Interrupted, &waitError{err: err, last: last.Err}
	}
	failed.OutOfTime = !canceled
	return &failed
}

// waitError is a canceled wait for a repetition.
type waitError struct{ err, last error }

// Error names the end of the wait and the failure before it.
func (e *waitError) Error() string { return fmt.Sprintf("%v, after %v", e.err, e.last) }

// Unwrap returns both causes.
func (e *waitError) Unwrap() []error { return []error{e.err, e.last} }
