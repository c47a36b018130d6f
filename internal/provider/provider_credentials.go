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

// resolveCredentials returns the source of the key that signs, the default
// region, and warnings about variables that are ignored. While arguments are
// unknown, every call fails with their names; the region is taken from those that
// are known.
func (p *trtcProvider) resolveCredentials(
	ctx context.Context, config providerModel, api *cloudapi.Client, sts cloudapi.Endpoint, unknown []string, diags *diag.Diagnostics,
) (source trtcclient.CredentialSource, region types.String, ignored []credentials.Warning) {
	arguments := config.credentialArguments(ctx, diags)
	if diags.HasError() {
		return nil, types.StringNull(), nil
	}
	resolved, err := credentials.Resolve(arguments, credentials.Environment{
		LookupEnv:   p.options.LookupEnv,
		HomeDir:     p.options.HomeDir,
		Clock:       p.options.Clock,
		API:         api,
		Transport:   p.options.Transport,
		STSEndpoint: sts,
		MetadataURL: p.options.MetadataURL,
		UserAgent:   p.userAgent(),

		RenewalFailed: logRenewalFailure,
	})
	region = config.Region
	switch {
	case region.IsUnknown():
	case resolved.Region == "":
		region = types.StringNull()
	default:
		region = types.StringValue(resolved.Region)
	}
	if len(unknown) > 0 {
		return &unknownArgumentsError{names: unknown}, region, nil
	}
	failed, ok := errors.AsType[*credentials.SourceError](err)
	switch {
	case ok && failed.Attribute != "":
		diags.AddAttributeError(path.Root(failed.Attribute), noCredentials, sentence(err.Error()))
	case err != nil:
		diags.AddError(noCredentials, sentence(err.Error()))
	}
	for _, warning := range resolved.Warnings {
		diags.AddWarning(warning.Summary, warning.Detail)
	}
	return resolved.Source, region, resolved.VariableWarnings
}

// warnIgnoredVariables warns, once, about variables that do not take effect. It is
// for operations that start something or that fail, so that a settled plan has no
// such warnings.
func (d *providerData) warnIgnoredVariables(diags *diag.Diagnostics) {
	if d.warnedIgnored.Swap(true) {
		return
	}
	for _, warning := range d.ignoredVariables {
		diags.AddWarning(warning.Summary, warning.Detail)
	}
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
		AllowedAccountIDs:    trimmedStrings(m.AllowedAccountIDs),
		ForbiddenAccountIDs:  trimmedStrings(m.ForbiddenAccountIDs),
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

// trimmedStrings returns the elements of a set of strings.
func trimmedStrings(set types.Set) []string {
	var texts []string
	for _, element := range set.Elements() {
		text, _ := element.(types.String)
		texts = append(texts, strings.TrimSpace(text.ValueString()))
	}
	return texts
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
