package credentials

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// The environment variables, as the official provider names them.
const (
	secretIDVariable             = "TENCENTCLOUD_SECRET_ID"
	secretKeyVariable            = "TENCENTCLOUD_SECRET_KEY"
	securityTokenVariable        = "TENCENTCLOUD_SECURITY_TOKEN"
	regionVariable               = "TENCENTCLOUD_REGION"
	profileVariable              = "TENCENTCLOUD_PROFILE"
	sharedCredentialsDirVariable = "TENCENTCLOUD_SHARED_CREDENTIALS_DIR"
	camRoleNameVariable          = "TENCENTCLOUD_CAM_ROLE_NAME"
	roleARNVariable              = "TENCENTCLOUD_ASSUME_ROLE_ARN"
	sessionNameVariable          = "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME"
	sessionDurationVariable      = "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION"
	externalIDVariable           = "TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID"
	providerIDVariable           = "TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID"
	webIdentityTokenVariable     = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN"
	webIdentityTokenFileVariable = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE"
	podRegionVariable            = "TKE_REGION"
	podProviderIDVariable        = "TKE_PROVIDER_ID"
	podTokenFileVariable         = "TKE_WEB_IDENTITY_TOKEN_FILE"
	podRoleARNVariable           = "TKE_ROLE_ARN"

	// The official provider signs with a SAML role when this is set.
	samlAssertionVariable = "TENCENTCLOUD_ASSUME_ROLE_SAML_ASSERTION"
)

var errSAML = errors.New("this provider does not support SAML, so it would sign as another identity than the official Tencent Cloud provider does. " +
	"Unset the variable, and use keys or a web identity token instead")

// setting is a value without the white space around it, and the argument or
// variable that it comes from. Any of them can be a secret, so all are wrapped.
type setting struct {
	value secret.Text
	from  string
}

func newSetting(value secret.Text, from string) setting {
	return setting{value: trim(value), from: from}
}

func (s setting) isSet() bool { return !s.value.IsEmpty() }

// text returns the value of a setting that is not secret.
func (s setting) text() string { return s.value.Reveal() }

func trim(text secret.Text) secret.Text { return secret.New(strings.TrimSpace(text.Reveal())) }

// variables reads environment variables and records those that are set to an
// empty value.
type variables struct {
	lookup func(string) (string, bool)
	empty  []string
}

// read returns the variable and records it when it is empty.
func (v *variables) read(name string) setting {
	found := v.peek(name)
	if _, exists := v.lookup(name); exists && !found.isSet() && !slices.Contains(v.empty, name) {
		v.empty = append(v.empty, name)
	}
	return found
}

// peek returns the variable.
func (v *variables) peek(name string) setting {
	value, _ := v.lookup(name)
	return newSetting(secret.New(value), name)
}

// areSet returns those of the variables that are set.
func (v *variables) areSet(names ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return !v.peek(name).isSet() })
}

// choose returns the argument when it is set, else the variable.
func (v *variables) choose(value, argument, variable string) setting {
	return v.chooseSecret(secret.New(value), argument, variable)
}

// chooseSecret is choose for a secret argument.
func (v *variables) chooseSecret(value secret.Text, argument, variable string) setting {
	if given := newSetting(value, argument); given.isSet() {
		return given
	}
	return v.read(variable)
}

// staticKeys are the keys in arguments and variables; any of them may be unset.
type staticKeys struct{ id, key, token setting }

// staticKeys reads the keys in arguments and variables. It drops a token
// without the key that it belongs to, with a warning.
func (r *resolver) staticKeys() staticKeys {
	keys := staticKeys{
		id:    r.variables.chooseSecret(r.arguments.SecretID, "secret_id", secretIDVariable),
		key:   r.variables.chooseSecret(r.arguments.SecretKey, "secret_key", secretKeyVariable),
		token: r.variables.chooseSecret(r.arguments.SecurityToken, "security_token", securityTokenVariable),
	}
	switch {
	case !keys.token.isSet():
	case keys.none():
		r.warn("A security token alone is ignored", loneToken(keys.token)+
			". A token is valid only with the secret ID and secret key that it was issued with: set those too, or unset the token.")
		keys.token = setting{}
	case keys.token.from == securityTokenVariable && r.overridesVariable(keys.id):
		r.warn("A security token of other keys is ignored", fmt.Sprintf(
			"%s belongs to %s, which the secret_id argument overrides, so it is not sent. Set security_token if the keys in the arguments have a token too.",
			securityTokenVariable, secretIDVariable))
		keys.token = setting{}
	}
	return keys
}

// overridesVariable reports whether id comes from an argument while the
// variable holds another ID, so that the variable's token belongs to that one.
func (r *resolver) overridesVariable(id setting) bool {
	other := r.variables.peek(secretIDVariable)
	return id.from == "secret_id" && other.isSet() && other.value != id.value
}

func (k staticKeys) none() bool { return !k.id.isSet() && !k.key.isSet() }

// from returns the names of the arguments and variables that hold the keys.
func (k staticKeys) from() string {
	var names []string
	for _, key := range []setting{k.id, k.key, k.token} {
		if key.isSet() {
			names = append(names, key.from)
		}
	}
	return enumerate(names)
}

// source returns the source of the keys, or the error for a secret ID without a
// secret key, or the reverse.
func (k staticKeys) source() (*Source, error) {
	given, argument, variable := k.id.from, "secret_key", secretKeyVariable
	switch {
	case k.id.isSet() && k.key.isSet():
		return staticSource(cloudapi.Credential{SecretID: k.id.value.Reveal(), SecretKey: k.key.value, Token: k.token.value}), nil
	case k.key.isSet():
		given, argument, variable = k.key.from, "secret_id", secretIDVariable
	}
	reason := fmt.Sprintf("%s is set but %s is not", given, variable)
	if given == "secret_id" || given == "secret_key" {
		reason = fmt.Sprintf("%s is set but neither %s nor %s is", given, argument, variable)
	}
	return nil, &SourceError{Source: "secret ID and secret key", Attribute: argument, Err: errors.New(reason)}
}

func loneToken(token setting) string {
	if token.from == securityTokenVariable {
		return securityTokenVariable + " is set but " + secretIDVariable + " is not"
	}
	return token.from + " is set but neither secret_id nor " + secretIDVariable + " is"
}

// checkUnsupportedVariables warns about variables of the official provider that
// are ignored here. SAML is an error, because requests would be signed as another
// identity.
func (r *resolver) checkUnsupportedVariables() error {
	if r.variables.peek(samlAssertionVariable).isSet() {
		return &SourceError{Source: samlAssertionVariable, Err: errSAML}
	}
	set := r.variables.areSet(
		"TENCENTCLOUD_ASSUME_ROLE_SERIAL_NUMBER", "TENCENTCLOUD_ASSUME_ROLE_TOKEN_CODE",
		"TENCENTCLOUD_ASSUME_ROLE_SOURCE_IDENTITY", "TENCENTCLOUD_ASSUME_ROLE_PRINCIPAL_ARN",
		"TENCENTCLOUD_MFA_CERTIFICATION_SERIAL_NUMBER", "TENCENTCLOUD_MFA_CERTIFICATION_TOKEN_CODE",
		"TENCENTCLOUD_MFA_CERTIFICATION_DURATION_SECONDS")
	if len(set) > 0 {
		r.warn("Environment variables are not supported", enumerate(set)+be(set)+" set and ignored. "+
			"The official Tencent Cloud provider uses MFA, source identities and SAML; this provider signs without them. Unset any that you do not need.")
	}
	return nil
}

// warnEmptyVariables warns about variables that were read and are set to an
// empty value.
func (r *resolver) warnEmptyVariables() {
	if len(r.variables.empty) > 0 {
		r.warn("Empty environment variables are ignored", enumerate(r.variables.empty)+
			": set but empty, which counts as not set. Unset any that you did not intend to set.")
	}
}

// warnRoleVariablesWithoutRole warns about variables that have an effect only
// together with a role.
func (r *resolver) warnRoleVariablesWithoutRole() {
	set := r.variables.areSet(sessionNameVariable, sessionDurationVariable, externalIDVariable,
		providerIDVariable, webIdentityTokenVariable, webIdentityTokenFileVariable)
	if len(set) > 0 {
		r.warn("Settings of a role are ignored", enumerate(set)+be(set)+" set but "+roleARNVariable+
			" is not, and neither is assume_role or assume_role_with_web_identity: no role is assumed.")
	}
}

// warnUnusedKeys warns about static keys when selected, an argument or
// variable, selects other ones.
func (r *resolver) warnUnusedKeys(keys staticKeys, selected string) {
	if !keys.none() {
		r.warn("Static keys are not used",
			fmt.Sprintf("%s selects other keys, so the ones in %s are ignored. Remove one of the two.", selected, keys.from()))
	}
}

// enumerate joins names as in "A, B and C".
func enumerate(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// be returns the verb for that many names.
func be(names []string) string {
	if len(names) == 1 {
		return " is"
	}
	return " are"
}
