package trtcmock

import (
	"regexp"
	"strings"
	"time"
)

const (
	defaultCredentialLife = 2 * time.Hour
	roleArnPrefix         = "qcs::cam::"
	defaultAccount        = "100000000001"
	mockRoleID            = "4611686018427397919"
)

var (
	roleAccount     = regexp.MustCompile(`^qcs::cam::uin/(\d+):`)
	sessionNameForm = regexp.MustCompile(`^[\w+=,.@-]{2,128}$`)
	providerIDForm  = regexp.MustCompile(`.`)
	externalIDForm  = regexp.MustCompile(`^[\w+=,.@:/-]{2,128}$`)
)

// roleParameters returns the parameters of AssumeRole and AssumeRoleWithWebIdentity.
//
// Assumption: probe 23.
func (s *Server) roleParameters(extras ...parameter) []parameter {
	return append([]parameter{
		{name: "RoleArn", parse: as[string], missing: codeMissingParameter, check: s.checkRole},
		{name: "RoleSessionName", parse: as[string], missing: codeMissingParameter, check: matching("RoleSessionName", sessionNameForm)},
		number[uint64]("DurationSeconds", 1, 43200, "InvalidParameter.OverTimeError", ""),
	}, extras...)
}

func (s *Server) checkRole(params values) error {
	arn := valueOf(params, "RoleArn", "")
	if !strings.HasPrefix(arn, roleArnPrefix) {
		return apiErrorf(codeSTSParameter, "RoleArn must begin with %s.", roleArnPrefix)
	}
	if s.options.Roles != nil && !s.options.Roles[arn] {
		return apiErrorf("ResourceNotFound.RoleNotFound", "The role does not exist.")
	}
	return nil
}

func (s *Server) checkWebIdentity(params values) error {
	token := valueOf(params, "WebIdentityToken", "")
	if token == "" || s.options.WebIdentityTokens != nil && !s.options.WebIdentityTokens[token] {
		return apiErrorf("InvalidParameter.WebIdentityTokenError", "The web identity token is not accepted.")
	}
	return nil
}

func matching(name string, form *regexp.Regexp) func(values) error {
	return func(params values) error {
		if !form.MatchString(valueOf(params, name, "")) {
			return apiErrorf(codeSTSParameter, "%s does not match %s.", name, form)
		}
		return nil
	}
}

// assumeRole is AssumeRole and AssumeRoleWithWebIdentity, whose parameters have
// been checked.
func (s *Server) assumeRole(ex *exchange, params values) (fields, error) {
	life := defaultCredentialLife
	if params.has("DurationSeconds") {
		life = time.Duration(valueOf[uint64](params, "DurationSeconds", 0)) * time.Second //nolint:gosec // at most 43200
	}
	secretID, issued := s.issue(ex.at, life)
	if account := roleAccount.FindStringSubmatch(valueOf(params, "RoleArn", "")); account != nil {
		issued.account = account[1]
	}
	issued.session = valueOf(params, "RoleSessionName", "")
	s.keys[secretID] = issued
	return fields{
		"Credentials": map[string]string{
			"Token":        issued.token,
			"TmpSecretId":  secretID,
			"TmpSecretKey": issued.secretKey,
		},
		"ExpiredTime": issued.expires.Unix(),
		"Expiration":  issued.expires.UTC().Format(time.RFC3339),
	}, nil
}

// callerIdentity is GetCallerIdentity.
func (s *Server) callerIdentity(ex *exchange, _ values) (fields, error) {
	caller := s.keys[ex.call.SecretID]
	if caller.session == "" {
		return fields{
			"Type": "CAMUser", "AccountId": caller.account, "UserId": caller.account, "PrincipalId": caller.account,
			"Arn": "qcs::cam:" + caller.account + ":uin/" + caller.account,
		}, nil
	}
	return fields{
		"Type": "CAMRole", "AccountId": caller.account, "UserId": mockRoleID + ":" + caller.session, "PrincipalId": caller.account,
		"Arn": "qcs::sts:" + caller.account + ":assumed-role/" + mockRoleID,
	}, nil
}

// issue returns a new temporary credential and accepts it until it expires.
func (s *Server) issue(at time.Time, life time.Duration) (secretID string, issued credential) {
	if s.options.STSCredentialLife > 0 {
		life = s.options.STSCredentialLife
	}
	secretID = "AKID" + s.random.text(60)
	issued = credential{secretKey: s.random.text(44), token: s.random.text(200), expires: at.Add(life), account: defaultAccount}
	s.keys[secretID] = issued
	return secretID, issued
}
