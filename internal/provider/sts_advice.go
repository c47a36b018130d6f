package provider

import (
	"slices"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// stsAdvice returns what failed and what to do when STS refuses an action with a
// code. It decides by the code, then by its family: the part before the first dot.
func stsAdvice(action, code string) (summary, advice string) {
	const (
		compareARN = "Compare role_arn with the ARN that the CAM console shows for the role, including the account ID (UIN) and the spelling of roleName, " +
			"and check that domain names the site of that account (international or China)."
		policy       = "Correct policy in assume_role. The CAM documentation describes its syntax and the longest policy."
		stsEndpoint  = "Check that domain and sts_endpoint are those of Tencent's STS API."
		retriedFault = "The provider retried without success. Try again in a minute."
	)
	denied := map[string]struct{ summary, advice string }{
		"AssumeRole": {"The role cannot be assumed", "Grant the CAM action sts:AssumeRole on this role to the user or role that assumes it, " +
			"and check that the role's trust policy names the account or user, with the conditions (such as the external ID) that apply."},
		"AssumeRoleWithWebIdentity": {"The role cannot be assumed with the web identity", "Check that the role's trust policy names the identity provider (provider_id), " +
			"and that its conditions accept the issuer, audience and subject of the token."},
		"GetCallerIdentity": {"The account of the credentials cannot be read", "allowed_account_ids and forbidden_account_ids need the account. " +
			"Grant the CAM action sts:GetCallerIdentity to the user or role."},
	}[action]
	entries := []struct {
		codes           []string
		summary, advice string
	}{
		{[]string{"UnauthorizedOperation", "AuthFailure.UnauthorizedOperation"}, denied.summary, denied.advice},
		{[]string{"ResourceNotFound.RoleNotFound", "ResourceNotFound"}, "The role does not exist", compareARN},
		{[]string{"InternalError.GetRoleError", "InternalError.IllegalRole"}, "STS could not read the role", "The role's ARN may be wrong. " + compareARN + " If the ARN is correct, try again later."},
		{[]string{"InvalidParameter.OverLimit", "RequestLimitExceeded"}, "Too many requests to STS", "The provider retried without success. Try again in a minute, and run fewer processes that assume roles at the same time."},
		{
			[]string{"InvalidParameter.WebIdentityTokenError"},
			"STS does not accept the web identity token",
			"Get a new token: the token may have expired. Check that provider_id names the identity provider in CAM that issued the token, and that the provider's client ID is the token's audience.",
		},
		{[]string{"InvalidParameter.OverTimeError"}, "The session of the role is too long", "Lower session_duration to the longest session that CAM allows for the role."},
		{
			[]string{
				"InvalidParameter.PolicyTooLong", "InvalidParameter.StrategyFormatError", "InvalidParameter.StrategyInvalid",
				"InvalidParameter.ExtendStrategyOverSize", "InvalidParameter.GrantOtherResource", "InvalidParameter.ResouceError",
			},
			"STS does not accept the policy of the session", policy,
		},
		{[]string{"InvalidParameter.AccountNotAvaliable"}, "STS does not know the account", compareARN},
		{
			[]string{"InvalidParameter", "InvalidParameterValue", "MissingParameter"},
			"STS does not accept a setting of the role",
			"The service's message names the parameter. Check role_arn, session_name, session_duration, external_id and provider_id, and their variables.",
		},
		{
			[]string{"UnsupportedRegion"},
			"STS does not support the region",
			"STS is called in the region of the provider block (in a TKE pod: TKE_REGION). Set region there to one that STS supports, such as ap-singapore, and set the region of the task in the resource.",
		},
		{[]string{"InternalError", "ServiceUnavailable", "ResourceUnavailable"}, "STS had an internal error", retriedFault},
		{[]string{"UnsupportedOperation", "InvalidAction", "NoSuchVersion", "UnknownParameter"}, "The host does not offer the action of STS", stsEndpoint},
	}
	family, _, _ := strings.Cut(code, ".")
	if family == "AuthFailure" && code != "AuthFailure.UnauthorizedOperation" { // About the key, whichever API refuses it.
		known := trtcclient.Explain(code)
		return known.Summary, known.Advice
	}
	for _, wanted := range []string{code, family} {
		for _, entry := range entries {
			if slices.Contains(entry.codes, wanted) {
				return entry.summary, entry.advice
			}
		}
	}
	return "STS refused the request", "The documentation of STS does not describe this code. Tencent Cloud support can look up the request by its RequestId."
}
