package trtcmock

import (
	"regexp"
	"strings"
	"time"
)

const (
	defaultCredentialLife = 2 * time.Hour
	maxCredentialSeconds  = 43200
	roleArnPrefix         = "qcs::cam::"
)

var (
	sessionNameForm = regexp.MustCompile(`^[\w+=,.@-]{2,128}$`)
	externalIDForm  = regexp.MustCompile(`^[\w+=,.@:/-]{2,128}$`)
)

func assumeRoleParameters() []parameter {
	return []parameter{
		{name: "RoleArn", kind: kindText, missing: codeMissingParameter},
		{name: "RoleSessionName", kind: kindText, missing: codeMissingParameter},
		{name: "DurationSeconds", kind: kindUint},
		{name: "Policy", kind: kindText},
		{name: "ExternalId", kind: kindText},
	}
}

func assumeRoleWithWebIdentityParameters() []parameter {
	return []parameter{
		{name: "ProviderId", kind: kindText, missing: codeMissingParameter},
		{name: "WebIdentityToken", kind: kindText, missing: codeMissingParameter},
		{name: "RoleArn", kind: kindText, missing: codeMissingParameter},
		{name: "RoleSessionName", kind: kindText, missing: codeMissingParameter},
		{name: "DurationSeconds", kind: kindUint},
	}
}

// assumeRole is STS AssumeRole.
func (s *Server) assumeRole(x *exchange, v values) (fields, error) {
	if err := s.checkSession(v); err != nil {
		return nil, err
	}
	if v.has("ExternalId") && !externalIDForm.MatchString(valueOf(v, "ExternalId", "")) {
		return nil, refuse(codeSTSParameter, "ExternalId is not of the documented form.")
	}
	return s.issueFor(x, v), nil
}

// assumeRoleWithWebIdentity is STS AssumeRoleWithWebIdentity.
func (s *Server) assumeRoleWithWebIdentity(x *exchange, v values) (fields, error) {
	if err := s.checkSession(v); err != nil {
		return nil, err
	}
	if valueOf(v, "ProviderId", "") == "" {
		return nil, refuse(codeSTSParameter, "ProviderId must not be empty.")
	}
	token := valueOf(v, "WebIdentityToken", "")
	accepted := s.options.WebIdentityTokens == nil || s.options.WebIdentityTokens[token]
	if token == "" || !accepted {
		return nil, refuse(codeSTSWebIdentity, "The web identity token is not accepted.")
	}
	return s.issueFor(x, v), nil
}

func (s *Server) checkSession(v values) error {
	arn := valueOf(v, "RoleArn", "")
	if !strings.HasPrefix(arn, roleArnPrefix) {
		return refuse(codeSTSParameter, "RoleArn must begin with %s.", roleArnPrefix)
	}
	if s.options.Roles != nil && !s.options.Roles[arn] {
		return refuse(codeSTSRole, "The role does not exist.")
	}
	if !sessionNameForm.MatchString(valueOf(v, "RoleSessionName", "")) {
		return refuse(codeSTSParameter, "RoleSessionName must be 2 to 128 letters, digits and =,.@_-+ only.")
	}
	seconds := valueOf[uint64](v, "DurationSeconds", 1)
	if seconds == 0 || seconds > maxCredentialSeconds {
		return refuse(codeSTSDuration, "DurationSeconds must be from 1 to %d.", maxCredentialSeconds)
	}
	return nil
}

func (s *Server) issueFor(x *exchange, v values) fields {
	life := defaultCredentialLife
	if v.has("DurationSeconds") {
		life = time.Duration(valueOf[uint64](v, "DurationSeconds", 0)) * time.Second //nolint:gosec // bounded by checkSession
	}
	issued := s.issue(x.at, life)
	return fields{
		"Credentials": map[string]string{
			"Token":        issued.token,
			"TmpSecretId":  issued.secretID,
			"TmpSecretKey": issued.secretKey,
		},
		"ExpiredTime": issued.expires.Unix(),
		"Expiration":  issued.expires.UTC().Format(time.RFC3339),
	}
}

// temporaryCredential is a credential as it is handed out.
type temporaryCredential struct {
	credential
	secretID string
}

// issue makes a temporary credential that calls are accepted with until it
// expires.
func (s *Server) issue(at time.Time, life time.Duration) temporaryCredential {
	if s.options.STSCredentialLife > 0 {
		life = s.options.STSCredentialLife
	}
	issued := temporaryCredential{
		secretID: "AKID" + s.generate.text(60),
		credential: credential{
			secretKey: s.generate.text(44),
			token:     s.generate.text(200),
			expires:   at.Add(life),
		},
	}
	s.keys[issued.secretID] = issued.credential
	return issued
}
