package trtcclient

import (
	"slices"
	"strings"
)

// Codes of the four stream-ingest actions that decisions are made on.
const (
	CodeTaskExist           = "FailedOperation.TaskExist"           // of StartStreamIngest
	CodeTaskNotExist        = "FailedOperation.TaskNotExist"        // of UpdateStreamIngest, tolerated from StopStreamIngest
	CodeTaskFinished        = "FailedOperation.TaskFinished"        // of StopStreamIngest
	CodeQueryTaskInfoFailed = "FailedOperation.QueryTaskInfoFailed" // of DescribeStreamIngest
)

// Explanation is what is known of an error code.
type Explanation struct {
	Code      string // the code, or the family that ends before the last dot
	Class     Class  // Rejected when it is left out
	Parameter string // the API parameter at fault, such as "UserSig", or empty
	Summary   string // what failed, in a user's words
	Advice    string // what to do next
}

// Explain returns what is known of code: the entry for the code itself, else
// for its family (the part before the last dot), else a general one. The code
// of the result is always code.
func Explain(code string) Explanation {
	all := Explanations()
	for family := code; family != ""; family = family[:max(0, strings.LastIndexByte(family, '.'))] {
		if i := slices.IndexFunc(all, func(e Explanation) bool { return e.Code == family }); i >= 0 {
			all[i].Code = code
			return all[i]
		}
	}
	return Explanation{
		Code:    code,
		Summary: "Tencent Cloud refused the request",
		Advice: "This error code is not described in the API reference. See the service's message above; " +
			"Tencent Cloud support can look up the request by its RequestId.",
	}
}

// Explanations returns every entry, in the order of the documentation.
func Explanations() []Explanation {
	const (
		ended     = "Run terraform plan: it reads the task again and shows the effect of on_task_end."
		roomTypes = "With room_id_type = 1 the room is a number from 1 to 4294967295; with room_id_type = 0 it is a string of 1 to 64 bytes of " +
			"a-z, A-Z, 0-9, space, comma and !#$%&(+)-:;<=.>?@[]^_{}|~. " +
			"Tencent's pages contradict each other: in the API reference 1 is the number and 0 is the string, and on another page it is the reverse. " +
			"If room_id is correct, try the other room_id_type."
		named     = "See the service's message above for the value, and compare it with the documentation of the argument."
		grant     = "Grant the CAM action trtc:<action named below> (or the policy QcloudTRTCFullAccess) to the user or role."
		notTheAPI = "Check that domain and endpoint are those of Tencent's TRTC API."
		tooMany   = "The request was slowed down and repeated until the operation timed out. Lower requests_per_second when several programs share the account."
	)
	return []Explanation{
		// The operations.
		{
			Code: "FailedOperation.NotAllowed", Summary: "The account may not ingest streams",
			Advice: "Open a Tencent Cloud support case to enable online media stream ingest for this account.",
		},
		{
			Code: "FailedOperation.NotRtmpFunction", Summary: "RTMP is not enabled for the application",
			Advice: "Enable RTMP for this application in the TRTC console, or pull the stream over HTTP or HTTPS.",
		},
		{
			Code: "FailedOperation.NotAbility", Summary: "The application's package lacks this feature",
			Advice: "Subscribe to a TRTC package that includes online media stream ingest, or enable the feature for this application in the TRTC console.",
		},
		{
			Code: "FailedOperation.RestrictedConcurrency", Summary: "The quota of running ingest tasks is reached",
			Advice: "Stop tasks that are no longer needed, or open a Tencent Cloud support case to raise the quota.",
		},
		{
			Code: CodeTaskExist, Class: Conflict, Summary: "A stream ingest is already running for this room and user",
			Advice: "Check the possible causes in this order. If the resource was renamed, its old address has the task: add a moved block and run terraform apply again. " +
				"If another resource, workspace or copy of the configuration has the same application, room and user, change room_id or user_id in one of them. " +
				"If the task was started outside of Terraform, import it (import ID \"<region>/<sdk_app_id>/<task_id>\"), or stop it. Its TaskId is in the output or log of the program that started it, " +
				"and in the event callback 701 of group 7, if that was configured before the start. " +
				"With create_before_destroy the old task still holds room and user while the new one starts: remove that lifecycle setting, " +
				"also from resources that depend on this one, which pass it on.",
		},
		{Code: CodeTaskNotExist, Class: Gone, Summary: "The stream ingest has ended", Advice: ended},
		{Code: CodeTaskFinished, Class: Gone, Summary: "The stream ingest has ended", Advice: ended},
		{
			Code: CodeQueryTaskInfoFailed, Class: Unread, Summary: "The service could not read the task",
			Advice: "The task may still be running, and the state is unchanged. The request was repeated and failed each time. Try again in a minute.",
		},
		{
			Code: "FailedOperation.SdkAppIdNotExist", Parameter: "SdkAppId", Summary: "The application does not exist",
			Advice: "Compare sdk_app_id with the TRTC console, and check that domain is that of the site (international or China) the application belongs to.",
		},
		{
			Code: "FailedOperation.SdkAppIdNotUnderAppId", Parameter: "SdkAppId", Summary: "The application belongs to another account",
			Advice: "Use the credentials of the account that owns the application, or correct sdk_app_id.",
		},
		{Code: "FailedOperation", Summary: "The operation failed", Advice: "See the service's message above. Tencent Cloud support can look up the request by its RequestId."},
		// The parameters of a request.
		{
			Code: "InvalidParameter.BodyParamsError", Summary: "The service could not read the request",
			Advice: "Check for a proxy or gateway that changes requests. If there is none, report this to the provider's developers with the RequestId.",
		},
		{Code: "InvalidParameter.SdkAppId", Parameter: "SdkAppId", Summary: "The service does not accept the application ID", Advice: "Compare sdk_app_id with the TRTC console."},
		{Code: "InvalidParameter.RoomId", Parameter: "RoomId", Summary: "The service does not accept the room ID", Advice: roomTypes},
		{Code: "InvalidParameter.StrRoomId", Parameter: "RoomId", Summary: "The service does not accept the string room ID", Advice: roomTypes},
		{
			Code: "InvalidParameter.UserId", Parameter: "UserId", Summary: "The service does not accept the user ID",
			Advice: "user_id has 1 to 32 characters of a-z, A-Z, 0-9, _ and -.",
		},
		{
			Code: "InvalidParameter.UserSig", Parameter: "UserSig", Summary: "UserSig is expired or does not match",
			Advice: "Provide a new UserSig for exactly this sdk_app_id and user_id, signed with the application's current SDKSecretKey; " +
				"or remove it and set TRTC_SDK_SECRET_KEY, with which the provider computes it.",
		},
		{
			Code: "InvalidParameter.StreamUrl", Parameter: "StreamUrl", Summary: "The service does not accept the stream URL",
			Advice: "Check the form of the URL first: http://, https:// or rtmp://, a host, and special characters percent-encoded. " +
				"Then check that the URL is reachable from the internet and that protocol, container and codecs are supported (HTTP, HTTPS, RTMP, HLS; H.264 or VP8; AAC or OPUS).",
		},
		{
			Code: "InvalidParameter.TaskId", Parameter: "TaskId", Summary: "The service does not accept the task ID",
			Advice: "Compare the task ID with the one that the start returned; it belongs to one application and one run.",
		},
		{Code: "InvalidParameter", Summary: "The service does not accept a value of the request", Advice: named},
		{Code: "InvalidParameterValue", Summary: "A value is out of the range that the service accepts", Advice: named},
		{Code: "MissingParameter.RoomId", Parameter: "RoomId", Summary: "The room ID is required", Advice: "Set room_id."},
		{Code: "MissingParameter.SdkAppId", Parameter: "SdkAppId", Summary: "The application ID is required", Advice: "Set sdk_app_id."},
		{Code: "MissingParameter.TaskId", Parameter: "TaskId", Summary: "The task ID is required", Advice: "Set task_id."},
		{Code: "MissingParameter.UserId", Parameter: "UserId", Summary: "The user ID is required", Advice: "Set user_id."},
		{
			Code: "MissingParameter.UserSig", Parameter: "UserSig", Summary: "UserSig is required",
			Advice: "Set TRTC_SDK_SECRET_KEY, or set user_sig_wo (or user_sig) to a UserSig for user_id.",
		},
		{
			Code: "MissingParameter", Summary: "The service requires another parameter",
			Advice: "See the service's message above for its name. Set the argument, or update the provider if there is none.",
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
			Advice: "Check secret_key for a typing error or a key of another account, and check for a proxy that changes requests.",
		},
		{
			Code: "AuthFailure.SecretIdNotFound", Summary: "The secret ID does not exist",
			Advice: "Check secret_id in the CAM console: it may be deleted or disabled, or belong to the other site (international or China; see domain).",
		},
		{
			Code: "AuthFailure.InvalidSecretId", Summary: "The secret ID is not that of an API key",
			Advice: "Use an API key from the CAM console; an application's SDKSecretKey is something else.",
		},
		{
			Code: "AuthFailure.TokenFailure", Summary: "The security token is wrong or expired",
			Advice: "Log in again or renew the temporary credentials. With a permanent key, unset security_token and TENCENTCLOUD_SECURITY_TOKEN.",
		},
		{
			Code: "AuthFailure.UnRealNameAuthenticated", Summary: "The account has not completed identity verification",
			Advice: "Complete the identity verification (real-name authentication) of the account in the Tencent Cloud console, and try again.",
		},
		{Code: "AuthFailure.MFAFailure", Summary: "The account requires multi-factor authentication", Advice: "Use a key of a sub-account or role that needs none for API calls."},
		{Code: "AuthFailure.UnauthorizedOperation", Summary: "The credentials lack a permission", Advice: grant},
		{
			Code: "AuthFailure", Summary: "The credentials were rejected",
			Advice: "Check secret ID, secret key and token, and that they belong to the site (international or China) that domain names.",
		},
		{
			Code: "UnauthorizedOperation.SdkAppId", Parameter: "SdkAppId", Summary: "The credentials may not manage this application",
			Advice: "Grant the user or role access to the application in CAM, or correct sdk_app_id.",
		},
		{Code: "UnauthorizedOperation", Summary: "The credentials lack a permission", Advice: grant},
		{
			Code: "IpNotInWhitelist", Summary: "The IP address is not on the account's allowlist",
			Advice: "Add the public IP address of this machine to the allowlist of the account or API key in the CAM console, or use a machine whose address is on the list.",
		},
		{
			Code: "IpInBlacklist", Summary: "The IP address is on the account's blocklist",
			Advice: "Remove the public IP address of this machine from the blocklist of the account in the CAM console, or use another machine.",
		},
		{
			Code: "UnsupportedRegion", Parameter: "Region", Summary: "The region does not offer this action",
			Advice: "Choose one of the regions that the documentation of region lists for the site.",
		},
		// Limits and faults of the service itself.
		{Code: "RequestLimitExceeded", Class: Throttled, Summary: "Too many requests", Advice: tooMany},
		{Code: "LimitExceeded.RateLimitExceeded", Class: Throttled, Summary: "Too many requests", Advice: tooMany},
		{
			Code: "LimitExceeded", Summary: "A quota of the account is reached",
			Advice: "See the service's message above for the quota; open a Tencent Cloud support case to raise it.",
		},
		{Code: "ResourceInsufficient.RequestRejection", Class: NoCapacity, Summary: "The service is at capacity", Advice: "Try again in some minutes, or in another region."},
		{Code: "ResourceInsufficient", Summary: "The service lacks a resource", Advice: "Try again later, or in another region."},
		{
			Code: "InternalError", Class: ServerFault, Summary: "The service had an internal error",
			Advice: "The request was repeated and failed each time. Try again later; Tencent Cloud support can look it up by its RequestId.",
		},
		{Code: "ServiceUnavailable", Class: NoAnswer, Summary: "The service is unavailable", Advice: "Try again later."},
		{
			Code: "ResourceUnavailable.InArrears", Summary: "The account has overdue payments",
			Advice: "Pay the overdue amount in the Billing Center of the Tencent Cloud console, and try again.",
		},
		{Code: "ResourceUnavailable", Class: NoAnswer, Summary: "The service is unavailable", Advice: "Try again later."},
		{
			Code: "UnsupportedOperation", Summary: "The service does not support this operation",
			Advice: "Check that domain names the right site (international or China) and that the application's package includes stream ingest.",
		},
		{Code: "InvalidAction", Summary: "The host does not know the action", Advice: notTheAPI},
		{Code: "NoSuchProduct", Summary: "The host does not know the product", Advice: notTheAPI},
		{Code: "NoSuchVersion", Summary: "The host does not know the API version", Advice: notTheAPI},
	}
}
