package tickets

import (
	"errors"
	"fmt"
	"time"
)

// ErrSignature says that a ticket was not signed with the key at hand, or was
// changed since.
var ErrSignature = errors.New("the ticket's signature does not match the key and its content")

// ErrVersion says that a document is not a ticket of Version: no ticket at
// all, or one of the older kind that an ECDSA key pair signs.
var ErrVersion = errors.New("the ticket is not of version " + Version + " (signed with HMAC-SHA256)")

// Part names what of a token could not be read.
type Part string

// The parts of a token, from the outside in.
const (
	PartEmpty       Part = "it is empty"
	PartSize        Part = "it is too large"
	PartText        Part = "it is not base64 text in the alphabet of tickets"
	PartCompression Part = "what it holds is not zlib data, or is cut or damaged"
	PartDocument    Part = "what it holds is not a ticket's JSON document"
	PartUserID      Part = "its TLS.identifier is missing or wrong"
	PartSdkAppID    Part = "its TLS.sdkappid is missing or wrong"
	PartIssuedAt    Part = "its TLS.time is missing or wrong"
	PartLifetime    Part = "its TLS.expire is missing or wrong"
	PartUserBuf     Part = "its TLS.userbuf is wrong"
)

// MalformedError says that a token is not a ticket, without quoting it.
type MalformedError struct {
	// Part is what could not be read.
	Part Part
	// Err is the broken rule, a *RuleError, where there is one.
	Err error
}

// Error says what is wrong with the token.
func (e *MalformedError) Error() string {
	text := "the ticket is malformed: " + string(e.Part)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns Err.
func (e *MalformedError) Unwrap() error { return e.Err }

// KindError says that a token is a ticket of the other kind.
type KindError struct {
	Want, Got Kind
}

// Error names both kinds.
func (e *KindError) Error() string {
	return fmt.Sprintf("the ticket is a %s where a %s is needed", e.Got, e.Want)
}

// ExpiredError says that a genuine ticket no longer holds.
type ExpiredError struct {
	// ExpiredAt is the first second at which the ticket did not hold.
	ExpiredAt time.Time
}

// Error tells when the ticket expired.
func (e *ExpiredError) Error() string {
	return "the ticket expired at " + e.ExpiredAt.UTC().Format(time.RFC3339)
}
