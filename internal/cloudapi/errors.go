package cloudapi

import (
	"errors"
	"fmt"
)

// APIError is an answer of the service that carries an error code.
type APIError struct {
	// Action is the API action, such as "StartStreamIngest".
	Action string
	// Code is the service's code, such as "FailedOperation.TaskExist".
	Code string
	// Message is the service's text, for people only: it may change. It is one
	// line of at most 512 bytes, without the secrets of the request.
	Message string
	// RequestID identifies the call to Tencent's support, or is empty.
	RequestID string
}

// Error returns action, code, message and RequestId.
func (e *APIError) Error() string {
	text := fmt.Sprintf("%s: %s: %s", e.Action, e.Code, e.Message)
	if e.RequestID != "" {
		text += fmt.Sprintf(" (RequestId %s)", e.RequestID)
	}
	return text
}

// Reason is why an exchange gave no readable answer.
type Reason int

// The reasons for an exchange without a readable answer.
const (
	// NoConnection: dialling, name resolution or the TLS handshake failed.
	NoConnection Reason = iota
	// ConnectionLost: the connection broke after the request was written.
	ConnectionLost
	// TimedOut: the deadline of the attempt passed.
	TimedOut
	// Cancelled: the caller's context was cancelled.
	Cancelled
	// Redirected: the host answered with a redirect, which is never followed.
	Redirected
	// BadStatus: an HTTP status other than 200 without an error envelope.
	BadStatus
	// TooLarge: the body exceeds MaxBodyBytes.
	TooLarge
	// Unreadable: the body is cut short or is not the documented envelope.
	Unreadable
	// NotEncodable: the request itself could not be built, or names no host.
	NotEncodable
)

// String returns the reason in words that fit after "because".
func (r Reason) String() string {
	switch r {
	case NoConnection:
		return "no connection could be made"
	case ConnectionLost:
		return "the connection was lost"
	case TimedOut:
		return "no answer came in time"
	case Cancelled:
		return "the operation was cancelled"
	case Redirected:
		return "the host answered with a redirect, which is not followed"
	case BadStatus:
		return "the host answered with an unexpected HTTP status"
	case TooLarge:
		return "the answer was too large"
	case Unreadable:
		return "the answer could not be read"
	case NotEncodable:
		return "the request could not be built"
	default:
		return "of an unknown fault"
	}
}

// ExchangeError is a call without a readable answer.
type ExchangeError struct {
	// Action is the API action.
	Action string
	// Host is the host the request was for.
	Host string
	// Outcome is NotSent or Ambiguous.
	Outcome Outcome
	// Reason is why there is no answer.
	Reason Reason
	// Status is the HTTP status, or 0 when none was received.
	Status int
	// RequestID identifies the call when the answer had one, else it is empty.
	RequestID string
	// Err is the cause, or nil. It never holds any part of a body.
	Err error
}

// Error says what happened, with status and cause where known.
func (e *ExchangeError) Error() string {
	text := fmt.Sprintf("%s to %s: %s", e.Action, e.Host, e.Reason)
	if e.Status != 0 {
		text += fmt.Sprintf(" (HTTP status %d)", e.Status)
	}
	if e.Err != nil {
		text += ": " + tidy(e.Err.Error(), maxCause)
	}
	return text
}

// Unwrap returns the cause.
func (e *ExchangeError) Unwrap() error { return e.Err }

// OutcomeOf tells what is known of the call that ended with err.
func OutcomeOf(err error) Outcome {
	var refused *APIError
	var failed *ExchangeError
	switch {
	case err == nil:
		return Answered
	case errors.As(err, &refused):
		return Refused
	case errors.As(err, &failed):
		return failed.Outcome
	default:
		return NotSent
	}
}
