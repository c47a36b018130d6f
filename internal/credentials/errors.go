package credentials

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// ErrExpiredOnArrival means that, according to the local clock, a key had expired
// when it was issued.
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

// Reported reports whether Reported was called before. Callers that fail for one
// reason get the same error, which is explained only once.
func (e *SourceError) Reported() bool { return e.reported.Swap(true) }

// Error returns source and reason.
func (e *SourceError) Error() string { return e.Source + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *SourceError) Unwrap() error { return e.Err }

// origin is a source of keys as a SourceError names it.
type origin struct{ source, attribute string }

// failure returns err as a *SourceError about o, unless err is a *SourceError or
// nil.
func (o origin) failure(err error) error {
	if _, ok := errors.AsType[*SourceError](err); ok || err == nil {
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

// notFound lists the sources. profileErr is the reason why the profile has no keys.
func (r *resolver) notFound(profile profile, profileErr error) error {
	return &NotFoundError{Tried: []string{
		"arguments secret_id and secret_key: not set",
		"variables " + secretIDVariable + " and " + secretKeyVariable + ": " + r.keysReason(),
		profile.source + ": " + profileErr.Error(),
		"CVM role: neither " + camRoleAttribute + " nor " + camRoleNameVariable + " is set",
		"pod OIDC: " + podOIDCAttribute + " is not set",
		"web identity: " + r.webIdentityReason(),
	}}
}

// keysReason returns the reason why the variables have no keys.
func (r *resolver) keysReason() string {
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

// webIdentityReason returns the reason why no web identity is used.
func (r *resolver) webIdentityReason() string {
	switch {
	case r.arguments.AssumeRole != nil:
		return "assume_role is set instead, which needs keys to assume the role"
	case r.peek(roleARNVariable).isSet():
		return roleARNVariable + " is set but no web identity token is, so keys are needed to assume the role"
	default:
		return webIdentityAttribute + " is not set, and neither are its variables"
	}
}
