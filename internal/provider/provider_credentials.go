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

// assumeRoleModel is assume_role, with the fields of credentials.AssumeRole.
type assumeRoleModel struct {
	RoleARN         string `tfsdk:"role_arn"`
	SessionName     string `tfsdk:"session_name"`
	SessionDuration int64  `tfsdk:"session_duration"`
	Policy          string `tfsdk:"policy"`
	ExternalID      string `tfsdk:"external_id"`
}

// webIdentityModel is the argument assume_role_with_web_identity.
type webIdentityModel struct {
	ProviderID           string `tfsdk:"provider_id"`
	WebIdentityToken     string `tfsdk:"web_identity_token"`
	WebIdentityTokenFile string `tfsdk:"web_identity_token_file"`
	RoleARN              string `tfsdk:"role_arn"`
	SessionName          string `tfsdk:"session_name"`
	SessionDuration      int64  `tfsdk:"session_duration"`
}

// resolveCredentials returns the source of the key that signs, and the default
// region. While arguments are unknown, every call fails with their names; the
// region is taken from those that are known.
func (p *trtcProvider) resolveCredentials(
	ctx context.Context, config providerModel, sts cloudapi.Endpoint, unknown []string, diags *diag.Diagnostics,
) (trtcclient.CredentialSource, types.String) {
	arguments := config.credentialArguments(ctx, diags)
	if diags.HasError() {
		return nil, types.StringNull()
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
	region := config.Region
	switch {
	case region.IsUnknown():
	case resolved.Region == "":
		region = types.StringNull()
	default:
		region = types.StringValue(resolved.Region)
	}
	if len(unknown) > 0 {
		return &unknownArgumentsError{names: unknown}, region
	}
	source, ok := errors.AsType[*credentials.SourceError](err)
	switch {
	case ok && source.Attribute != "":
		diags.AddAttributeError(path.Root(source.Attribute), noCredentials, sentence(err.Error()))
	case err != nil:
		diags.AddError(noCredentials, sentence(err.Error()))
	}
	for _, warning := range resolved.Warnings {
		diags.AddWarning(warning.Summary, warning.Detail)
	}
	return resolved.Source, region
}

func logRenewalFailure(ctx context.Context, err error, expires time.Time) {
	tflog.Warn(ctx, "could not renew a temporary key; it stays in use and the renewal is retried",
		map[string]any{"error": err.Error(), "expires": expires.UTC().Format(time.RFC3339)})
}

// credentialArguments returns the arguments about credentials; unknown ones count
// as unset.
func (m providerModel) credentialArguments(ctx context.Context, diags *diag.Diagnostics) credentials.Arguments {
	unset := basetypes.ObjectAsOptions{UnhandledNullAsEmpty: true, UnhandledUnknownAsEmpty: true}
	var role *assumeRoleModel
	diags.Append(m.AssumeRole.As(ctx, &role, unset)...)
	arguments := credentials.Arguments{
		SecretID:             secret.New(m.SecretID.ValueString()),
		SecretKey:            secret.New(m.SecretKey.ValueString()),
		SecurityToken:        secret.New(m.SecurityToken.ValueString()),
		Region:               m.Region.ValueString(),
		Profile:              m.Profile.ValueString(),
		SharedCredentialsDir: m.SharedCredentialsDir.ValueString(),
		CAMRoleName:          m.CAMRoleName.ValueString(),
		EnablePodOIDC:        m.EnablePodOIDC.ValueBool(),
		AssumeRole:           (*credentials.AssumeRole)(role),
	}
	var webIdentity *webIdentityModel
	diags.Append(m.AssumeRoleWithWebIdentity.As(ctx, &webIdentity, unset)...)
	if webIdentity != nil {
		arguments.AssumeRoleWithWebIdentity = &credentials.WebIdentity{
			ProviderID:           webIdentity.ProviderID,
			WebIdentityToken:     secret.New(webIdentity.WebIdentityToken),
			WebIdentityTokenFile: webIdentity.WebIdentityTokenFile,
			RoleARN:              webIdentity.RoleARN,
			SessionName:          webIdentity.SessionName,
			SessionDuration:      webIdentity.SessionDuration,
		}
	}
	return arguments
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
