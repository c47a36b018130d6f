package credentials

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/homedir"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	assumeRoleAttribute  = "assume_role"
	webIdentityAttribute = "assume_role_with_web_identity"
	podOIDCAttribute     = "enable_pod_oidc"

	allowedAccountsAttribute   = "allowed_account_ids"
	forbiddenAccountsAttribute = "forbidden_account_ids"

	defaultSessionName = "terraform-provider-trtc"
	// defaultSessionDuration and maxSessionDuration are documented by STS, in
	// seconds.
	defaultSessionDuration = 7200
	maxSessionDuration     = 43200
	// defaultProviderID is the default of the official provider.
	defaultProviderID = "OIDC"
)

var (
	sessionNameCharacters = regexp.MustCompile(`^[\w+=,.@-]*$`)
	externalIDCharacters  = regexp.MustCompile(`^[\w+=,.@:/-]*$`)

	errSessionName = errors.New("it must be 2 to 128 letters, digits and _+=,.@- only")
	errTokenForm   = errors.New("it holds neither a token nor JSON with the key web_identity_token")
)

// role is a role to assume. The zero value means that no role is assumed.
type role struct {
	origin
	roleParameters

	// from is where the role is configured, such as "assume_role".
	from string
	// region is the region of STS, or empty.
	region string
	// The web identity is token or, if token is empty, the content of tokenFile.
	token     secret.Text
	tokenFile string
}

// roleParameters are the parameters of STS AssumeRole or, with a ProviderID, of
// AssumeRoleWithWebIdentity.
type roleParameters struct {
	RoleARN          string `json:"RoleArn"`
	SessionName      string `json:"RoleSessionName"`
	DurationSeconds  int64  `json:"DurationSeconds"`
	Policy           string `json:"Policy,omitempty"`
	ExternalID       string `json:"ExternalId,omitempty"`
	ProviderID       string `json:"ProviderId,omitempty"`
	WebIdentityToken string `json:"WebIdentityToken,omitempty"`
}

func (r *resolver) newRole(attribute, from, arn, sessionName string) role {
	return role{
		origin:         origin{source: "role " + arn + " from " + from, attribute: attribute},
		roleParameters: roleParameters{RoleARN: arn, SessionName: sessionName, DurationSeconds: defaultSessionDuration},
		from:           from,
		region:         r.region,
	}
}

// hasForm reports whether text consists of 2 to 128 of the characters.
func hasForm(text string, characters *regexp.Regexp) bool {
	return len(text) >= 2 && len(text) <= 128 && characters.MatchString(text)
}

// configuredRole completes the values of attribute from the variables and then
// the defaults.
func (r *resolver) configuredRole(attribute, arn, name string, seconds int64) (role, error) {
	roleARN := r.choose(arn, attribute, roleARNVariable)
	if !roleARN.isSet() {
		return role{}, origin{attribute, attribute}.fail("role_arn is not set, and neither is " + roleARNVariable)
	}
	if err := roleARN.check(attribute); err != nil {
		return role{}, err
	}
	sessionName := r.choose(name, "session_name of "+attribute, sessionNameVariable).or(defaultSessionName)
	if !hasForm(sessionName.text(), sessionNameCharacters) {
		return role{}, origin{sessionName.from, attribute}.failure(errSessionName)
	}
	duration := setting{from: "session_duration of " + attribute}
	if seconds == 0 {
		duration = r.read(sessionDurationVariable).or(strconv.Itoa(defaultSessionDuration))
		// Text that is not a number becomes 0, which is out of range.
		seconds, _ = strconv.ParseInt(duration.text(), 10, 64)
	}
	if seconds < 1 || seconds > maxSessionDuration {
		return role{}, origin{duration.from, attribute}.fail("it must be a whole number of seconds from 1 to 43200")
	}
	configured := r.newRole(attribute, roleARN.from, roleARN.text(), sessionName.text())
	configured.DurationSeconds = seconds
	return configured, nil
}

func (r *resolver) assumedRole(block AssumeRole) (role, error) {
	assumed, err := r.configuredRole(assumeRoleAttribute, block.RoleARN, block.SessionName, block.SessionDuration)
	if err != nil {
		return role{}, err
	}
	externalID := r.choose(block.ExternalID, "external_id of "+assumeRoleAttribute, externalIDVariable)
	if externalID.isSet() && !hasForm(externalID.text(), externalIDCharacters) {
		return role{}, origin{externalID.from, assumeRoleAttribute}.fail("it must be 2 to 128 letters, digits and _+=,.@:/- only")
	}
	// STS documents the policy as URL-encoded text.
	assumed.Policy, assumed.ExternalID = url.QueryEscape(strings.TrimSpace(block.Policy)), externalID.text()
	return assumed, nil
}

func (r *resolver) webIdentityRole(block WebIdentity) (role, error) {
	assumed, err := r.configuredRole(webIdentityAttribute, block.RoleARN, block.SessionName, block.SessionDuration)
	if err != nil {
		return role{}, err
	}
	// A variable must not take precedence over the other argument.
	tokens := slices.DeleteFunc([]setting{
		newSetting(block.WebIdentityToken.Reveal(), "web_identity_token"),
		newSetting(block.WebIdentityTokenFile, "web_identity_token_file"),
		r.read(webIdentityTokenVariable),
		r.read(webIdentityTokenFileVariable),
	}, func(s setting) bool { return !s.isSet() })
	if len(tokens) == 0 {
		return role{}, origin{webIdentityAttribute, webIdentityAttribute}.fail(
			"neither web_identity_token nor web_identity_token_file is set, and neither is " + webIdentityTokenVariable + " or " + webIdentityTokenFileVariable)
	}
	used := tokens[0]
	for _, ignored := range tokens[1:] {
		r.ignore("A web identity token is ignored", ignored.from+" is ignored because "+used.from+" is set too.", ignored.from)
	}
	if r.peek(externalIDVariable).isSet() {
		r.ignore("The external ID is ignored", externalIDVariable+" is ignored: only assume_role has an external ID, and "+assumed.from+" selects a role with a web identity.",
			externalIDVariable)
	}
	providerID := r.choose(block.ProviderID, webIdentityAttribute, providerIDVariable).or(defaultProviderID)
	if err := cmp.Or(used.check(webIdentityAttribute), providerID.check(webIdentityAttribute)); err != nil {
		return role{}, err
	}
	if used.from == "web_identity_token" || used.from == webIdentityTokenVariable {
		assumed.token = used.value
	} else {
		if assumed.tokenFile, err = homedir.Expand(used.text(), r.environment.HomeDir); err != nil {
			return role{}, origin{used.from, webIdentityAttribute}.failure(err)
		}
	}
	assumed.ProviderID = providerID.text()
	return assumed, nil
}

// podRole returns the role of this TKE pod.
func (r *resolver) podRole() (role, error) {
	missing := slices.DeleteFunc(
		[]string{podRegionVariable, podProviderIDVariable, podTokenFileVariable, podRoleARNVariable},
		func(name string) bool { return r.read(name).isSet() })
	if len(missing) > 0 {
		return role{}, origin{podOIDCAttribute, podOIDCAttribute}.fail(
			withVerb(missing) + " not set: TKE sets them in a pod whose service account is bound to a CAM role")
	}
	pod := r.newRole(podOIDCAttribute, podOIDCAttribute, r.read(podRoleARNVariable).text(), defaultSessionName)
	pod.region = r.read(podRegionVariable).text()
	pod.ProviderID = r.read(podProviderIDVariable).text()
	var err error
	if pod.tokenFile, err = homedir.Expand(r.read(podTokenFileVariable).text(), r.environment.HomeDir); err != nil {
		return role{}, origin{podTokenFileVariable, podOIDCAttribute}.failure(err)
	}
	return pod, nil
}

// assume returns the source of the role's keys, which STS issues to base's keys
// or, without a base, to the role's web identity.
func (r *resolver) assume(assumed role, base *Source) *Source {
	return temporarySource(r.environment, assumed.origin, func(ctx context.Context) (temporary, error) {
		var credential cloudapi.Credential
		var token secret.Text
		var err error
		request := cloudapi.Request{Action: "AssumeRole", Region: cmp.Or(assumed.region, defaultSTSRegion)}
		if base != nil {
			credential, err = base.Retrieve(ctx)
		} else {
			request.Action, request.Unsigned = "AssumeRoleWithWebIdentity", true
			token, err = assumed.identityToken()
		}
		if err != nil {
			return temporary{}, err
		}
		parameters := assumed.roleParameters
		parameters.WebIdentityToken = token.Reveal()
		request.Parameters, request.Secrets = parameters, []secret.Text{token}
		return r.issueKey(ctx, credential, request, assumed.DurationSeconds)
	})
}

// identityToken returns the current token of the web identity.
func (a role) identityToken() (secret.Text, error) {
	if a.tokenFile == "" {
		return a.token, nil
	}
	content, err := readFile(a.tokenFile)
	var token string
	if err == nil {
		token, err = parseTokenFile(bytes.TrimSpace(content))
	}
	if err != nil {
		return secret.Text{}, fmt.Errorf("web identity token file %s cannot be read: %w", a.tokenFile, err)
	}
	return secret.New(token), nil
}

// parseTokenFile returns the token of a file that holds either only the token or
// {"web_identity_token": "…"}.
func parseTokenFile(content []byte) (string, error) {
	if len(content) == 0 {
		return "", errors.New("it is empty")
	}
	token := string(content)
	if content[0] == '{' {
		var file struct {
			Token string `json:"web_identity_token"`
		}
		if json.Unmarshal(content, &file) != nil {
			return "", errTokenForm
		}
		token = strings.TrimSpace(file.Token)
	}
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errTokenForm
	}
	return token, nil
}
