package provider

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure      = (*privateMapKeyEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*privateMapKeyEphemeral)(nil)
)

type privateMapKeyEphemeral struct{ ticketEphemeral }

type privateMapKeyModel struct {
	ticketModel

	RoomID        types.String `tfsdk:"room_id"`
	RoomIDType    types.Int64  `tfsdk:"room_id_type"`
	Privileges    types.Set    `tfsdk:"privileges"`
	PrivateMapKey types.String `tfsdk:"private_map_key"`
}

func (e *privateMapKeyEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = typeName + "_private_map_key"
}

func (e *privateMapKeyEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	attributes := ticketAttributes()
	attributes["room_id"] = schema.StringAttribute{
		MarkdownDescription: "Room ID that the ticket is for: an integer from 1 to 4294967295 if `room_id_type` is 1, or a string of 1 to 64 bytes if it is 0.",
		Required:            true,
	}
	attributes["room_id_type"] = schema.Int64Attribute{
		MarkdownDescription: "`1` (default) for a room with a 32-bit integer ID, `0` for a room with a string ID.",
		CustomType:          wholeNumber{},
		Optional:            true, Computed: true,
		Validators: []validator.Int64{roomIDTypeValidator()},
	}
	attributes["privileges"] = schema.SetAttribute{
		MarkdownDescription: "What the user is allowed to do in the room: any of `create_room`, `enter_room`, `send_audio`, `receive_audio`, `send_video`, `receive_video`, " +
			"`send_screen` and `receive_screen`. Default: all of them.",
		ElementType: types.StringType,
		Optional:    true, Computed: true,
		Validators: []validator.Set{
			setvalidator.SizeAtLeast(1),
			setvalidator.ValueStringsAre(stringvalidator.OneOf(tickets.PrivilegeNames()...)),
		},
	}
	attributes["private_map_key"] = schema.StringAttribute{
		MarkdownDescription: "The PrivateMapKey, which authorizes room entry.",
		Computed:            true, Sensitive: true,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Mints a PrivateMapKey, the room-entry ticket of a TRTC user, for applications with advanced permission control enabled. " +
			"The ticket is minted on the machine that runs Terraform: nothing is sent to any service or stored in plan or state. Needs Terraform 1.10 or OpenTofu 1.11.",
		Attributes: attributes,
	}
}

// ValidateConfig validates the room by its type.
func (e *privateMapKeyEphemeral) ValidateConfig(_ context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	config := valuesOf(req.Config.Raw)
	validateRoom(config.text("room_id"), config.number("room_id_type"), &resp.Diagnostics)
}

func (e *privateMapKeyEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var data privateMapKeyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx, secret.New(strings.TrimSpace(data.SdkSecretKey.ValueString())))
	// Schemas of ephemeral resources have no defaults.
	if data.RoomIDType.IsNull() {
		data.RoomIDType = types.Int64Value(tickets.RoomIDTypeInt)
	}
	privileges := tickets.PrivilegeNames()
	if data.Privileges.IsNull() {
		all, diags := types.SetValueFrom(ctx, types.StringType, privileges)
		resp.Diagnostics.Append(diags...)
		data.Privileges = all
	} else {
		resp.Diagnostics.Append(data.Privileges.ElementsAs(ctx, &privileges, false)...)
	}
	data.PrivateMapKey = e.mint(&data.ticketModel, func(key tickets.Key, now time.Time, user tickets.UserSigClaims) (string, error) {
		return mintPrivateMapKey(key, now, user, data.RoomIDType, data.RoomID, privileges)
	}, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Result.Set(ctx, data)...)
	}
}
