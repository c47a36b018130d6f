package provider

import (
	"context"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/numbervalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

func (r *streamIngestResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An online media stream that a relay robot pulls and publishes into a TRTC room. " +
			"One resource is one task. The task runs, and is billed, from `terraform apply` until it ends or is destroyed.",
		Attributes: map[string]schema.Attribute{
			// The robot and its room.
			"region": schema.StringAttribute{
				MarkdownDescription: "Access region of the task, such as `ap-singapore`. Default: the provider's region at creation. Later changes of that default do not affect the task.",
				Optional:            true, Computed: true,
				Validators:    []validator.String{regionValidator()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"sdk_app_id": schema.Int64Attribute{
				MarkdownDescription: sdkAppIDDescription,
				CustomType:          sdkAppIDType(),
				Required:            true,
				Validators:          sdkAppIDValidators(),
			},
			"room_id": schema.StringAttribute{
				MarkdownDescription: "Room ID: an integer from 1 to 4294967295 if `room_id_type` is 1, or a string of 1 to 64 bytes if it is 0: letters, digits, space and ``!#$%&()+,-.:;<=>?@[]^_{}|~``. " +
					"Integer room `123` and string room `\"123\"` are different rooms.",
				Required: true,
			},
			"room_id_type": defaultNumberAttribute(tickets.RoomIDTypeInt, "`1` (default) for a room with a 32-bit integer ID, `0` for a room with a string ID.",
				roomIDTypeValidator()),
			"user_id": schema.StringAttribute{
				MarkdownDescription: "UserId of the relay robot in the room: 1 to 32 characters of `a-z`, `A-Z`, `0-9`, `_` and `-`. Must differ from every other user in the room.",
				Required:            true,
				Validators:          []validator.String{userIDValidator()},
			},

			// Tickets, used only when a task is started.
			"user_sig": ticketAttribute("UserSig, the login ticket of `user_id`. Stored in state: prefer `user_sig_wo`, or let the provider mint the ticket with `sdk_secret_key`."),
			"user_sig_wo": writeOnlyTicketAttribute("UserSig, the login ticket of `user_id`, never stored. Not needed if the provider mints the ticket with `sdk_secret_key`. " +
				"Used only when a task is started: changing it does not affect a running task and makes no API call."),
			"private_map_key": ticketAttribute("PrivateMapKey, the room-entry ticket. Required only by applications with advanced permission control enabled. " +
				"Stored in state: prefer `private_map_key_wo`."),
			"private_map_key_wo": writeOnlyTicketAttribute("PrivateMapKey, the room-entry ticket, never stored. Mint it with the ephemeral resource `trtc_private_map_key`."),
			"mint_private_map_key": schema.BoolAttribute{
				MarkdownDescription: "Whether the provider mints a PrivateMapKey for this room with `sdk_secret_key`, with all privileges, for applications with advanced permission control enabled. " +
					"Default `false`. Conflicts with `private_map_key` and `private_map_key_wo`.",
				Optional: true,
			},

			// The stream and its playback.
			"stream_url": schema.StringAttribute{
				MarkdownDescription: "The stream to play: an absolute `http`, `https` or `rtmp` URL. A change switches the running task to the new stream; removing it replaces the task. " +
					"The URL is shown in plans and stored in state: if it contains a secret, use `stream_url_wo`.",
				Optional:   true,
				Validators: []validator.String{streamURLValidator()},
			},
			"stream_url_wo": schema.StringAttribute{
				MarkdownDescription: "The stream to play, like `stream_url`, but never shown or stored: for a URL that contains a secret, such as a signed one. " +
					"A new URL is sent when `stream_url_wo_version` changes. Needs Terraform 1.11 or OpenTofu 1.11.",
				Optional: true, Sensitive: true, WriteOnly: true,
				Validators: []validator.String{streamURLValidator()},
			},
			"stream_url_wo_version": numberAttribute("Version of `stream_url_wo`, any whole number. Change it to send the current `stream_url_wo` to the running task."),
			"seek_second":           numberAttribute("Start position in the stream, in seconds, from 0 (default).", int64validator.AtLeast(0)),
			"auto_push":             defaultFalseAttribute("Whether to relay the stream to the CDN as well, which must be enabled in the TRTC console. Default `false`."),
			"repeat_num": defaultNumberAttribute(1, "How often to play the stream: 1 (default) to 1000, or `-1` to repeat it until the task is destroyed or `max_duration` has passed.",
				repeatNumValidator()),
			"max_duration": numberAttribute("Maximum run time in minutes, 1 to 10080 (7 days); only with `repeat_num = -1`. Limits the cost of a forgotten task.",
				int64validator.Between(1, maxDurationMinutes)),
			"volume": defaultNumberAttribute(100, "Volume from 0 to 100, on the China site to 200. `100` (default) is the original volume.",
				int64validator.Between(0, maxVolume)),
			"tempo": schema.NumberAttribute{ // Float64Attribute reports 1e400 as a bug of the provider.
				MarkdownDescription: "China site only: playback speed, one of 0.5, 0.75, 1, 1.25, 1.5, 1.75 and 2. `1` is the original speed. Removing the argument restores it on a running task.",
				Optional:            true,
				Validators: []validator.Number{numbervalidator.OneOf(big.NewFloat(0.5), big.NewFloat(0.75),
					big.NewFloat(1), big.NewFloat(1.25), big.NewFloat(1.5), big.NewFloat(1.75), big.NewFloat(2))},
			},
			"enable_progress": schema.BoolAttribute{
				MarkdownDescription: "China site only: whether the players in the room receive the progress of playback, as custom data of TRTC.",
				Optional:            true,
			},
			"idle_timeout": numberAttribute("China site only: number of seconds that the task is idle before it ends, 0 to 600. Tencent does not define idle. Default: the service decides.",
				int64validator.Between(0, 600)),
			"paused": defaultFalseAttribute("Whether playback is paused. Default `false`. A paused task keeps running and is still billed."),

			// How Terraform manages the task.
			"on_task_end": schema.StringAttribute{
				MarkdownDescription: "What to do when the task has ended or was stopped outside of Terraform. `recreate` (default): the task is removed from state, so that the next plan starts a new task. " +
					"`keep`: the task stays in state with status `NotExist`. Changing the stream, `volume`, `tempo`, `enable_progress` or `paused` then replaces the task, and so does changing back to `recreate`. " +
					"A new value takes effect after the apply that saves it in state, because Terraform does not pass the configuration to a refresh.",
				Optional: true, Computed: true,
				Default:    stringdefault.StaticString(onTaskEndRecreate),
				Validators: []validator.String{stringvalidator.OneOf(onTaskEndRecreate, onTaskEndKeep)},
			},
			"stream_check": schema.StringAttribute{
				MarkdownDescription: "Whether to check the stream before the task is started and before its URL changes: `off` (default), `warn`, or `error`, which refuses a stream that cannot be played. " +
					"The request uses up a single-use URL. See [Check the stream](#check-the-stream).",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(streamCheckOff, streamCheckWarn, streamCheckError)},
			},
			"timeouts": timeoutsAttribute(ctx),

			// Computed by the service and the provider.
			"id":         computedAttribute("Import ID: `<region>/<sdk_app_id>/<task_id>`."),
			"task_id":    computedAttribute("TaskId of this run, as returned by StartStreamIngest."),
			"started_at": computedAttribute("When the task was started, as an RFC 3339 timestamp in UTC. Null after an import."),
			"ends_at":    computedAttribute("When `max_duration` ends the task, as an RFC 3339 timestamp in UTC. Null without `max_duration` and after an import."),
			"status":     computedAttribute("`InProgress` while the task is running or paused, `NotExist` once it has ended. The API returns nothing else."),
		},
	}
}

func ticketAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Optional:            true, Sensitive: true,
		Validators: []validator.String{ticketValidator()},
	}
}

func writeOnlyTicketAttribute(description string) schema.StringAttribute {
	attribute := ticketAttribute(description + " Needs Terraform 1.11 or OpenTofu 1.11.")
	attribute.WriteOnly = true
	return attribute
}

func numberAttribute(description string, validators ...validator.Int64) schema.Int64Attribute {
	return schema.Int64Attribute{MarkdownDescription: description, CustomType: wholeNumber{}, Optional: true, Validators: validators}
}

func defaultNumberAttribute(fallback int64, description string, validators ...validator.Int64) schema.Int64Attribute {
	attribute := numberAttribute(description, validators...)
	attribute.Computed = true
	attribute.Default = int64default.StaticInt64(fallback)
	return attribute
}

func defaultFalseAttribute(description string) schema.BoolAttribute {
	return schema.BoolAttribute{MarkdownDescription: description, Optional: true, Computed: true, Default: booldefault.StaticBool(false)}
}

// timeoutsAttribute returns the attribute timeouts. Its type accepts any
// duration, even one in which no request can be sent.
func timeoutsAttribute(ctx context.Context) schema.Attribute {
	attribute, _ := timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, Read: true, Update: true, Delete: true,
		CreateDescription: "Time limit for starting the task, as a duration such as `30s` or `5m`, at least `1s`. Default 2m.",
		ReadDescription:   "Time limit for a refresh. Default 1m.",
		UpdateDescription: "Time limit for an update. Default 1m.",
		DeleteDescription: "Time limit for stopping the task, until the service reports that it is gone. Default 2m.",
	}).(schema.SingleNestedAttribute)
	attribute.MarkdownDescription = "Time limits of the operations. Terraform ignores a misspelled name in this object without a message."
	for name, nested := range attribute.Attributes {
		limit, _ := nested.(schema.StringAttribute)
		limit.Validators = append(limit.Validators, timeoutValidator())
		attribute.Attributes[name] = limit
	}
	return attribute
}

func computedAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}
