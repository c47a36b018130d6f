package credentials

import (
	"errors"
	"fmt"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// staticKeys are the keys in arguments and variables; any of them may be unset.
type staticKeys struct{ id, key, token setting }

func (k staticKeys) none() bool { return !k.id.isSet() && !k.key.isSet() }

func (k staticKeys) complete() bool { return k.id.isSet() && k.key.isSet() }

// origin names where the keys are set.
func (k staticKeys) origin() string {
	var names []string
	for _, key := range []setting{k.id, k.key, k.token} {
		if key.isSet() {
			names = append(names, key.from)
		}
	}
	return enumerate(names)
}

func (k staticKeys) source() *Source {
	return staticSource(k.origin(), cloudapi.Credential{
		SecretID:  k.id.value,
		SecretKey: secret.New(k.key.value),
		Token:     secret.New(k.token.value),
	})
}

// half is the error for a secret id without a secret key, or the reverse.
func (k staticKeys) half() error {
	given, argument, variable := k.id.from, "secret_key", secretKeyVariable
	if k.key.isSet() {
		given, argument, variable = k.key.from, "secret_id", secretIDVariable
	}
	reason := fmt.Sprintf("%s is set but %s is not", given, variable)
	if given == "secret_id" || given == "secret_key" {
		reason = fmt.Sprintf("%s is set but neither %s nor %s is", given, argument, variable)
	}
	return &SourceError{Source: "secret id and secret key", Attribute: argument, Err: errors.New(reason)}
}

// staticKeys reads the keys of arguments and variables. A token without the
// key that it belongs to is left out, with a warning.
func (r *resolver) staticKeys() staticKeys {
	keys := staticKeys{
		id:    r.variables.choose(r.arguments.SecretID, "secret_id", secretIDVariable),
		key:   r.variables.choose(r.arguments.SecretKey.Reveal(), "secret_key", secretKeyVariable),
		token: r.variables.choose(r.arguments.SecurityToken.Reveal(), "security_token", securityTokenVariable),
	}
	switch {
	case !keys.token.isSet():
	case keys.none():
		r.warn("A security token alone is ignored", loneToken(keys.token)+
			". A token is good only together with the secret id and secret key that it was issued with; unset it, or set those too.")
		keys.token = setting{}
	case keys.token.from == securityTokenVariable && r.overrides(keys.id):
		r.warn("A security token of other keys is ignored", fmt.Sprintf(
			"%s belongs to %s, which the secret_id argument overrides, so it is not sent. Set security_token when the keys in the arguments have one too.",
			securityTokenVariable, secretIDVariable))
		keys.token = setting{}
	}
	return keys
}

// overrides tells whether id came from an argument while the variable holds
// another one: then the variable's token belongs to that other one.
func (r *resolver) overrides(id setting) bool {
	other := r.variables.peek(secretIDVariable)
	return id.from == "secret_id" && other != "" && other != id.value
}

func loneToken(token setting) string {
	if token.from == securityTokenVariable {
		return securityTokenVariable + " is set but " + secretIDVariable + " is not"
	}
	return token.from + " is set but neither secret_id nor " + secretIDVariable + " is"
}
