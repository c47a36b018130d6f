package credentials

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// ErrExpiredOnArrival means that a service issued a key that has already
// expired by this machine's clock.
var ErrExpiredOnArrival = errors.New("the key had already expired when it was issued: check this machine's clock")

// errIncomplete means that an answer with a key lacks a documented field.
var errIncomplete = errors.New("the answer lacks a field")

// SourceError means that a source of keys cannot be used.
type SourceError struct {
	// Source is the source, such as "profile dev in /home/user/.tccli".
	Source string
	// Attribute is the provider's argument that the error is about, such as
	// "assume_role", whether the user set it or its variable; empty when there
	// is none.
	Attribute string
	// Err is the reason: a *cloudapi.APIError or *cloudapi.ExchangeError of STS,
	// a *MetadataError, ErrExpiredOnArrival, the error of a context, or another
	// one. It quotes no secret.
	Err error
}

// Error returns source and reason.
func (e *SourceError) Error() string { return e.Source + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *SourceError) Unwrap() error { return e.Err }

// NotFoundError means that no source has a key.
type NotFoundError struct {
	// Tried lists the sources in order of precedence. It is empty when an earlier
	// error of the same Source has the list.
	Tried []Tried
}

// Tried is a source without a key.
type Tried struct {
	// Source is the source, such as "profile default in /home/user/.tccli".
	Source string
	// Why is the reason, such as "default.credential does not exist".
	Why string
}

// Error lists the sources and their reasons, one a line.
func (e *NotFoundError) Error() string {
	if len(e.Tried) == 0 {
		return "no credentials to sign requests with; another error of this run lists the sources tried"
	}
	var text strings.Builder
	text.WriteString("no credentials to sign requests with; sources tried:")
	for _, tried := range e.Tried {
		fmt.Fprintf(&text, "\n- %s: %s", tried.Source, tried.Why)
	}
	return text.String()
}

// Advice returns what the user can do, in sentences.
func (*NotFoundError) Advice() string {
	return "Set " + secretIDVariable + " and " + secretKeyVariable +
		", or see the Authentication section of the provider's documentation for other sources."
}

// missingSource returns a source that fails with err. Only the first error has
// the list of sources.
func missingSource(err *NotFoundError) *Source {
	var reported atomic.Bool
	return &Source{retrieve: func(ctx context.Context) (cloudapi.Credential, error) {
		// The error of a canceled call is not shown.
		if ctx.Err() != nil || reported.Swap(true) {
			return cloudapi.Credential{}, &NotFoundError{}
		}
		return cloudapi.Credential{}, err
	}}
}

// notFound lists the sources, of which the profile has no key for the given
// reason.
func (r *resolver) notFound(where profile, why error) error {
	return &NotFoundError{Tried: []Tried{
		{Source: "arguments secret_id and secret_key", Why: "not set"},
		{Source: "variables " + secretIDVariable + " and " + secretKeyVariable, Why: r.whyNoKeys()},
		{Source: where.String(), Why: why.Error()},
		{Source: "CVM role", Why: "neither " + camRoleAttribute + " nor " + camRoleNameVariable + " is set"},
		{Source: "pod OIDC", Why: podOIDCAttribute + " is not set"},
		{Source: "web identity", Why: r.whyNoWebIdentity()},
	}}
}

func (r *resolver) whyNoKeys() string {
	var empty []string
	for _, name := range r.variables.empty {
		if name == secretIDVariable || name == secretKeyVariable {
			empty = append(empty, name)
		}
	}
	switch {
	case len(empty) > 0:
		return enumerate(empty) + ": set but empty"
	case r.variables.peek(securityTokenVariable).isSet():
		return securityTokenVariable + " is set but " + secretIDVariable + " is not"
	default:
		return "not set"
	}
}

func (r *resolver) whyNoWebIdentity() string {
	switch {
	case r.arguments.AssumeRole != nil:
		return "assume_role is set instead, which needs keys to assume the role"
	case r.variables.peek(roleARNVariable).isSet():
		return roleARNVariable + " is set but no web identity token is, so keys are needed to assume the role"
	default:
		return webIdentityAttribute + " is not set, and neither are its variables"
	}
}
