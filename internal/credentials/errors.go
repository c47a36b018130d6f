package credentials

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// ErrExpiredOnArrival says that a service handed out a key whose life was
// already over by this machine's clock.
var ErrExpiredOnArrival = errors.New("the key had expired already when it arrived: check this machine's clock")

// ErrIncomplete says that the metadata service's answer lacks a documented
// field.
var ErrIncomplete = errors.New("the answer lacks a field")

// Tried is a place that was looked at and gave no key.
type Tried struct {
	// Source is the place, such as "profile default in /home/user/.tccli".
	Source string
	// Why is the reason, such as "default.credential does not exist".
	Why string
}

// NotFoundError says that no place gave a key.
type NotFoundError struct {
	// Tried lists the places in the order of the search.
	Tried []Tried
}

// Error lists the places and why each gave nothing, one a line.
func (e *NotFoundError) Error() string {
	var text strings.Builder
	text.WriteString("no credentials were found; tried:")
	for _, tried := range e.Tried {
		fmt.Fprintf(&text, "\n- %s: %s", tried.Source, tried.Why)
	}
	return text.String()
}

// SourceError says that a place that was to give a key could not.
type SourceError struct {
	// Source is the place, such as "profile dev in /home/user/.tccli".
	Source string
	// Attribute is the provider's argument that the error is about, such as
	// "assume_role", whether the user wrote it or set its variable.
	Attribute string
	// Err is the reason: a *cloudapi.APIError or *cloudapi.ExchangeError of STS,
	// a *MetadataError, a *TokenFileError, ErrExpiredOnArrival, the error of a
	// context, or another one that only describes itself.
	Err error
}

// Error returns source and reason.
func (e *SourceError) Error() string { return e.Source + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *SourceError) Unwrap() error { return e.Err }

// TokenFileError says that a web identity token file gave no token.
type TokenFileError struct {
	// Path is the file.
	Path string
	// Err is the reason. It quotes nothing of the file.
	Err error
}

// Error returns path and reason.
func (e *TokenFileError) Error() string {
	return fmt.Sprintf("web identity token file %s cannot be read: %v", e.Path, e.Err)
}

// Unwrap returns the reason.
func (e *TokenFileError) Unwrap() error { return e.Err }

// MetadataError says that the CVM metadata service gave no key.
type MetadataError struct {
	// Status is the HTTP status, or 0 when none was received.
	Status int
	// Code is the service's code when it answered one other than "Success".
	Code string
	// Err is the cause when there was no readable answer, else nil.
	Err error
}

// Error says what the metadata service did.
func (e *MetadataError) Error() string {
	switch {
	case e.Status == http.StatusNotFound:
		return "the metadata service knows no such role: is it bound to this instance?"
	case e.Code != "":
		return "the metadata service answered code " + e.Code
	case e.Err != nil && e.Status == 0:
		return "the metadata service could not be reached (is this a CVM instance?): " + e.Err.Error()
	case e.Err != nil:
		return "the metadata service's answer could not be read: " + e.Err.Error()
	default:
		return fmt.Sprintf("the metadata service answered HTTP status %d", e.Status)
	}
}

// Unwrap returns the cause.
func (e *MetadataError) Unwrap() error { return e.Err }
