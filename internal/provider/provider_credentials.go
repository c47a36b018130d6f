package provider

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/credentials"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// resolveCredentials returns the source of the key that signs, the default
// region, and what else was found out about credentials. While arguments are
// unknown, every call fails with their names; the region is taken from those that
// are known.
func (p *trtcProvider) resolveCredentials(
	config providerModel, api *cloudapi.Client, sts cloudapi.Endpoint, unknown []string, diags *diag.Diagnostics,
) (source trtcclient.CredentialSource, region types.String, resolved credentials.Resolved) {
	resolved, err := credentials.Resolve(config.credentialArguments(), credentials.Environment{
		LookupEnv:   p.options.LookupEnv,
		HomeDir:     p.options.HomeDir,
		Clock:       p.options.Clock,
		API:         api,
		Transport:   p.options.Transport,
		STSEndpoint: sts,
		MetadataURL: p.options.MetadataURL,

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
		return &unknownArgumentsError{names: unknown}, region, credentials.Resolved{}
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
	return resolved.Source, region, resolved
}

func logRenewalFailure(ctx context.Context, err error, expires time.Time) {
	tflog.Warn(ctx, "could not renew a temporary key; it stays in use and the renewal is retried",
		map[string]any{"error": err.Error(), "expires": expires.UTC().Format(time.RFC3339)})
}

// credentialArguments returns the arguments about credentials; unknown ones count
// as unset.
func (m providerModel) credentialArguments() credentials.Arguments {
	arguments := credentials.Arguments{
		SecretID:             secret.New(m.SecretID.ValueString()),
		SecretKey:            secret.New(m.SecretKey.ValueString()),
		SecurityToken:        secret.New(m.SecurityToken.ValueString()),
		Region:               m.Region.ValueString(),
		Profile:              m.Profile.ValueString(),
		SharedCredentialsDir: m.SharedCredentialsDir.ValueString(),
		CAMRoleName:          m.CAMRoleName.ValueString(),
		EnablePodOIDC:        m.EnablePodOIDC.ValueBool(),
		AllowedAccountIDs:    trimmedStrings(m.AllowedAccountIDs),
		ForbiddenAccountIDs:  trimmedStrings(m.ForbiddenAccountIDs),
	}
	if role := m.AssumeRole; !role.IsNull() {
		arguments.AssumeRole = &credentials.AssumeRole{
			RoleARN:         textOf(role, "role_arn"),
			SessionName:     textOf(role, "session_name"),
			SessionDuration: sessionDurationOf(role),
			Policy:          textOf(role, "policy"),
			ExternalID:      textOf(role, "external_id"),
		}
	}
	if role := m.AssumeRoleWithWebIdentity; !role.IsNull() {
		arguments.AssumeRoleWithWebIdentity = &credentials.WebIdentity{
			ProviderID:           textOf(role, "provider_id"),
			WebIdentityToken:     secret.New(textOf(role, "web_identity_token")),
			WebIdentityTokenFile: textOf(role, "web_identity_token_file"),
			RoleARN:              textOf(role, "role_arn"),
			SessionName:          textOf(role, "session_name"),
			SessionDuration:      sessionDurationOf(role),
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

// textOf returns an argument of a block, or the empty string while it is null or
// unknown.
func textOf(block types.Object, name string) string {
	value, _ := block.Attributes()[name].(types.String)
	return value.ValueString()
}

func sessionDurationOf(block types.Object) int64 {
	value, _ := block.Attributes()["session_duration"].(types.Int64)
	return value.ValueInt64()
}

// secrets returns the values of the block that must not be logged.
func (m providerModel) secrets() []secret.Text {
	webIdentityToken := textOf(m.AssumeRoleWithWebIdentity, "web_identity_token")
	var secrets []secret.Text
	for _, value := range []string{m.SecretKey.ValueString(), m.SecurityToken.ValueString(), webIdentityToken, m.SdkSecretKey.ValueString()} {
		secrets = append(secrets, secret.New(strings.TrimSpace(value)))
	}
	return secrets
}
