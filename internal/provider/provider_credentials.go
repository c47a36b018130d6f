package provider

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// assumeRoleModel is the argument assume_role.
type assumeRoleModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	SessionName     types.String `tfsdk:"session_name"`
	SessionDuration types.Int64  `tfsdk:"session_duration"`
	Policy          types.String `tfsdk:"policy"`
	ExternalID      types.String `tfsdk:"external_id"`
}

// webIdentityModel is the argument assume_role_with_web_identity.
type webIdentityModel struct {
	ProviderID           types.String `tfsdk:"provider_id"`
	WebIdentityToken     types.String `tfsdk:"web_identity_token"`
	WebIdentityTokenFile types.String `tfsdk:"web_identity_token_file"`
	RoleARN              types.String `tfsdk:"role_arn"`
	SessionName          types.String `tfsdk:"session_name"`
	SessionDuration      types.Int64  `tfsdk:"session_duration"`
}

// keys is the source of the key that signs, and the default region.
type keys struct {
	source trtcclient.CredentialSource
	region types.String
}

// resolveKeys resolves the credentials. While arguments are unknown, every call
// fails with their names; the region is taken from those that are known.
func (p *trtcProvider) resolveKeys(
	ctx context.Context, config providerModel, sts cloudapi.Endpoint, unknown *unknownArgumentsError, diags *diag.Diagnostics,
) keys {
	arguments, problems := config.credentialArguments(ctx)
	diags.Append(problems...)
	if diags.HasError() {
		return keys{}
	}
	resolved, err := credentials.Resolve(arguments, credentials.Environment{
		LookupEnv:   p.options.LookupEnv,
		HomeDir:     p.options.HomeDir,
		Clock:       p.options.Clock,
		Transport:   p.options.Transport,
		STSEndpoint: sts,
		MetadataURL: p.options.MetadataURL,
		UserAgent:   p.userAgent(),

		RenewalFailed: logRenewalFailure,
	})
	found := keys{source: resolved.Source, region: regionValue(config, resolved.Region)}
	switch {
	case len(unknown.names) > 0:
		found.source = unknown
		return found
	case err != nil:
		reportCredentials(err, diags)
	}
	for _, warning := range resolved.Warnings {
		diags.AddWarning(warning.Summary, warning.Detail)
	}
	return found
}

// logRenewalFailure logs that a temporary key stays in use after a failed renewal.
func logRenewalFailure(ctx context.Context, err error, expires time.Time) {
	tflog.Warn(ctx, "could not renew a temporary key; it stays in use and the renewal is retried",
		map[string]any{"error": err.Error(), "expires": expires.UTC().Format(time.RFC3339)})
}

func regionValue(config providerModel, resolved string) types.String {
	switch {
	case config.Region.IsUnknown():
		return config.Region
	case resolved == "":
		return types.StringNull()
	default:
		return types.StringValue(resolved)
	}
}

// reportCredentials reports credentials that are configured but cannot be used,
// on their argument if they have one.
func reportCredentials(err error, diags *diag.Diagnostics) {
	const summary = "No usable Tencent Cloud credentials"
	var source *credentials.SourceError
	if errors.As(err, &source) && source.Attribute != "" {
		diags.AddAttributeError(path.Root(source.Attribute), summary, sentence(err.Error()))
		return
	}
	diags.AddError(summary, sentence(err.Error()))
}

// credentialArguments returns the arguments about credentials; unknown ones count
// as unset.
func (m providerModel) credentialArguments(ctx context.Context) (credentials.Arguments, diag.Diagnostics) {
	arguments := credentials.Arguments{
		SecretID:             secret.New(m.SecretID.ValueString()),
		SecretKey:            secret.New(m.SecretKey.ValueString()),
		SecurityToken:        secret.New(m.SecurityToken.ValueString()),
		Region:               m.Region.ValueString(),
		Profile:              m.Profile.ValueString(),
		SharedCredentialsDir: m.SharedCredentialsDir.ValueString(),
		CAMRoleName:          m.CAMRoleName.ValueString(),
		EnablePodOIDC:        m.EnablePodOIDC.ValueBool(),
	}
	var diags diag.Diagnostics
	if isGiven(m.AssumeRole) {
		var block assumeRoleModel
		diags.Append(m.AssumeRole.As(ctx, &block, basetypes.ObjectAsOptions{})...)
		arguments.AssumeRole = &credentials.AssumeRole{
			RoleARN:         block.RoleARN.ValueString(),
			SessionName:     block.SessionName.ValueString(),
			SessionDuration: block.SessionDuration.ValueInt64(),
			Policy:          block.Policy.ValueString(),
			ExternalID:      block.ExternalID.ValueString(),
		}
	}
	if isGiven(m.AssumeRoleWithWebIdentity) {
		var block webIdentityModel
		diags.Append(m.AssumeRoleWithWebIdentity.As(ctx, &block, basetypes.ObjectAsOptions{})...)
		arguments.AssumeRoleWithWebIdentity = &credentials.WebIdentity{
			ProviderID:           block.ProviderID.ValueString(),
			WebIdentityToken:     secret.New(block.WebIdentityToken.ValueString()),
			WebIdentityTokenFile: block.WebIdentityTokenFile.ValueString(),
			RoleARN:              block.RoleARN.ValueString(),
			SessionName:          block.SessionName.ValueString(),
			SessionDuration:      block.SessionDuration.ValueInt64(),
		}
	}
	return arguments, diags
}

// secrets returns the values of the block that must not be logged.
func (m providerModel) secrets() []secret.Text {
	webIdentityToken, _ := m.AssumeRoleWithWebIdentity.Attributes()["web_identity_token"].(types.String)
	var secrets []secret.Text
	for _, value := range []types.String{m.SecretKey, m.SecurityToken, webIdentityToken, m.SdkSecretKey} {
		secrets = append(secrets, secret.New(strings.TrimSpace(value.ValueString())))
	}
	return secrets
}

func isGiven(block types.Object) bool { return !block.IsNull() && !block.IsUnknown() }
