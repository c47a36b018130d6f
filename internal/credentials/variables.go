package credentials

import (
	"slices"
	"strings"
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
)

// setting is a value and the name of the argument or variable that gave it. It
// may be a secret.
type setting struct{ value, from string }

func (s setting) isSet() bool { return s.value != "" }

// variables reads environment variables and remembers which ones were set
// without holding anything.
type variables struct {
	lookup func(string) (string, bool)
	empty  []string
}

// read returns the variable without the white space around it. Unlike peek it
// counts as a use: an empty variable is remembered.
func (v *variables) read(name string) setting {
	value, exists := v.lookup(name)
	found := setting{value: strings.TrimSpace(value), from: name}
	if exists && !found.isSet() && !slices.Contains(v.empty, name) {
		v.empty = append(v.empty, name)
	}
	return found
}

// peek returns the variable without the white space around it.
func (v *variables) peek(name string) string {
	value, _ := v.lookup(name)
	return strings.TrimSpace(value)
}

// choose returns the argument when it is set, else the variable, both without
// the white space around them.
func (v *variables) choose(value, argument, variable string) setting {
	if trimmed := strings.TrimSpace(value); trimmed != "" {
		return setting{value: trimmed, from: argument}
	}
	return v.read(variable)
}
