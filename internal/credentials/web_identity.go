package credentials

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	webIdentityAttribute = "assume_role_with_web_identity"
	// defaultProviderID is the identity provider that the official provider
	// falls back on.
	defaultProviderID = "OIDC"
)

var errNoToken = errors.New("neither web_identity_token nor web_identity_token_file is set, and neither is " +
	webIdentityTokenVariable + " or " + webIdentityTokenFileVariable)

// webIdentityRole is a role that the token of an identity provider opens; STS
// AssumeRoleWithWebIdentity.
type webIdentityRole struct {
	session

	providerID string
	token      identityToken
}

type webIdentityParameters struct {
	ProviderID       string `json:"ProviderId"`
	WebIdentityToken string
	RoleArn          string
	RoleSessionName  string
	DurationSeconds  int64
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
		providerID.value = defaultProviderID
	}
	return &webIdentityRole{session: role, providerID: providerID.value, token: token}, nil
}

// identityToken chooses among the two arguments and then the two variables: a
// variable must not win over the other argument.
func (r *resolver) identityToken(block WebIdentity) (identityToken, error) {
	given := []setting{
		{value: strings.TrimSpace(block.WebIdentityToken.Reveal()), from: "web_identity_token"},
		{value: strings.TrimSpace(block.WebIdentityTokenFile), from: "web_identity_token_file"},
		r.variables.read(webIdentityTokenVariable),
		r.variables.read(webIdentityTokenFileVariable),
	}
	given = slices.DeleteFunc(given, func(s setting) bool { return !s.isSet() })
	if len(given) == 0 {
		return identityToken{}, &SourceError{Source: webIdentityAttribute, Attribute: webIdentityAttribute, Err: errNoToken}
	}
	used := given[0]
	for _, ignored := range given[1:] {
		r.warn("A web identity token is ignored", ignored.from+" is ignored because "+used.from+" is set too.")
	}
	if used.from == "web_identity_token" || used.from == webIdentityTokenVariable {
		return identityToken{text: secret.New(used.value)}, nil
	}
	return identityToken{path: used.value}, nil
}

// source returns the source of the role's keys.
func (w *webIdentityRole) source(service *stsClient) *Source {
	fetch := func(ctx context.Context) (temporary, error) {
		token, err := w.token.read()
		if err != nil {
			return temporary{}, w.failure(err)
		}
		issued, err := service.call(ctx, cloudapi.Credential{}, cloudapi.Request{
			Action:     "AssumeRoleWithWebIdentity",
			Parameters: w.parameters(token),
			Unsigned:   true,
			Secrets:    []secret.Text{secret.New(token)},
		}, w.duration)
		if err != nil {
			return temporary{}, w.failure(err)
		}
		return issued, nil
	}
	return temporarySource(w.String(), w.failure, service.clock, fetch)
}

func (w *webIdentityRole) parameters(token string) webIdentityParameters {
	return webIdentityParameters{
		ProviderID:       w.providerID,
		WebIdentityToken: token,
		RoleArn:          w.arn,
		RoleSessionName:  w.name,
		DurationSeconds:  int64(w.duration.Seconds()),
	}
}
