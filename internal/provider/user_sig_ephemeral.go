package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*userSigEphemeral)(nil)

type userSigEphemeral struct{ ticketEphemeral }

type userSigModel struct {
	ticketModel

	UserSig types.String `tfsdk:"user_sig"`
}

func (e *userSigEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = typeName + "_user_sig"
}

func (e *userSigEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	attributes := ticketAttributes()
	attributes["user_sig"] = schema.StringAttribute{
		MarkdownDescription: "The UserSig, which authenticates the user.",
		Computed:            true, Sensitive: true,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Mints a UserSig, the login ticket of a TRTC user, on the machine that runs Terraform. " +
			"Nothing is sent to any service or stored in plan or state. Needs Terraform 1.10 or OpenTofu 1.11.",
		Attributes: attributes,
	}
}

func (e *userSigEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var data userSigModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx, secret.New(strings.TrimSpace(data.SdkSecretKey.ValueString())))
	data.UserSig = e.mint(&data.ticketModel, tickets.MintUserSig, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Result.Set(ctx, data)...)
	}
}
