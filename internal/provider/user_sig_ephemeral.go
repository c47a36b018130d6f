package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*userSigEphemeral)(nil)

func newUserSigEphemeral() ephemeral.EphemeralResource { return &userSigEphemeral{} }

// userSigEphemeral is the ephemeral resource trtc_user_sig.
type userSigEphemeral struct{ minter ticketMinter }

// userSigModel is the ephemeral resource's configuration and result.
type userSigModel struct {
	SdkAppID     types.Int64  `tfsdk:"sdk_app_id"`
	UserID       types.String `tfsdk:"user_id"`
	ExpiresIn    types.Int64  `tfsdk:"expires_in"`
	SdkSecretKey types.String `tfsdk:"sdk_secret_key"`
	UserSig      types.String `tfsdk:"user_sig"`
	ExpiresAt    types.String `tfsdk:"expires_at"`
}

// Metadata names the ephemeral resource.
func (e *userSigEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = typeName + "_user_sig"
}

// Configure takes clock and environment from the provider.
func (e *userSigEphemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	if conn := connectionFrom(req.ProviderData, &resp.Diagnostics); conn != nil {
		e.minter = conn.minter
	}
}

// Schema describes the ephemeral resource.
func (e *userSigEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	attributes := ticketMintAttributes()
	attributes["user_sig"] = schema.StringAttribute{
		MarkdownDescription: "The UserSig: the ticket with which the user logs in.",
		Computed:            true, Sensitive: true,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Mints a UserSig, the login ticket of a TRTC user, on the machine that runs Terraform. " +
			"Nothing is sent anywhere, and nothing is stored in plan or state. Needs Terraform 1.10 or OpenTofu 1.11.",
		Attributes: attributes,
	}
}

// Open mints the ticket.
func (e *userSigEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var data userSigModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx, secret.New(data.SdkSecretKey.ValueString()))
	e.mint(&data, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, data)...)
}

func (e *userSigEphemeral) mint(data *userSigModel, diags *diag.Diagnostics) {
	key := e.minter.key(data.SdkSecretKey, diags)
	claims := data.claims()
	refuseTicket(claims.Validate(), diags)
	if diags.HasError() {
		return
	}
	now := e.minter.now()
	ticket, err := tickets.MintUserSig(key, now, claims)
	if err != nil {
		refuseTicket(err, diags)
		return
	}
	data.ExpiresIn, data.ExpiresAt = types.Int64Value(int64(claims.Lifetime.Seconds())), expiry(now, claims.Lifetime)
	data.UserSig = types.StringValue(ticket)
}

// claims is the configuration as the ticket says it.
func (m *userSigModel) claims() tickets.UserSigClaims {
	return tickets.UserSigClaims{
		SdkAppID: uint64(m.SdkAppID.ValueInt64()), //nolint:gosec // Validated with the claims.
		UserID:   m.UserID.ValueString(),
		Lifetime: lifetime(m.ExpiresIn),
	}
}
