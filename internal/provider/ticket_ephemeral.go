package provider

import (
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// ticketEphemeral is the common part of the ephemeral resources.
type ticketEphemeral struct {
	configured[ephemeral.ConfigureRequest, ephemeral.ConfigureResponse]
}

// mint returns the ticket that sign creates, and sets expires_in and expires_at
// in data. It reports a missing or invalid key and each invalid claim.
func (e *ticketEphemeral) mint(
	data *ticketModel, sign func(tickets.Key, time.Time, tickets.UserSigClaims) (string, error), diags *diag.Diagnostics,
) types.String {
	const destroy = "\n\nTerraform opens ephemeral resources in a destroy as well, although it needs no ticket. To destroy without the key, " +
		"run terraform destroy -refresh=false, or remove the ephemeral resource and the argument that uses it from the configuration."
	key, invalid := applicationKey(data.SdkSecretKey, e.provider.lookupEnv)
	switch {
	case invalid != "":
		diags.AddAttributeError(path.Root("sdk_secret_key"), invalidKey, invalid+destroy)
	case key.IsEmpty():
		diags.AddAttributeError(path.Root("sdk_secret_key"), "No application key",
			"A ticket is signed with the SDKSecretKey of the TRTC application. Set sdk_secret_key or the environment variable "+sdkSecretKeyVariable+
				" to the key that the TRTC console shows."+destroy)
	}
	if data.ExpiresIn.IsNull() {
		data.ExpiresIn = types.Int64Value(int64(defaultTicketLifetime / time.Second))
	}
	lifetime, now := data.ExpiresIn.ValueInt64(), e.provider.now()
	data.ExpiresAt = types.StringValue(now.Add(time.Duration(lifetime) * time.Second).UTC().Format(time.RFC3339))
	ticket, err := sign(key, now, tickets.UserSigClaims{
		SdkAppID: data.SdkAppID.ValueInt64(),
		UserID:   data.UserID.ValueString(),
		Lifetime: lifetime,
	})
	if !errors.Is(err, tickets.ErrEmptyKey) {
		reportClaims(err, diags)
	}
	return types.StringValue(ticket)
}

// ticketModel is the common part of the ephemeral resources' configurations and
// results.
type ticketModel struct {
	SdkAppID     types.Int64  `tfsdk:"sdk_app_id"`
	UserID       types.String `tfsdk:"user_id"`
	ExpiresIn    types.Int64  `tfsdk:"expires_in"`
	SdkSecretKey types.String `tfsdk:"sdk_secret_key"`
	ExpiresAt    types.String `tfsdk:"expires_at"`
}

func ticketAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"sdk_app_id": schema.Int64Attribute{
			MarkdownDescription: sdkAppIDDescription,
			CustomType:          sdkAppIDType(),
			Required:            true,
			Validators:          sdkAppIDValidators(),
		},
		"user_id": schema.StringAttribute{
			MarkdownDescription: "The user that the ticket is for: 1 to 32 characters of `a-z`, `A-Z`, `0-9`, `_` and `-`.",
			Required:            true,
			Validators:          []validator.String{userIDValidator()},
		},
		"expires_in": schema.Int64Attribute{
			MarkdownDescription: "Lifetime of the ticket in seconds, 60 to 15552000 (180 days). Default 604800 (7 days), the longest run that `max_duration` allows.",
			CustomType:          wholeNumber{},
			Optional:            true, Computed: true,
			Validators: []validator.Int64{int64Rule{rule[int64]{description: "60 to 15552000", check: tickets.ValidateLifetime}}},
		},
		"sdk_secret_key": schema.StringAttribute{
			MarkdownDescription: "The application's SDKSecretKey, as the TRTC console shows it. Environment variable: `" + sdkSecretKeyVariable + "`.",
			Optional:            true, Sensitive: true,
			Validators: []validator.String{sdkSecretKeyValidator()},
		},
		"expires_at": schema.StringAttribute{
			MarkdownDescription: "When the ticket expires, as an RFC 3339 timestamp in UTC.",
			Computed:            true,
		},
	}
}
