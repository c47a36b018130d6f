package provider

import "github.com/hashicorp/terraform-plugin-framework/types"

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
	CAMRoleName               types.String `tfsdk:"cam_role_name"`
	EnablePodOIDC             types.Bool   `tfsdk:"enable_pod_oidc"`
	Domain                    types.String `tfsdk:"domain"`
	Protocol                  types.String `tfsdk:"protocol"`
	Endpoint                  types.String `tfsdk:"endpoint"`
	STSEndpoint               types.String `tfsdk:"sts_endpoint"`
	RequestsPerSecond         types.Int64  `tfsdk:"requests_per_second"`
	StartJournal              types.String `tfsdk:"start_journal"`
	SdkSecretKey              types.String `tfsdk:"sdk_secret_key"`
	SdkAppID                  types.Int64  `tfsdk:"sdk_app_id"`
}
