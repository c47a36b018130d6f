package credentials

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	assumeRoleAttribute  = "assume_role"
	webIdentityAttribute = "assume_role_with_web_identity"
	podOIDCAttribute     = "enable_pod_oidc"

	defaultSessionName = "terraform-provider-trtc"
	// defaultSessionDuration and maxSessionDuration are documented by STS.
	defaultSessionDuration = 7200 * time.Second
	maxSessionDuration     = 43200 * time.Second
	// defaultProviderID is the default of the official provider.
	defaultProviderID = "OIDC"
)

var (
	sessionNameForm = regexp.MustCompile(`^[\w+=,.@-]{2,128}$`)
	externalIDForm  = regexp.MustCompile(`^[\w+=,.@:/-]{2,128}$`)

	errNoRoleARN       = errors.New("role_arn is not set, and neither is " + roleARNVariable)
	errSessionName     = errors.New("it must be 2 to 128 letters, digits and _+=,.@- only")
	errExternalID      = errors.New("it must be 2 to 128 letters, digits and _+=,.@:/- only")
	errSessionDuration = errors.New("it must be a whole number of seconds from 1 to 43200")
	errNoToken         = errors.New("neither web_identity_token nor web_identity_token_file is set, and neither is " +
		webIdentityTokenVariable + " or " + webIdentityTokenFileVariable)
	errEmptyTokenFile = errors.New("it is empty")
	errTokenForm      = errors.New("it holds neither a token nor JSON with the key web_identity_token")
)

// session is what every way to assume a role needs.
type session struct {
	// from is where the role is configured, such as "assume_role".
	from string
	// attribute is the provider's argument for such a role.
	attribute string
	arn       string
	name      string
	duration  time.Duration
}

// String returns "role <ARN> from <where it is configured>".
func (s session) String() string { return "role " + s.arn + " from " + s.from }

func (s session) failure(err error) error {
	return &SourceError{Source: s.String(), Attribute: s.attribute, Err: err}
}

// newSession completes the values of attribute from the variables and then the
// defaults.
func (r *resolver) newSession(attribute, arn, name string, seconds int64) (session, error) {
	role := r.variables.choose(arn, attribute, roleARNVariable)
	if !role.isSet() {
		return session{}, &SourceError{Source: attribute, Attribute: attribute, Err: errNoRoleARN}
	}
	sessionName := r.variables.choose(name, "session_name of "+attribute, sessionNameVariable)
	if !sessionName.isSet() {
		sessionName.value = secret.New(defaultSessionName)
	}
	if !sessionNameForm.MatchString(sessionName.text()) {
		return session{}, &SourceError{Source: sessionName.from, Attribute: attribute, Err: errSessionName}
	}
	duration, err := r.sessionDuration(attribute, seconds)
	return session{from: role.from, attribute: attribute, arn: role.text(), name: sessionName.text(), duration: duration}, err
}

func (r *resolver) sessionDuration(attribute string, seconds int64) (time.Duration, error) {
	from := "session_duration of " + attribute
	if seconds == 0 {
		variable := r.variables.read(sessionDurationVariable)
		if !variable.isSet() {
			return defaultSessionDuration, nil
		}
		from = variable.from
		// What is not a number is 0, which is out of range too.
		seconds, _ = strconv.ParseInt(variable.text(), 10, 64)
	}
	if seconds < 1 || seconds > int64(maxSessionDuration/time.Second) {
		return 0, &SourceError{Source: from, Attribute: attribute, Err: errSessionDuration}
	}
	return time.Duration(seconds) * time.Second, nil
}

// assumedRole is a role that is assumed with other keys; STS AssumeRole.
type assumedRole struct {
	session

	policy     string
	externalID string
}

// assumedRole completes the block, which may be empty, from the variables.
func (r *resolver) assumedRole(block AssumeRole) (*assumedRole, error) {
	role, err := r.newSession(assumeRoleAttribute, block.RoleARN, block.SessionName, block.SessionDuration)
	if err != nil {
		return nil, err
	}
	externalID := r.variables.choose(block.ExternalID, "external_id of "+assumeRoleAttribute, externalIDVariable)
	if externalID.isSet() && !externalIDForm.MatchString(externalID.text()) {
		return nil, &SourceError{Source: externalID.from, Attribute: assumeRoleAttribute, Err: errExternalID}
	}
	return &assumedRole{session: role, policy: block.Policy, externalID: externalID.text()}, nil
}

// source returns the source of the role's keys, which are issued to base's keys.
func (a *assumedRole) source(base *Source, sts *stsClient) *Source {
	parameters := struct {
		RoleArn         string
		RoleSessionName string
		DurationSeconds int64
		Policy          string `json:",omitempty"`
		ExternalID      string `json:"ExternalId,omitempty"`
	}{
		RoleArn:         a.arn,
		RoleSessionName: a.name,
		DurationSeconds: int64(a.duration.Seconds()),
		// STS documents the policy as URL-encoded text.
		Policy:     url.QueryEscape(a.policy),
		ExternalID: a.externalID,
	}
	fetch := func(ctx context.Context) (temporary, error) {
		credential, err := base.Retrieve(ctx)
		if err != nil {
			return temporary{}, err
		}
		issued, err := sts.call(ctx, credential, cloudapi.Request{Action: "AssumeRole", Parameters: parameters}, a.duration)
		if err != nil {
			return temporary{}, a.failure(err)
		}
		return issued, nil
	}
	return temporarySource(sts.environment, a.failure, fetch)
}

// webIdentityRole is a role that is assumed with the token of an identity
// provider; STS AssumeRoleWithWebIdentity.
type webIdentityRole struct {
	session

	providerID string
	token      identityToken
}

// webIdentityRole completes the block, which may be empty, from the variables.
func (r *resolver) webIdentityRole(block WebIdentity) (*webIdentityRole, error) {
	role, err := r.newSession(webIdentityAttribute, block.RoleARN, block.SessionName, block.SessionDuration)
	if err != nil {
		return nil, err
	}
	token, err := r.identityToken(block)
	if err != nil {
		return nil, err
	}
	providerID := r.variables.choose(block.ProviderID, webIdentityAttribute, providerIDVariable)
	if !providerID.isSet() {
		providerID.value = secret.New(defaultProviderID)
	}
	return &webIdentityRole{session: role, providerID: providerID.text(), token: token}, nil
}

// podRole returns the role of the TKE pod that this runs in, which TKE describes
// in variables of its own.
func (r *resolver) podRole() (*webIdentityRole, error) {
	values := map[string]string{}
	var missing []string
	for _, name := range []string{podRegionVariable, podProviderIDVariable, podTokenFileVariable, podRoleARNVariable} {
		values[name] = r.variables.read(name).text()
		if values[name] == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return nil, &SourceError{
			Source:    podOIDCAttribute,
			Attribute: podOIDCAttribute,
			Err:       errors.New(enumerate(missing) + be(missing) + " not set: TKE sets them in a pod whose service account is bound to a CAM role"),
		}
	}
	return &webIdentityRole{
		session: session{
			from:      podOIDCAttribute,
			attribute: podOIDCAttribute,
			arn:       values[podRoleARNVariable],
			name:      defaultSessionName,
			duration:  defaultSessionDuration,
		},
		providerID: values[podProviderIDVariable],
		token:      identityToken{path: values[podTokenFileVariable]},
	}, nil
}

// source returns the source of the role's keys.
func (w *webIdentityRole) source(sts *stsClient) *Source {
	fetch := func(ctx context.Context) (temporary, error) {
		token, err := w.token.read()
		if err != nil {
			return temporary{}, w.failure(err)
		}
		issued, err := sts.call(ctx, cloudapi.Credential{}, cloudapi.Request{
			Action: "AssumeRoleWithWebIdentity",
			Parameters: map[string]any{
				"ProviderId":       w.providerID,
				"WebIdentityToken": token.Reveal(),
				"RoleArn":          w.arn,
				"RoleSessionName":  w.name,
				"DurationSeconds":  int64(w.duration.Seconds()),
			},
			Unsigned: true,
			Secrets:  []secret.Text{token},
		}, w.duration)
		if err != nil {
			return temporary{}, w.failure(err)
		}
		return issued, nil
	}
	return temporarySource(sts.environment, w.failure, fetch)
}

// identityToken is the token of an identity provider: a text, or a file that the
// identity provider renews.
type identityToken struct {
	text secret.Text
	path string
}

// identityToken returns the first that is set of the two arguments and the two
// variables: a variable must not take precedence over the other argument.
func (r *resolver) identityToken(block WebIdentity) (identityToken, error) {
	given := slices.DeleteFunc([]setting{
		newSetting(block.WebIdentityToken, "web_identity_token"),
		newSetting(secret.New(block.WebIdentityTokenFile), "web_identity_token_file"),
		r.variables.read(webIdentityTokenVariable),
		r.variables.read(webIdentityTokenFileVariable),
	}, func(s setting) bool { return !s.isSet() })
	if len(given) == 0 {
		return identityToken{}, &SourceError{Source: webIdentityAttribute, Attribute: webIdentityAttribute, Err: errNoToken}
	}
	used := given[0]
	for _, ignored := range given[1:] {
		r.warn("A web identity token is ignored", ignored.from+" is ignored because "+used.from+" is set too.")
	}
	if used.from == "web_identity_token" || used.from == webIdentityTokenVariable {
		return identityToken{text: used.value}, nil
	}
	return identityToken{path: used.text()}, nil
}

// read returns the current token.
func (t identityToken) read() (secret.Text, error) {
	if !t.text.IsEmpty() {
		return t.text, nil
	}
	content, err := readFile(t.path)
	var token secret.Text
	if err == nil {
		token, err = parseTokenFile(content)
	}
	if err != nil {
		return secret.Text{}, fmt.Errorf("web identity token file %s cannot be read: %w", t.path, err)
	}
	return token, nil
}

// parseTokenFile returns the token of a file that holds either only the token or
// {"web_identity_token": "…"}.
func parseTokenFile(content []byte) (secret.Text, error) {
	content = bytes.TrimSpace(content)
	token := secret.New(string(content))
	if bytes.HasPrefix(content, []byte("{")) {
		var file struct {
			Token secret.Text `json:"web_identity_token"`
		}
		if err := decodeObject(content, &file); err != nil {
			return secret.Text{}, errTokenForm
		}
		if token = trim(file.Token); token.IsEmpty() {
			return secret.Text{}, errTokenForm
		}
	}
	switch {
	case token.IsEmpty():
		return secret.Text{}, errEmptyTokenFile
	case strings.ContainsFunc(token.Reveal(), isNotInToken):
		return secret.Text{}, errTokenForm
	}
	return token, nil
}

// isNotInToken reports whether r occurs in text or binary files but in no encoded
// token.
func isNotInToken(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) || r == ' ' }
