package trtcclient

// accessCodes explains why the service would not let the caller in.
func accessCodes() []Explanation {
	return []Explanation{
		{
			Code: "AuthFailure.SignatureExpire", Class: Final,
			Summary: "The clock of this machine is wrong",
			Advice:  "A signature is valid for 5 minutes around the service's time. Set the clock (NTP) and try again.",
		},
		{
			Code: "AuthFailure.SignatureFailure", Class: Final,
			Summary: "The secret key does not fit the secret ID",
			Advice:  "Check secret_key for a typing error or a key of another account; look for a proxy that changes requests.",
		},
		{
			Code: "AuthFailure.SecretIdNotFound", Class: Final,
			Summary: "The secret ID does not exist",
			Advice:  "Check secret_id in the CAM console: it may be deleted or disabled, or belong to the other site (international or China; see domain).",
		},
		{
			Code: "AuthFailure.InvalidSecretId", Class: Final,
			Summary: "The secret ID is not one of an API key",
			Advice:  "Use an API key from the CAM console; an application's SDKSecretKey is something else.",
		},
		{
			Code: "AuthFailure.TokenFailure", Class: Final,
			Summary: "The security token is wrong or expired",
			Advice:  "Log in again or renew the temporary credentials. With a permanent key, unset security_token and TENCENTCLOUD_SECURITY_TOKEN.",
		},
		{
			Code: "AuthFailure.MFAFailure", Class: Final,
			Summary: "The account demands multi-factor authentication",
			Advice:  "Use a key of a sub-account or role that needs none for API calls.",
		},
		{
			Code: "AuthFailure.UnauthorizedOperation", Class: Final,
			Summary: "The credentials lack a permission",
			Advice:  "Grant the CAM action trtc:<action named below> (or the policy QcloudTRTCFullAccess) to the user or role.",
		},
		{
			Code: "AuthFailure", Class: Final,
			Summary: "The credentials were rejected",
			Advice:  "Check secret ID, secret key and token, and that they belong to the site (international or China) that domain names.",
		},
		{
			Code: "UnauthorizedOperation.SdkAppId", Class: Final, Parameter: "SdkAppId",
			Summary: "The credentials may not manage this application",
			Advice:  "Grant the user or role access to the application in CAM, or correct sdk_app_id.",
		},
		{
			Code: "UnauthorizedOperation", Class: Final,
			Summary: "The credentials lack a permission",
			Advice:  "Grant the CAM action trtc:<action named below> (or the policy QcloudTRTCFullAccess) to the user or role.",
		},
		{
			Code: "UnsupportedRegion", Class: Final, Parameter: "Region",
			Summary: "The region does not offer this action",
			Advice:  "Choose one of the regions that the documentation of region lists for the site.",
		},
	}
}
