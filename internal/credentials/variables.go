package credentials

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

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
	samlAssertionVariable        = "TENCENTCLOUD_ASSUME_ROLE_SAML_ASSERTION"
)

// setting is a trimmed value and the argument or variable that it comes from. Any
// value can be a secret, so all values are wrapped.
type setting struct {
	value secret.Text
	from  string
}

func newSetting(value, from string) setting {
	return setting{value: secret.New(strings.TrimSpace(value)), from: from}
}

func (s setting) isSet() bool { return !s.value.IsEmpty() }

// text returns the value of a setting that is not secret.
func (s setting) text() string { return s.value.Reveal() }

// errNotText means that a value is not text of one line. HTTP has no such headers.
var errNotText = errors.New("it contains a line break or another character that cannot be displayed")

// checkText returns errNotText if one of texts is not text of one line.
func checkText(texts ...string) error {
	for _, text := range texts {
		if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			return errNotText
		}
	}
	return nil
}

// check returns an error about attribute if the value is not text of one line.
func (s setting) check(attribute string) error {
	return origin{s.from, attribute}.failure(checkText(s.text()))
}

// or returns the setting, with the value fallback if the setting is not set.
func (s setting) or(fallback string) setting {
	return setting{value: cmp.Or(s.value, secret.New(fallback)), from: s.from}
}

// isSetWithout returns the text that s is set, but neither argument nor variable,
// which s needs, is.
func (s setting) isSetWithout(argument, variable string) string {
	if strings.HasPrefix(s.from, "TENCENTCLOUD_") {
		return s.from + " is set but " + variable + " is not"
	}
	return s.from + " is set but neither " + argument + " nor " + variable + " is"
}

// read returns the variable, and records the variable if it is set but empty.
func (r *resolver) read(name string) setting {
	found := r.peek(name)
	if _, exists := r.environment.LookupEnv(name); exists && !found.isSet() && !slices.Contains(r.empty, name) {
		r.empty = append(r.empty, name)
	}
	return found
}

// peek returns the variable.
func (r *resolver) peek(name string) setting {
	value, _ := r.environment.LookupEnv(name)
	return newSetting(value, name)
}

// configuredVariables returns the names of the variables that are set.
func (r *resolver) configuredVariables(names ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return !r.peek(name).isSet() })
}

// choose returns the argument if it is set, else the variable.
func (r *resolver) choose(value, argument, variable string) setting {
	if configured := newSetting(value, argument); configured.isSet() {
		return configured
	}
	return r.read(variable)
}

// staticKeys has the keys in arguments and variables. Each field may be unset.
type staticKeys struct{ id, key, token setting }

// staticKeys reads the keys. It warns about a token that belongs to other keys and
// drops the token.
func (r *resolver) staticKeys() staticKeys {
	keys := staticKeys{
		id:    r.choose(r.arguments.SecretID.Reveal(), "secret_id", secretIDVariable),
		key:   r.choose(r.arguments.SecretKey.Reveal(), "secret_key", secretKeyVariable),
		token: r.choose(r.arguments.SecurityToken.Reveal(), "security_token", securityTokenVariable),
	}
	other := r.peek(secretIDVariable)
	switch {
	case !keys.token.isSet():
	case keys.isEmpty():
		r.ignore("Security token ignored: no secret ID and key", keys.token.isSetWithout("secret_id", secretIDVariable)+
			". A token is valid only with the secret ID and secret key that it was issued with: set those too, or unset the token.", keys.token.from)
		keys.token = setting{}
	case keys.token.from == securityTokenVariable && keys.id.from == "secret_id" && other.isSet() && other.value != keys.id.value:
		r.ignore("Security token ignored: it belongs to other keys", fmt.Sprintf(
			"%s belongs to %s, which the secret_id argument overrides, so it is not sent. Set security_token if the keys in the arguments have a token too.",
			securityTokenVariable, secretIDVariable), securityTokenVariable)
		keys.token = setting{}
	}
	return keys
}

// names returns the settings that the keys come from.
func (k staticKeys) names() []string {
	var names []string
	for _, key := range []setting{k.id, k.key, k.token} {
		if key.isSet() {
			names = append(names, key.from)
		}
	}
	return names
}

func (k staticKeys) isEmpty() bool { return !k.id.isSet() && !k.key.isSet() }

// source returns the source of the keys, or an error if a key is not set.
func (k staticKeys) source() (*Source, error) {
	const pair, advice = "API key", ". Set both or neither"
	if !k.key.isSet() {
		return nil, origin{pair, "secret_key"}.fail(k.id.isSetWithout("secret_key", secretKeyVariable) + advice)
	}
	if !k.id.isSet() {
		return nil, origin{pair, "secret_id"}.fail(k.key.isSetWithout("secret_id", secretIDVariable) + advice)
	}
	if err := cmp.Or(k.id.check("secret_id"), k.key.check("secret_key"), k.token.check("security_token")); err != nil {
		return nil, err
	}
	return staticSource(enumerate(k.names()), cloudapi.Credential{SecretID: k.id.value, SecretKey: k.key.value, Token: k.token.value}), nil
}

// checkUnsupportedVariables warns about variables that only the official
// provider uses. The variable for SAML is an error.
func (r *resolver) checkUnsupportedVariables() error {
	if r.peek(samlAssertionVariable).isSet() {
		return origin{source: samlAssertionVariable}.fail(
			"this provider does not support SAML, so it would sign as another identity than the official Tencent Cloud provider does. " +
				"Unset the variable, and use keys or a web identity token instead")
	}
	set := r.configuredVariables(
		"TENCENTCLOUD_ASSUME_ROLE_SERIAL_NUMBER", "TENCENTCLOUD_ASSUME_ROLE_TOKEN_CODE",
		"TENCENTCLOUD_ASSUME_ROLE_SOURCE_IDENTITY", "TENCENTCLOUD_ASSUME_ROLE_PRINCIPAL_ARN",
		"TENCENTCLOUD_MFA_CERTIFICATION_SERIAL_NUMBER", "TENCENTCLOUD_MFA_CERTIFICATION_TOKEN_CODE",
		"TENCENTCLOUD_MFA_CERTIFICATION_DURATION_SECONDS")
	if len(set) > 0 {
		r.ignore("Environment variables are not supported", withVerb(set)+" set and ignored. "+
			"The official Tencent Cloud provider uses MFA, source identities and SAML; this provider signs without them. Unset any that you do not need.", set...)
	}
	return nil
}

// warnVariables warns about variables that are empty, and about those of tccli
// whose name differs here.
func (r *resolver) warnVariables() {
	if len(r.empty) > 0 {
		r.ignore("Empty environment variables are ignored", enumerate(r.empty)+
			": set but empty, which counts as not set. Unset any that you did not intend to set.", r.empty...)
	}
	arguments := r.arguments
	for _, name := range []struct{ tccli, variable, argument string }{
		{"TENCENTCLOUD_TOKEN", securityTokenVariable, arguments.SecurityToken.Reveal()},
		{"TENCENTCLOUD_ROLE_ARN", roleARNVariable, cmp.Or(arguments.AssumeRole, &AssumeRole{}).RoleARN},
		{"TENCENTCLOUD_ROLE_SESSION_NAME", sessionNameVariable, cmp.Or(arguments.AssumeRole, &AssumeRole{}).SessionName},
		{"TCCLI_PROFILE", profileVariable, arguments.Profile},
	} {
		if r.peek(name.tccli).isSet() && name.argument == "" && !r.peek(name.variable).isSet() {
			r.ignore("A variable of tccli is ignored", "Only tccli reads "+name.tccli+". For this provider, set "+name.variable+".", name.tccli)
		}
	}
}

// warnUnusedProfile warns about a profile whose keys are not used. usesRole
// means that the role of the profile is used.
func (r *resolver) warnUnusedProfile(profile profile, usesRole bool) {
	if r.selected == "" {
		return
	}
	file, err := profile.credentialFile()
	hasKeys := err == nil && file.incomplete() == nil
	instead := "The credentials of " + r.selected + " sign requests, so the keys of " + profile.source + " are not used"
	switch {
	case !hasKeys && (usesRole || r.regionOfProfile):
	case r.regionOfProfile:
		r.warn("The region comes from a profile whose keys are not used",
			instead+", but its region "+r.region+" is. Set region or "+regionVariable+", or remove the other credentials.")
	case profile.explicit:
		r.ignore("The profile is not used", instead+", although "+withVerb(profile.from)+" set. Remove one of the two.", profile.from...)
	}
}

// warnUnusedMachineRole warns about roles of the pod or instance when other
// credentials take precedence.
func (r *resolver) warnUnusedMachineRole() {
	if r.arguments.EnablePodOIDC && r.selected != podOIDCAttribute {
		r.warn("The pod's role is not used", r.selected+" takes precedence over "+podOIDCAttribute+". Remove one of the two.")
	}
	if camRole := r.choose(r.arguments.CAMRoleName, camRoleAttribute, camRoleNameVariable); camRole.isSet() {
		r.ignore("The CVM role is not used", r.selected+" takes precedence over "+camRole.from+". Remove one of the two.", camRole.from)
	}
}

func (r *resolver) warnRoleVariablesWithoutRole() {
	set := r.configuredVariables(sessionNameVariable, sessionDurationVariable, externalIDVariable,
		providerIDVariable, webIdentityTokenVariable, webIdentityTokenFileVariable)
	if len(set) > 0 {
		r.ignore("Role settings are ignored", withVerb(set)+" set, but no role is configured (role_arn or "+roleARNVariable+
			"), so no role is assumed.", set...)
	}
}

// warnUnusedKeys warns about keys when other credentials take precedence.
func (r *resolver) warnUnusedKeys(keys staticKeys) {
	if keys.isEmpty() {
		return
	}
	names := keys.names()
	r.ignore("Static keys are not used",
		fmt.Sprintf("%s selects other keys, so the ones in %s are ignored. Remove one of the two.", r.selected, enumerate(names)), names...)
}

// enumerate joins names as in "A, B and C".
func enumerate(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// withVerb joins names and appends "is" or "are", as in "A and B are".
func withVerb(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}
	return enumerate(names) + " are"
}
