package provider

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// accountIDForm is the form of an account ID. White space around it is trimmed.
var accountIDForm = regexp.MustCompile(`^\s*[0-9]+\s*$`)

// providerModel is the provider block.
type providerModel struct {
	SecretID                  types.String `tfsdk:"secret_id"`
	SecretKey                 types.String `tfsdk:"secret_key"`
	SecurityToken             types.String `tfsdk:"security_token"`
	Region                    types.String `tfsdk:"region"`
	Profile                   types.String `tfsdk:"profile"`
	SharedCredentialsDir      types.String `tfsdk:"shared_credentials_dir"`
	AssumeRole                types.Object `tfsdk:"assume_role"`
	AssumeRoleWithWebIdentity types.Object `tfsdk:"assume_role_with_web_identity"`
	AllowedAccountIDs         types.Set    `tfsdk:"allowed_account_ids"`
	ForbiddenAccountIDs       types.Set    `tfsdk:"forbidden_account_ids"`
	CAMRoleName               types.String `tfsdk:"cam_role_name"`
	EnablePodOIDC             types.Bool   `tfsdk:"enable_pod_oidc"`
	Domain                    types.String `tfsdk:"domain"`
	Protocol                  types.String `tfsdk:"protocol"`
	Endpoint                  types.String `tfsdk:"endpoint"`
	STSEndpoint               types.String `tfsdk:"sts_endpoint"`
	RequestsPerSecond         types.Int64  `tfsdk:"requests_per_second"`
	SkipRegionValidation      types.Bool   `tfsdk:"skip_region_validation"`
	StartJournal              types.String `tfsdk:"start_journal"`
	SdkSecretKey              types.String `tfsdk:"sdk_secret_key"`
	SdkAppID                  types.Int64  `tfsdk:"sdk_app_id"`
}

func (p *trtcProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	sessionName := optionalString("Name of the session in audit logs. Default `terraform-provider-trtc`. Environment variable: `TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME`.")
	sessionDuration := schema.Int64Attribute{
		MarkdownDescription: "Lifetime of the temporary credentials in seconds (1-43200). Default 7200. Renewed automatically. Environment variable: `TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION`.",
		CustomType:          wholeNumber{},
		Optional:            true,
		Validators:          []validator.Int64{int64validator.Between(1, 43200)},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Plays online media streams in rooms of Tencent Real-Time Communication (TRTC). " +
			"Arguments and environment variables are those of the official Tencent Cloud provider, so an environment already configured for that provider works unchanged. " +
			"Arguments take precedence over environment variables. White space at the ends of a setting is ignored, and a blank setting is treated as unset.",
		Attributes: map[string]schema.Attribute{
			"secret_id":              sensitiveString("ID of the API key that signs requests. Environment variable: `TENCENTCLOUD_SECRET_ID`."),
			"secret_key":             sensitiveString("Secret key of the API key. Environment variable: `TENCENTCLOUD_SECRET_KEY`."),
			"security_token":         sensitiveString("Token of a temporary API key. Environment variable: `TENCENTCLOUD_SECURITY_TOKEN`."),
			"region":                 optionalString("Default access region for resources that do not set `region`. Environment variable: `TENCENTCLOUD_REGION`. The provider has no default region."),
			"profile":                optionalString("Name of the tccli profile to read keys and region from when they are set nowhere else. Default `default`. Environment variable: `TENCENTCLOUD_PROFILE`."),
			"shared_credentials_dir": optionalString("Directory of the profile's files. A leading `~` is the home directory. Default `~/.tccli`. Environment variable: `TENCENTCLOUD_SHARED_CREDENTIALS_DIR`."),
			"cam_role_name":          optionalString("Role of the CVM instance that Terraform runs on. The provider reads its temporary keys from the instance metadata. Environment variable: `TENCENTCLOUD_CAM_ROLE_NAME`."),
			"enable_pod_oidc": schema.BoolAttribute{
				MarkdownDescription: "Whether to use the role of the TKE pod that Terraform runs in, from `TKE_REGION`, `TKE_PROVIDER_ID`, `TKE_WEB_IDENTITY_TOKEN_FILE` and `TKE_ROLE_ARN`. Default `false`.",
				Optional:            true,
			},
			"allowed_account_ids": accountIDs("forbidden_account_ids", "Account IDs (UIN) that the credentials are allowed to belong to. "+
				"The provider asks STS for the account before its first call, and every operation fails if the account is not in this set."),
			"forbidden_account_ids": accountIDs("allowed_account_ids", "Account IDs (UIN) that the credentials are not allowed to belong to."),
			"domain": optionalString("Root domain of the API. Requests go to `trtc.<domain>`. Default `intl.tencentcloudapi.com`, the international site; " +
				"the China site is `tencentcloudapi.com`. Environment variable: `TENCENTCLOUD_DOMAIN`."),
			"protocol": schema.StringAttribute{
				MarkdownDescription: "`HTTPS` (default), or `HTTP` to a loopback host only. Environment variable: `TENCENTCLOUD_PROTOCOL`.",
				Optional:            true,
				Validators:          []validator.String{protocolValidator()},
			},
			"endpoint": optionalString("Full URL of the API, for example `http://127.0.0.1:8787` for the mock. Replaces the host and `protocol`; `domain` still selects the site that regions and values are validated for. " +
				"Environment variable: `TENCENTCLOUD_TRTC_ENDPOINT`."),
			"sts_endpoint": optionalString("STS endpoint used to assume roles and to check the account, as a full URL. Default: `sts.<domain>`. Environment variable: `TENCENTCLOUD_STS_ENDPOINT`."),
			"requests_per_second": schema.Int64Attribute{
				MarkdownDescription: "Maximum requests per second, per action and region (1-1000). Default 20, the limit of the service. " +
					"Lower the value if other programs use the same account. The provider slows down automatically if the service rejects requests.",
				CustomType: wholeNumber{},
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(1, 1000)},
			},
			"skip_region_validation": schema.BoolAttribute{
				MarkdownDescription: "Whether to accept regions that this version of the provider does not list, such as new ones. Default `false`.",
				Optional:            true,
			},
			"start_journal": optionalString("Directory of the [start journal](#start-journal), or `off`. Use a local directory that only you can write to and that outlives the run. " +
				"A leading `~` is the home directory. A relative path is relative to the working directory: a run in another directory does not find the records. " +
				"Environment variable: `" + startJournalVariable + "`. Default: `terraform-provider-trtc/starts` in the user's state directory " +
				"(Linux: `$XDG_STATE_HOME` or `~/.local/state`; macOS: `~/Library/Application Support`; Windows: `%LocalAppData%`)."),
			"sdk_secret_key": schema.StringAttribute{
				MarkdownDescription: "SDKSecretKey of the TRTC application, 64 hexadecimal digits. The provider mints the tickets of the tasks that it starts with this key. " +
					"Environment variable: `" + sdkSecretKeyVariable + "`. Prefer the variable: Terraform stores literals and ordinary variables in saved plans.",
				Optional: true, Sensitive: true,
			},
			"sdk_app_id": schema.Int64Attribute{
				MarkdownDescription: "SdkAppId of the application that `sdk_secret_key` belongs to. If set, minting a ticket for another application is an error. " +
					"If not set, one provider configuration can mint tickets for one application only.",
				CustomType: sdkAppIDType(),
				Optional:   true,
				Validators: sdkAppIDValidators(),
			},
		},
		// Blocks and not object arguments: Terraform drops unknown names in objects silently.
		Blocks: map[string]schema.Block{
			"assume_role": schema.SingleNestedBlock{
				MarkdownDescription: "Role to assume with the resolved credentials (STS AssumeRole).",
				Attributes: map[string]schema.Attribute{
					"role_arn":         optionalString("ARN of the role to assume, for example `qcs::cam::uin/100000000001:roleName/deploy`. Environment variable: `TENCENTCLOUD_ASSUME_ROLE_ARN`."),
					"session_name":     sessionName,
					"session_duration": sessionDuration,
					"policy":           optionalString("Policy document in JSON that further restricts the session's permissions."),
					"external_id":      optionalString("External ID that the role's trust policy requires. Environment variable: `TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID`."),
					"source_identity":  unsupportedString(noSourceIdentity),
					"serial_number":    unsupportedString(noMFA),
					"token_code":       unsupportedString(noMFA),
				},
			},
			"assume_role_with_web_identity": schema.SingleNestedBlock{
				MarkdownDescription: "Role to assume with an OIDC token, such as one issued by a CI system (STS AssumeRoleWithWebIdentity). No other keys are needed.",
				Attributes: map[string]schema.Attribute{
					"provider_id":             optionalString("Name of the identity provider in CAM. Default `OIDC`. Environment variable: `TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID`."),
					"web_identity_token":      sensitiveString("The OIDC token. Environment variable: `TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN`."),
					"web_identity_token_file": optionalString("File containing the token, either raw or as JSON `{\"web_identity_token\":…}`. A leading `~` is the home directory. The provider reads the file again at each renewal. Environment variable: `TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE`."),
					"role_arn":                optionalString("ARN of the role to assume. Environment variable: `TENCENTCLOUD_ASSUME_ROLE_ARN`."),
					"session_name":            sessionName,
					"session_duration":        sessionDuration,
				},
			},
		},
	}
}

func optionalString(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true}
}

// accountIDs returns a set of account IDs that excludes the argument other.
func accountIDs(other, description string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: description + " Conflicts with `" + other + "`.",
		ElementType:         types.StringType,
		Optional:            true,
		Validators: []validator.Set{
			setvalidator.ConflictsWith(path.MatchRoot(other)),
			setvalidator.ValueStringsAre(stringvalidator.RegexMatches(accountIDForm, "must be an account ID (UIN): digits only")),
		},
	}
}

func sensitiveString(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Sensitive: true}
}

// The reasons why arguments of the official provider are not supported.
const (
	noSourceIdentity = "Calls are made without a source identity: remove the argument, and use a role that does not require one"
	noMFA            = "An MFA code is valid once, and the provider assumes the role again at each renewal: remove the argument, and use a role that does not require MFA"
)

// unsupportedString is an argument that the official provider has and this one
// refuses.
func unsupportedString(why string) schema.StringAttribute {
	attribute := optionalString("Not supported. " + why + ".")
	attribute.Validators = []validator.String{stringRule{rule[string]{description: "not supported", check: func(text string) error {
		if strings.TrimSpace(text) == "" {
			return nil
		}
		return errors.New("is not supported. " + why)
	}}}}
	return attribute
}
