package credentials

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// ErrExpiredOnArrival means that an issued key has expired by the local clock.
var ErrExpiredOnArrival = errors.New("the key had already expired when it was issued: check this machine's clock")

// SourceError means that a source of keys cannot be used.
type SourceError struct {
	// Source is the source, such as "profile dev in /home/user/.tccli".
	Source string
	// Attribute is the provider's argument that the error is about, whether the
	// user set it or its variable, such as "assume_role"; empty if there is none.
	Attribute string
	// Err is the reason, such as a *cloudapi.APIError or *cloudapi.ExchangeError
	// of STS, a *MetadataError, an *AccountError or ErrExpiredOnArrival. It quotes
	// no secret.
	Err error

	reported atomic.Bool
}

// Reported reports whether it was called before: callers that fail for one reason
// get the same error, which needs to be explained only once.
func (e *SourceError) Reported() bool { return e.reported.Swap(true) }

// Error returns source and reason.
func (e *SourceError) Error() string { return e.Source + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *SourceError) Unwrap() error { return e.Err }

// origin is a source of keys as a SourceError names it.
type origin struct{ source, attribute string }

// failure returns err as a *SourceError about o, unless it is one or nil.
func (o origin) failure(err error) error {
	if _, done := errors.AsType[*SourceError](err); done || err == nil {
		return err
	}
	return &SourceError{Source: o.source, Attribute: o.attribute, Err: err}
}

func (o origin) fail(reason string) error { return o.failure(errors.New(reason)) }

// NotFoundError means that no source has a key.
type NotFoundError struct {
	// Tried lists the sources in order of precedence, each with the reason, as in
	// "pod OIDC: enable_pod_oidc is not set". It is empty when an earlier error
	// of the same Source has the list.
	Tried []string
}

// Error lists the sources and their reasons, one a line.
func (e *NotFoundError) Error() string {
	const summary = "no credentials to sign requests with; "
	if len(e.Tried) == 0 {
		return summary + "another error of this run lists the sources tried"
	}
	return summary + "sources tried:\n- " + strings.Join(e.Tried, "\n- ")
}

// Advice returns what the user can do, in sentences.
func (*NotFoundError) Advice() string {
	return "Set " + secretIDVariable + " and " + secretKeyVariable +
		", or see the Authentication section of the provider's documentation for other sources."
}

// missingSource returns a source that fails, the first time with err.
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

// notFound lists the sources; why is the reason of the profile.
func (r *resolver) notFound(where profile, why error) error {
	return &NotFoundError{Tried: []string{
		"arguments secret_id and secret_key: not set",
		"variables " + secretIDVariable + " and " + secretKeyVariable + ": " + r.whyNoKeys(),
		where.source + ": " + why.Error(),
		"CVM role: neither " + camRoleAttribute + " nor " + camRoleNameVariable + " is set",
		"pod OIDC: " + podOIDCAttribute + " is not set",
		"web identity: " + r.whyNoWebIdentity(),
	}}
}

func (r *resolver) whyNoKeys() string {
	empty := slices.DeleteFunc(slices.Clone(r.empty), func(name string) bool {
		return name != secretIDVariable && name != secretKeyVariable
	})
	token := r.peek(securityTokenVariable)
	switch {
	case len(empty) > 0:
		return enumerate(empty) + ": set but empty"
	case token.isSet():
		return token.isSetWithout("secret_id", secretIDVariable)
	default:
		return "not set"
	}
}

func (r *resolver) whyNoWebIdentity() string {
	switch {
	case r.arguments.AssumeRole != nil:
		return "assume_role is set instead, which needs keys to assume the role"
	case r.peek(roleARNVariable).isSet():
		return roleARNVariable + " is set but no web identity token is, so keys are needed to assume the role"
	default:
		return webIdentityAttribute + " is not set, and neither are its variables"
	}
}
