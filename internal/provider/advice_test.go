package provider_test

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestSTSAdvice refuses the calls of STS with a code of each entry, and checks the
// advice and how often the call is sent.
func TestSTSAdvice(t *testing.T) {
	t.Parallel()
	const retried = 4
	for code, test := range map[string]struct {
		calls int
		said  string
	}{
		"UnauthorizedOperation":                  {1, "sts:AssumeRole on this role"},
		"UnauthorizedOperation.CamNoAuth":        {1, "sts:AssumeRole on this role"},
		"ResourceNotFound.RoleNotFound":          {1, "Compare role_arn with the ARN"},
		"InternalError.GetRoleError":             {retried, "The role's ARN may be wrong"},
		"InternalError.DbError":                  {retried, "The provider retried without success"},
		"InvalidParameter.OverLimit":             {retried, "fewer processes that assume roles"},
		"RequestLimitExceeded":                   {retried, "fewer processes that assume roles"},
		"InvalidParameter.WebIdentityTokenError": {1, "Get a new token"},
		"InvalidParameter.OverTimeError":         {1, "Lower session_duration"},
		"InvalidParameter.StrategyInvalid":       {1, "Correct policy in assume_role"},
		"InvalidParameter.AccountNotAvaliable":   {1, "Compare role_arn"},
		"InvalidParameter.ParamError":            {1, "external_id"},
		"UnsupportedRegion":                      {1, "such as ap-singapore"},
		"InvalidAction":                          {1, "sts_endpoint"},
		"AuthFailure.SecretIdNotFound":           {1, "Check secret_id in the CAM console"},
		"Something.New":                          {1, "documentation of STS does not describe"},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			world, _ := keyWorld(t, map[string]string{roleVariable: roleARN})
			world.Inject(t, trtcmock.Fault{Action: assumeRole, Kind: trtcmock.FaultCode, Code: code, Message: serviceMessage, Times: -1})
			said := readTask(t, keyProvider(t, world, static(nil)))
			acctest.ExpectError(t, said, "", test.said, "STS refused AssumeRole for the role "+roleARN, serviceMessage, "Action: AssumeRole", "Code: "+code, "RequestId: ")
			for _, text := range []string{"QcloudTRTCFullAccess", "requests_per_second"} {
				if len(said.Mentioning(text)) > 0 {
					t.Errorf("%s mentions %s, which is for TRTC", said, text)
				}
			}
			expectWellWritten(t, said.Errors()[0])
			world.ExpectJournal(t, strings.Split(strings.TrimSuffix(strings.Repeat(assumeRole+":"+code+" ", test.calls), " "), " ")...)
		})
	}
}

// TestSTSAdvice_WebIdentity checks that no permission of the caller is asked for:
// a web identity has none.
func TestSTSAdvice_WebIdentity(t *testing.T) {
	t.Parallel()
	world, _ := keyWorld(t, map[string]string{roleVariable: roleARN, "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN": "jwt-one"})
	world.Inject(t, acctest.RejectAll(assumeRoleWithWebIdentity, "UnauthorizedOperation"))
	said := readTask(t, keyProvider(t, world, nil))
	acctest.ExpectError(t, said, "", "The role cannot be assumed with the web identity", "trust policy names the identity provider")
}

// TestSTSUnreachable checks that the error names the endpoint of STS.
func TestSTSUnreachable(t *testing.T) {
	t.Parallel()
	world, _ := keyWorld(t, map[string]string{roleVariable: roleARN})
	said := readTask(t, keyProvider(t, world, static(tfcore.Values{"sts_endpoint": "http://127.0.0.1:1"})))
	acctest.ExpectError(t, said, "", "STS could not be reached", "sts_endpoint", "Nothing was sent to TRTC")
	world.ExpectJournal(t)
}

// sameTitle is in an error whose cause another error of the run explains.
const sameTitle = "Another error of this run with the same title"

// TestOneCauseForManyResources checks that one cause, such as a wrong key, is one
// full error, however many resources meet it, and that a failing role is one
// sequence of calls.
func TestOneCauseForManyResources(t *testing.T) {
	t.Parallel()
	const resources = 30
	for name, test := range map[string]struct {
		arguments tfcore.Values
		faults    []trtcmock.Fault
		calls     []string // of all resources
		each      string   // the call of each resource, or empty
		said      string   // what only the full error says
	}{
		"role without permission": {
			static(tfcore.Values{"assume_role": tfcore.Values{"role_arn": roleARN}}),
			[]trtcmock.Fault{acctest.RejectAll(assumeRole, "UnauthorizedOperation")},
			[]string{assumeRole + ":UnauthorizedOperation"},
			"", "Code: UnauthorizedOperation",
		},
		"role that STS cannot read": {
			static(tfcore.Values{"assume_role": tfcore.Values{"role_arn": roleARN}}),
			[]trtcmock.Fault{acctest.RejectAll(assumeRole, "InternalError.GetRoleError")},
			slices.Repeat([]string{assumeRole + ":InternalError.GetRoleError"}, 4), "", "Code: InternalError.GetRoleError",
		},
		"no API key":          {nil, nil, nil, "", "Set TENCENTCLOUD_SECRET_ID"},
		"wrong API key":       {static(tfcore.Values{"secret_key": otherSecret}), nil, nil, acctest.Start + ":AuthFailure.SignatureFailure", "not that of an application"},
		"no application key":  {static(tfcore.Values{"sdk_secret_key": nil}), nil, nil, "", "There are two ways to provide it"},
		"key of another app":  {static(tfcore.Values{"sdk_secret_key": strings.Repeat("0", 64)}), nil, nil, acctest.Start + ":InvalidParameter.UserSig", "The provider minted this ticket"},
		"address not allowed": {static(nil), []trtcmock.Fault{acctest.RejectAll("", "IpNotInWhitelist")}, nil, acctest.Start + ":IpNotInWhitelist", "the allowlist of the account"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, _ := keyWorld(t, nil)
			world.Inject(t, test.faults...)
			connected := keyProvider(t, world, tfcore.Values{"sdk_secret_key": acctest.SdkSecretKey}.With(test.arguments))
			var mu sync.Mutex
			var full, short int
			create := func(number int) {
				config := world.Values(t, tfcore.Values{"room_id": strconv.Itoa(1000 + number), "user_sig": nil})
				_, said := connected.Session(acctest.ResourceType).ApplyConfig(t.Context(), config)
				mu.Lock()
				defer mu.Unlock()
				switch failed := said.Errors(); {
				case len(failed) == 1 && len(failed.Mentioning(test.said)) == 1:
					full++
				case len(failed) == 1 && len(failed.Mentioning(sameTitle)) == 1 && !strings.Contains(failed[0].Detail, "\n"):
					short++
				default:
					t.Errorf("room %d: %s", number, said)
				}
			}
			together(10, create)
			together(resources-10, func(number int) { create(10 + number) })
			if full != 1 || short != resources-1 {
				t.Errorf("%d full and %d short errors", full, short)
			}
			if test.each != "" {
				test.calls = slices.Repeat([]string{test.each}, resources)
			}
			world.ExpectJournal(t, test.calls...)
		})
	}
}

// TestOneCauseForManyResources_OtherCause checks that an error with another code is
// full, even if title and advice are the same.
func TestOneCauseForManyResources_OtherCause(t *testing.T) {
	t.Parallel()
	for action, family := range map[string]string{acctest.Describe: "UnauthorizedOperation", assumeRole: "FailedOperation"} {
		world, _ := keyWorld(t, nil)
		connected := keyProvider(t, world, static(tfcore.Values{"assume_role": tfcore.Values{"role_arn": roleARN}}))
		for _, code := range []string{family + ".One", family + ".Two"} {
			world.Inject(t, acctest.RejectNext(action, code))
			acctest.ExpectError(t, readTask(t, connected), "", "Code: "+code)
			world.Clock.Advance(time.Minute) // The next call assumes the role again.
		}
	}
}

// TestOneCauseForManyResources_Warning checks that a warning has the full text:
// Terraform shows one of the warnings with the same title.
func TestOneCauseForManyResources_Warning(t *testing.T) {
	t.Parallel()
	world, _ := keyWorld(t, nil)
	world.Inject(t, acctest.RejectAll(acctest.Update, "UnauthorizedOperation"))
	connected := keyProvider(t, world, static(tfcore.Values{"sdk_secret_key": acctest.SdkSecretKey}))
	for _, room := range []string{"1001", "1002"} {
		_, said := connected.Session(acctest.ResourceType).ApplyConfig(t.Context(), world.Values(t, tfcore.Values{"room_id": room, "user_id": "robot-" + room, "user_sig": nil, "paused": true}))
		if len(said.Warnings().Mentioning("not paused").Mentioning("Code: UnauthorizedOperation")) != 1 {
			t.Errorf("room %s: %s", room, said)
		}
	}
}

// TestKeySource checks that an error about a key names where the key comes from.
func TestKeySource(t *testing.T) {
	t.Parallel()
	role := tfcore.Values{"assume_role": tfcore.Values{"role_arn": roleARN}}
	for _, test := range []struct {
		source    string
		arguments tfcore.Values
		variables map[string]string
		refused   string // the action
	}{
		{"secret_id and TENCENTCLOUD_SECRET_KEY.", tfcore.Values{"secret_id": otherID}, map[string]string{keyVariable: otherSecret}, acctest.Describe},
		{"profile default in ", nil, nil, acctest.Describe},
		{"profile default in ", role, nil, assumeRole},
		{"role " + roleARN + " from assume_role.", role, nil, acctest.Describe},
	} {
		world, home := keyWorld(t, test.variables)
		writeFile(t, `{"secretId":"`+otherID+`","secretKey":"`+otherSecret+`"}`, home, ".tccli", "default.credential")
		world.Inject(t, acctest.RejectAll(test.refused, "AuthFailure.SignatureFailure"))
		said := readTask(t, keyProvider(t, world, test.arguments))
		acctest.ExpectError(t, said, "", "The request was signed with the key from "+test.source, "Action: "+test.refused)
	}
}
