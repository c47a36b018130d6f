package provider

import (
	"slices"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// ErrorCode is the explanation of an error code of the service.
type ErrorCode struct {
	// Code is the code, or the family before its last dot.
	Code string
	// Summary says what failed, and Advice what to do next. In Advice, <Action>
	// stands for the API action that failed.
	Summary, Advice string
}

// Explain returns the explanation of a code: the entry of the code itself, else of
// its family, else a general one. The code of the result is always code.
func Explain(code string) ErrorCode {
	table := map[string]ErrorCode{}
	for _, entry := range ErrorCodes() {
		table[entry.Code] = entry
	}
	entry, found := trtcclient.LookUpCode(table, code)
	if !found {
		entry = ErrorCode{
			Summary: "Tencent Cloud refused the request",
			Advice: "The API reference does not describe this error code. The service's message says why. " +
				"Tencent Cloud support can look up the request by its RequestId.",
		}
	}
	entry.Code = code
	return entry
}

// ErrorCodes returns every entry, in the order of the documentation.
func ErrorCodes() []ErrorCode {
	const (
		ended     = "Run terraform plan: it reads the task again and shows the effect of on_task_end."
		roomTypes = "Tencent's pages contradict each other: in the API reference, room_id_type is 1 for a number and 0 for a string, and on another page it is the reverse. " +
			"If room_id is correct, try the other room_id_type."
		named     = "The service's message names the value. Compare it with the documentation of the argument."
		grant     = "Grant the CAM action trtc:<Action> (or the policy QcloudTRTCFullAccess) to the user or role."
		notTheAPI = "Check that domain and endpoint are those of Tencent's TRTC API."
		tooMany   = "The provider slowed down and retried until the operation timed out. Lower requests_per_second when several programs share the account."
	)
	return []ErrorCode{
		// The operations.
		{
			Code: "FailedOperation.NotAllowed", Summary: "The account is not allowed to ingest streams",
			Advice: "Open a Tencent Cloud support case to enable online media stream ingest for this account.",
		},
		{
			Code: "FailedOperation.NotRtmpFunction", Summary: "RTMP is not enabled for the application",
			Advice: "Enable RTMP for this application in the TRTC console, or pull the stream over HTTP or HTTPS.",
		},
		{
			Code: "FailedOperation.NotAbility", Summary: "The application's package lacks this feature",
			Advice: "Subscribe the application to a package with online media stream ingest, or enable the feature in the TRTC console.",
		},
		{
			Code: "FailedOperation.RestrictedConcurrency", Summary: "The quota of running ingest tasks is reached",
			Advice: "Stop tasks that are no longer needed, or open a Tencent Cloud support case to raise the quota.",
		},
		{
			Code: trtcclient.CodeTaskExist, Summary: "A stream ingest is already running for this room and user",
			Advice: "Check the possible causes in this order:\n" +
				"1. The resource was renamed, and its old address has the task: add a moved block and run terraform apply again.\n" +
				"2. Another resource, workspace or copy of the configuration has the same application, room and user: change room_id or user_id in one of them.\n" +
				"3. The task was started outside of Terraform: import it (import ID \"<region>/<sdk_app_id>/<task_id>\"), or stop it. Its TaskId is in the output or log of the program that started it, " +
				"and in the event callback 701 of group 7, if that was configured before the start.\n\n" +
				"With create_before_destroy the old task still holds room and user while the new one starts: remove create_before_destroy from this resource " +
				"and from every resource that depends on it. Terraform applies it to dependencies as well.",
		},
		{Code: trtcclient.CodeTaskNotExist, Summary: "The stream ingest has ended", Advice: ended},
		{Code: trtcclient.CodeTaskFinished, Summary: "The stream ingest has ended", Advice: ended},
		{
			Code: trtcclient.CodeQueryTaskInfoFailed, Summary: "The service could not read the task",
			Advice: "The task may still be running. The provider retried without success. Try again in a minute.",
		},
		{
			Code: "FailedOperation.SdkAppIdNotExist", Summary: "The application does not exist",
			Advice: "Compare sdk_app_id with the TRTC console, and check that domain names the application's site.",
		},
		{
			Code: "FailedOperation.SdkAppIdNotUnderAppId", Summary: "The application belongs to another account",
			Advice: "Use the credentials of the account that owns the application, or correct sdk_app_id.",
		},
		{Code: "FailedOperation", Summary: "The operation failed", Advice: "The service's message says why. Tencent Cloud support can look up the request by its RequestId."},
		// The parameters of a request.
		{
			Code: "InvalidParameter.BodyParamsError", Summary: "The service could not read the request",
			Advice: "Check for a proxy or gateway that changes requests. Otherwise report this to the provider's developers with the RequestId.",
		},
		{Code: "InvalidParameter.SdkAppId", Summary: "The service does not accept the application ID", Advice: "Compare sdk_app_id with the TRTC console."},
		{Code: "InvalidParameter.RoomId", Summary: "The service does not accept the room ID", Advice: roomTypes},
		{Code: "InvalidParameter.StrRoomId", Summary: "The service does not accept the room ID", Advice: roomTypes},
		{
			Code: "InvalidParameter.UserId", Summary: "The service does not accept the user ID",
			Advice: "user_id has 1 to 32 characters of a-z, A-Z, 0-9, _ and -.",
		},
		{
			Code: "InvalidParameter.UserSig", Summary: "UserSig is expired or does not match",
			Advice: "Provide a new UserSig for this sdk_app_id and user_id, signed with the current SDKSecretKey. " +
				"Or remove the UserSig and set TRTC_SDK_SECRET_KEY: the provider then mints the ticket.",
		},
		{
			Code: "InvalidParameter.StreamUrl", Summary: "The service does not accept the stream URL",
			Advice: "Check that the URL begins with http://, https:// or rtmp://, that special characters are percent-encoded, " +
				"and that Tencent's servers can reach the URL. Video must be H.264 or VP8, and audio AAC or Opus.",
		},
		{
			Code: "InvalidParameter.TaskId", Summary: "The service does not accept the task ID",
			Advice: "Compare the task ID with the one that the start returned, and sdk_app_id with the application of the task.",
		},
		{Code: "InvalidParameter", Summary: "The service does not accept a value of the request", Advice: named},
		{Code: "InvalidParameterValue", Summary: "The service does not accept a value of the request", Advice: named},
		{Code: "MissingParameter.RoomId", Summary: "The room ID is required", Advice: "Set room_id."},
		{Code: "MissingParameter.SdkAppId", Summary: "The application ID is required", Advice: "Set sdk_app_id."},
		{Code: "MissingParameter.TaskId", Summary: "The task ID is required", Advice: "Set task_id."},
		{Code: "MissingParameter.UserId", Summary: "The user ID is required", Advice: "Set user_id."},
		{
			Code: "MissingParameter.UserSig", Summary: "UserSig is required",
			Advice: "Set TRTC_SDK_SECRET_KEY, or set user_sig_wo (or user_sig) to a UserSig for user_id.",
		},
		{
			Code: "MissingParameter", Summary: "The service requires another parameter",
			Advice: "The service's message names the parameter. Set its argument. If the provider has no such argument, update the provider.",
		},
		{
			Code: "UnknownParameter", Summary: "The service does not know a parameter",
			Advice: "Check that domain and endpoint are those of Tencent's TRTC API, and update the provider.",
		},
		// The credentials.
		{
			Code: "AuthFailure.SignatureExpire", Summary: "The local clock is out of sync",
			Advice: "A signature is valid for 5 minutes around the service's time. Synchronize the clock (NTP) and try again.",
		},
		{
			Code: "AuthFailure.SignatureFailure", Summary: "The secret key does not match the secret ID",
			Advice: "Check the secret key for a typing error: it must be the one that the CAM console showed with this secret ID, not that of an application (TRTC_SDK_SECRET_KEY). " +
				"Then check for a proxy that changes requests.",
		},
		{
			Code: "AuthFailure.SecretIdNotFound", Summary: "The secret ID does not exist",
			Advice: "Check secret_id in the CAM console: it may be deleted or disabled, or belong to another site than domain names.",
		},
		{
			Code: "AuthFailure.InvalidSecretId", Summary: "The secret ID is not that of an API key",
			Advice: "Use an API key from the CAM console, not the SDKSecretKey of an application (TRTC_SDK_SECRET_KEY).",
		},
		{
			Code: "AuthFailure.TokenFailure", Summary: "The security token is wrong or expired",
			Advice: "Log in again or renew the temporary credentials. With a permanent key, unset security_token and TENCENTCLOUD_SECURITY_TOKEN.",
		},
		{
			Code: "AuthFailure.UnRealNameAuthenticated", Summary: "The account has not completed identity verification",
			Advice: "Complete the identity verification (real-name authentication) of the account in the Tencent Cloud console.",
		},
		{Code: "AuthFailure.MFAFailure", Summary: "The account requires multi-factor authentication", Advice: "Use a key of a sub-account or role that does not require MFA for API calls."},
		{Code: "AuthFailure.UnauthorizedOperation", Summary: "The credentials lack a permission", Advice: grant},
		{
			Code: "AuthFailure", Summary: "The credentials were rejected",
			Advice: "Check secret ID, secret key and token, and that they belong to the site that domain names.",
		},
		{
			Code: "UnauthorizedOperation.SdkAppId", Summary: "The credentials are not allowed to manage this application",
			Advice: "Grant the user or role access to the application in CAM, or correct sdk_app_id.",
		},
		{Code: "UnauthorizedOperation", Summary: "The credentials lack a permission", Advice: grant},
		{
			Code: "IpNotInWhitelist", Summary: "The IP address is not on the account's allowlist",
			Advice: "Add this machine's public IP address to the allowlist of the account or API key in the CAM console.",
		},
		{
			Code: "IpInBlacklist", Summary: "The IP address is on the account's blocklist",
			Advice: "Remove this machine's public IP address from the blocklist of the account in the CAM console.",
		},
		{
			Code: "UnsupportedRegion", Summary: "The region does not offer this action",
			Advice: "Choose a region that the documentation of the resource lists for the site.",
		},
		// Limits and faults of the service itself.
		{Code: "RequestLimitExceeded", Summary: "Too many requests", Advice: tooMany},
		{Code: "LimitExceeded.RateLimitExceeded", Summary: "Too many requests", Advice: tooMany},
		{
			Code: "LimitExceeded", Summary: "A quota of the account is reached",
			Advice: "The service's message names the quota. Open a Tencent Cloud support case to raise it.",
		},
		{Code: "ResourceInsufficient.RequestRejection", Summary: "The service is at capacity", Advice: "Try again in some minutes, or in another region."},
		{Code: "ResourceInsufficient", Summary: "The service lacks a resource", Advice: "Try again later, or in another region."},
		{
			Code: "InternalError", Summary: "The service had an internal error",
			Advice: "The provider retried without success. Try again later. Tencent Cloud support can look up the request by its RequestId.",
		},
		{Code: "ServiceUnavailable", Summary: "The service is unavailable", Advice: "Try again later."},
		{
			Code: "ResourceUnavailable.InArrears", Summary: "The account has overdue payments",
			Advice: "Pay the overdue amount in the Billing Center of the Tencent Cloud console.",
		},
		{Code: "ResourceUnavailable", Summary: "The service is unavailable", Advice: "Try again later."},
		{
			Code: "UnsupportedOperation", Summary: "The service does not support this operation",
			Advice: "Check that domain names the application's site, and that the application's package includes stream ingest.",
		},
		{Code: "InvalidAction", Summary: "The host does not offer this API", Advice: notTheAPI},
		{Code: "NoSuchProduct", Summary: "The host does not offer this API", Advice: notTheAPI},
		{Code: "NoSuchVersion", Summary: "The host does not offer this API", Advice: notTheAPI},
	}
}

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
		known := Explain(code)
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
