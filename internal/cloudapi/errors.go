package cloudapi

import (
	"fmt"
	"net/http"
)

// Outcome is what is known of a call once it ended.
type Outcome int

// The four outcomes of a call.
const (
	// NotSent: the request was never written; the service did not run it.
	NotSent Outcome = iota
	// Refused: the service answered with an error code.
	Refused
	// Answered: the service answered with success.
	Answered
	// Ambiguous: the request was written and no readable answer came back; the
	// service may have run it.
	Ambiguous
)

// String returns the outcome in lower-case words.
func (o Outcome) String() string {
	switch o {
	case NotSent:
		return "not sent"
	case Refused:
		return "refused"
	case Answered:
		return "answered"
	case Ambiguous:
		return "ambiguous"
	default:
		return "unknown"
	}
}

// APIError is an answer of the service that carries an error code.
type APIError struct {
	// Action is the API action, such as "StartStreamIngest".
	Action string
	// Code is the service's code, such as "FailedOperation.TaskExist".
	Code string
	// Message is the service's text, for people only: it may change. It is one
	// line of at most 512 bytes, without the secrets of the request.
	Message string
	// RequestID identifies the call to Tencent's support, or is empty. It is one
	// line of at most 64 bytes.
	RequestID string
	// ClockCorrected means that the signature was refused for its time, and that
	// the next call is stamped with the service's time.
	ClockCorrected bool
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
	// NoConnection: dialing, name resolution or the TLS handshake failed.
	NoConnection Reason = iota
	// ProxyInvalid: a proxy variable such as HTTPS_PROXY is not a valid URL.
	ProxyInvalid
	// ProxyRefused: the proxy refuses to connect, and would do so again.
	ProxyRefused
	// Untrusted: the host's certificate is not valid for it here.
	Untrusted
	// TLSRefused: host and client do not agree on TLS, or the host speaks none.
	TLSRefused
	// ConnectionLost: the connection broke after the request was written.
	ConnectionLost
	// TimedOut: the deadline of the attempt passed.
	TimedOut
	// Canceled: the caller's context was canceled.
	Canceled
	// Redirected: the host answered with a redirect, which is never followed.
	Redirected
	// BadStatus: an HTTP status other than 200 without an error envelope.
	BadStatus
	// TooLarge: the body exceeds MaxBodyBytes.
	TooLarge
	// Unreadable: the body is cut short or is not the documented envelope.
	Unreadable
	// SentTwice: the request was written more than once, which is a defect.
	SentTwice
	// NotEncodable: the request itself could not be built, or names no host.
	NotEncodable
)

// String returns the reason in words that fit after "because".
func (r Reason) String() string {
	switch r {
	case NoConnection:
		return "no connection could be made"
	case ProxyInvalid:
		return "the proxy setting is not valid"
	case ProxyRefused:
		return "the proxy does not connect to the host"
	case Untrusted:
		return "the host's certificate is not trusted"
	case TLSRefused:
		return "the host does not accept the TLS connection"
	case ConnectionLost:
		return "the connection was lost"
	case TimedOut:
		return "no answer came in time"
	case Canceled:
		return "the operation was canceled"
	case Redirected:
		return "the host answered with a redirect, which is not followed"
	case BadStatus:
		return "the host answered with an unexpected HTTP status"
	case TooLarge:
		return "the answer was too large"
	case Unreadable:
		return "the answer could not be read"
	case SentTwice:
		return "the request was written more than once"
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
	// Err is the cause, or nil. It never holds any part of an answer.
	Err error
}

// Error describes what happened, with status and cause where known.
func (e *ExchangeError) Error() string {
	text := fmt.Sprintf("%s to %s: %s", e.Action, e.Host, e.Reason)
	if e.Status != 0 {
		text += fmt.Sprintf(" (HTTP status %d)", e.Status)
	}
	if e.Err != nil {
		text += ": " + sanitize(e.Err.Error(), maxCause)
	}
	return text
}

// Unwrap returns the cause.
func (e *ExchangeError) Unwrap() error { return e.Err }

// Permanent reports whether the same call at another time would end the same
// way: what the user configured, or something on the way to the host, has to
// change first.
func (e *ExchangeError) Permanent() bool {
	switch e.Reason {
	case ProxyInvalid, ProxyRefused, Untrusted, TLSRefused, Redirected, SentTwice, NotEncodable:
		return true
	case BadStatus:
		return isSettled(e.Status)
	default:
		return false
	}
}

// isSettled reports whether an HTTP status blames the request and not its
// moment.
func isSettled(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	default:
		return status >= 400 && status < 500
	}
}
