package cloudapi

import (
	"fmt"
	"net/http"
)

// Outcome is the result of a call, as far as it is known.
type Outcome string

// The four outcomes of a call.
const (
	NotSent   Outcome = "not sent"  // never written: the service did not run it
	Refused   Outcome = "refused"   // the service responded with an error code
	Answered  Outcome = "answered"  // the service responded with success
	Ambiguous Outcome = "ambiguous" // written, without a readable response: the service may have run it
)

// APIError is a response of the service with an error code.
type APIError struct {
	Action string // such as "StartStreamIngest"
	Code   string // such as "FailedOperation.TaskExist"
	// Message is the service's text, for people only: it may change. It is one
	// line of at most 512 bytes, without the secrets of the request.
	Message string
	// RequestID identifies the call to Tencent's support: at most 36 bytes of one
	// line, or empty.
	RequestID string
	// KeySource is the Source of the Credential that signed the request.
	KeySource string
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

// Reason says why an exchange has no readable response, in words that fit after
// "because".
type Reason string

// The reasons for an exchange without a readable response.
const (
	NoConnection   Reason = "no connection could be made" // dialing, name resolution or the TLS handshake failed
	ProxyInvalid   Reason = "the proxy setting is not valid"
	ProxyRefused   Reason = "the proxy does not connect to the host"
	Untrusted      Reason = "the host's certificate is not trusted"
	TLSRefused     Reason = "the host does not accept the TLS connection"
	ConnectionLost Reason = "the connection was lost" // after the request was written
	TimedOut       Reason = "no response came in time"
	Canceled       Reason = "the operation was canceled"
	Redirected     Reason = "the host responded with a redirect, which is not followed"
	BadStatus      Reason = "the host responded with an unexpected HTTP status" // not 200, and no error code
	TooLarge       Reason = "the response was too large"                        // more than MaxBodyBytes
	Unreadable     Reason = "the response could not be read"                    // cut short, or not the documented envelope
	SentTwice      Reason = "the request was written more than once"            // a defect
	NotEncodable   Reason = "the request could not be built"                    // or it names no host
)

// ExchangeError is a call without a readable response.
type ExchangeError struct {
	Action  string
	Host    string
	Outcome Outcome // NotSent or Ambiguous
	Reason  Reason
	Status  int   // of HTTP, or 0 when none was received
	Err     error // the cause, or nil; it never holds any part of a response
}

// Error describes what happened, with status and cause where known.
func (e *ExchangeError) Error() string {
	text := fmt.Sprintf("%s to %s: %s", e.Action, e.Host, e.Reason)
	if e.Status != 0 {
		text += fmt.Sprintf(" (HTTP status %d)", e.Status)
	}
	if e.Err != nil {
		text += ": " + Sanitize(e.Err.Error(), maxCause)
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
