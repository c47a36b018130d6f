package trtcmock

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func roleParameters(changes map[string]any) map[string]any {
	return changed(map[string]any{"RoleArn": "qcs::cam::uin/100:roleName/ingest", "RoleSessionName": "terraform"}, changes)
}

// webIdentityRequest returns an unsigned AssumeRoleWithWebIdentity.
func webIdentityRequest(s *testServer, changes map[string]any) *http.Request {
	s.t.Helper()
	parameters := roleParameters(map[string]any{"ProviderId": "OIDC", "WebIdentityToken": "jwt"})
	r := s.newRequest("AssumeRoleWithWebIdentity", changed(parameters, changes)).request(s.t, "http://"+testHost+"/", testHost)
	r.Header.Set("Authorization", "SKIP")
	return r
}

// as returns a Describe signed with the temporary credential.
func (s *testServer) as(a testResponse) testRequest {
	m := s.newRequest("DescribeStreamIngest", target("unknown"))
	issued := a.Response.Credentials
	m.secretID, m.secretKey, m.token = issued.TmpSecretID, issued.TmpSecretKey, issued.Token
	return m
}

func TestAssumeRole(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	a := s.call("AssumeRole", roleParameters(map[string]any{"DurationSeconds": 1800}))
	s.wantCode(a, "")
	if a.Response.ExpiredTime != testStart().Unix()+1800 || a.Response.Expiration != testStart().Add(1800*time.Second).Format(time.RFC3339) {
		t.Errorf("expires %d, %s", a.Response.ExpiredTime, a.Response.Expiration)
	}
	good := s.as(a)
	s.wantCode(s.send(good), "")
	withoutToken, otherToken, otherKey := good, good, good
	withoutToken.token, otherToken.token, otherKey.secretKey = "", good.token+"x", "x"
	s.wantCode(s.send(withoutToken), "AuthFailure.TokenFailure")
	s.wantCode(s.send(otherToken), "AuthFailure.TokenFailure")
	s.wantCode(s.send(otherKey), "AuthFailure.SignatureFailure")

	s.clock.Advance(1800*time.Second - 1)
	good.timestamp = s.clock.Now()
	s.wantCode(s.send(good), "")
	s.clock.Advance(1)
	s.wantCode(s.send(good), "AuthFailure.TokenFailure")

	calls := s.Journal()
	if c := calls[0]; c.Action != "AssumeRole" || c.SecretID != testSecretID || !c.Ran || c.TokenSent {
		t.Errorf("call %+v", c)
	}
	if c := calls[1]; c.SecretID != good.secretID || !c.TokenSent {
		t.Errorf("call %+v", c)
	}
}

// TestAssumeRole_Life checks how long a credential lives without DurationSeconds, and
// that the option wins over it.
func TestAssumeRole_Life(t *testing.T) {
	t.Parallel()
	for option, want := range map[time.Duration]time.Duration{0: 2 * time.Hour, 3 * time.Second: 3 * time.Second} {
		s := newTestServer(t, func(o *Options) { o.STSCredentialLife = option })
		if a := s.call("AssumeRole", roleParameters(nil)); a.Response.ExpiredTime != testStart().Add(want).Unix() {
			t.Errorf("response %+v, want a life of %v", a, want)
		}
	}
}

func TestAssumeRole_Rejected(t *testing.T) {
	t.Parallel()
	const other = "qcs::cam::uin/100:roleName/other"
	tests := map[string]struct {
		changes map[string]any
		want    string
	}{
		"no role":           {map[string]any{"RoleArn": nil}, "MissingParameter"},
		"no arn":            {map[string]any{"RoleArn": "ingest"}, "InvalidParameter.ParamError"},
		"other role":        {map[string]any{"RoleArn": other}, "ResourceNotFound.RoleNotFound"},
		"no session":        {map[string]any{"RoleSessionName": nil}, "MissingParameter"},
		"session too short": {map[string]any{"RoleSessionName": "x"}, "InvalidParameter.ParamError"},
		"session too long":  {map[string]any{"RoleSessionName": strings.Repeat("x", 129)}, "InvalidParameter.ParamError"},
		"session in blanks": {map[string]any{"RoleSessionName": "a b"}, "InvalidParameter.ParamError"},
		"no time":           {map[string]any{"DurationSeconds": 0}, "InvalidParameter.OverTimeError"},
		"too long":          {map[string]any{"DurationSeconds": 43201}, "InvalidParameter.OverTimeError"},
		"time as text":      {map[string]any{"DurationSeconds": "7200"}, "InvalidParameter.ParamError"},
		"external id":       {map[string]any{"ExternalId": "a b"}, "InvalidParameter.ParamError"},
		"empty external id": {map[string]any{"ExternalId": ""}, "InvalidParameter.ParamError"},
		"unknown":           {map[string]any{"SdkAppId": 1}, "UnknownParameter"},
		"all":               {map[string]any{"DurationSeconds": 43200, "Policy": "{}", "ExternalId": "a/b"}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, func(o *Options) { o.Roles = map[string]bool{"qcs::cam::uin/100:roleName/ingest": true} })
			s.wantCode(s.call("AssumeRole", roleParameters(test.changes)), test.want)
		})
	}
}

func TestAssumeRole_OtherService(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	m := s.newRequest("AssumeRole", roleParameters(nil))
	m.service = "trtc"
	s.wantCode(s.send(m), "AuthFailure.SignatureFailure")
	m.service, m.version = "sts", "2019-07-22"
	s.wantCode(s.send(m), "NoSuchVersion")
	m.version, m.region = "2018-08-13", "eu-frankfurt"
	s.wantCode(s.send(m), "")
	m.region = ""
	s.wantCode(s.send(m), "MissingParameter")
}

func TestAssumeRoleWithWebIdentity(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.WebIdentityTokens = map[string]bool{"jwt": true, "jwt2": true} })
	a := s.do(webIdentityRequest(s, nil))
	s.wantCode(a, "")
	s.wantCode(s.send(s.as(a)), "")
	for name, test := range map[string]struct {
		changes map[string]any
		want    string
	}{
		"other accepted token": {map[string]any{"WebIdentityToken": "jwt2"}, ""},
		"other token":          {map[string]any{"WebIdentityToken": "jwt3"}, "InvalidParameter.WebIdentityTokenError"},
		"empty token":          {map[string]any{"WebIdentityToken": ""}, "InvalidParameter.WebIdentityTokenError"},
		"no token":             {map[string]any{"WebIdentityToken": nil}, "MissingParameter"},
		"empty provider":       {map[string]any{"ProviderId": ""}, "InvalidParameter.ParamError"},
		"bad arn":              {map[string]any{"RoleArn": "x"}, "InvalidParameter.ParamError"},
	} {
		if got := s.do(webIdentityRequest(s, test.changes)).code(); got != test.want {
			t.Errorf("%s: code %q, want %q", name, got, test.want)
		}
	}
	signed := webIdentityRequest(s, nil)
	signed.Header.Set("Authorization", s.newRequest("AssumeRoleWithWebIdentity", nil).sign(testHost))
	s.wantCode(s.do(signed), "AuthFailure.InvalidAuthorization")
}

func TestGetCallerIdentity(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.Accounts = map[string]string{testSecretID: "200000000002"} })
	expect := func(a testResponse, kind, account, arn string) {
		t.Helper()
		s.wantCode(a, "")
		if r := a.Response; r.Type != kind || r.AccountID != account || r.PrincipalID != account || !strings.HasPrefix(r.Arn, arn) || r.UserID == "" {
			t.Errorf("response %+v", r)
		}
	}
	expect(s.call("GetCallerIdentity", map[string]any{}), "CAMUser", "200000000002", "qcs::cam:200000000002:uin/200000000002")
	role, caller := s.as(s.call("AssumeRole", roleParameters(nil))), s.newRequest("GetCallerIdentity", map[string]any{})
	caller.secretID, caller.secretKey, caller.token = role.secretID, role.secretKey, role.token
	expect(s.send(caller), "CAMRole", "100", "qcs::sts:100:assumed-role/")
}
