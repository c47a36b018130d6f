package credentials

import (
	"errors"
	"slices"
	"strings"
)

// errExpiredOnArrival means that, according to the local clock, a key had expired
// when it was issued.
var errExpiredOnArrival = errors.New("the key had already expired when it was issued: check this machine's clock")

// SourceError means that a source of keys cannot be used.
type SourceError struct {
	// Source is the source, such as "profile dev in /home/user/.tccli".
	Source string
	// Attribute is the provider's argument that the error is about, whether the
	// user set it or its variable, such as "assume_role"; empty if there is none.
	Attribute string
	// Err is the reason, such as a *cloudapi.APIError or *cloudapi.ExchangeError
	// of STS or an *AccountError. It quotes no secret.
	Err error
}

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
	// "pod OIDC: enable_pod_oidc is not set".
	Tried []string
}

// Error lists the sources and their reasons, one a line.
func (e *NotFoundError) Error() string {
	return "no credentials found; sources tried, in order:\n- " + strings.Join(e.Tried, "\n- ")
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
