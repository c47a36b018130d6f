package provider

import (
	"context"
	"errors"
	"net/url"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

var regionForm = regexp.MustCompile(`^[a-z]{2,4}(-[a-z0-9]+)+$`)

var errRegionForm = errors.New(`must be a Tencent Cloud region such as "ap-singapore"`)

func regionValidator() validator.String {
	return stringvalidator.RegexMatches(regionForm, errRegionForm.Error())
}

func userIDValidator() validator.String {
	return stringRule{rule[string]{description: "1 to 32 characters of a-z, A-Z, 0-9, _ and -", check: tickets.ValidateUserID}}
}

func streamURLValidator() validator.String {
	return stringRule{rule[string]{description: "an absolute http, https or rtmp URL", check: checkStreamURL}}
}

func checkStreamURL(raw string) error {
	parsed, err := url.Parse(raw)
	if err == nil && parsed.Hostname() != "" {
		switch parsed.Scheme {
		case "http", "https", "rtmp":
			return nil
		}
	}
	return errors.New("must be an absolute http://, https:// or rtmp:// URL with a host")
}

func repeatNumValidator() validator.Int64 {
	return int64Rule{rule[int64]{description: "-1 or 1 to 1000", check: func(times int64) error {
		if times == endlessRepeat || (times >= 1 && times <= 1000) {
			return nil
		}
		return errors.New("must be -1 (endless) or from 1 to 1000")
	}}}
}

// ValidateConfig checks what depends on more than one argument, and warns of
// what costs money without being wrong.
func (r *streamIngestResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config streamIngestModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	validateRoom(config.RoomID, config.RoomIDType, &resp.Diagnostics)
	validateMaxDuration(config, &resp.Diagnostics)
	streamURL, diags := readSecretArgument(ctx, req.Config, "stream_url")
	resp.Diagnostics.Append(diags...)
	warnOfCost(config, streamURL, &resp.Diagnostics)
}

// validateRoom holds the room to the rule of its type.
func validateRoom(roomID types.String, roomIDType types.Int64, diags *diag.Diagnostics) {
	if roomID.IsNull() || roomID.IsUnknown() || roomIDType.IsUnknown() {
		return
	}
	check := tickets.ValidateIntRoomID
	if !roomIDType.IsNull() && roomIDType.ValueInt64() == stringRoom {
		check = tickets.ValidateStringRoomID
	}
	if err := check(roomID.ValueString()); err != nil {
		diags.Append(ruleBroken(path.Root("room_id"), err))
	}
}

func validateMaxDuration(config streamIngestModel, diags *diag.Diagnostics) {
	if config.MaxDuration.IsNull() || config.MaxDuration.IsUnknown() || config.RepeatNum.IsUnknown() {
		return
	}
	if config.RepeatNum.ValueInt64() != endlessRepeat {
		diags.AddAttributeError(path.Root("max_duration"), "max_duration without endless repetition",
			"max_duration takes effect only with repeat_num = -1. Set repeat_num to -1, or remove max_duration.")
	}
}

// warnOfCost warns of a task that is billed and heard by nobody.
func warnOfCost(config streamIngestModel, streamURL secretArgument, diags *diag.Diagnostics) {
	if !streamURL.given {
		diags.AddAttributeWarning(path.Root("stream_url"), "The task has no stream",
			"Without stream_url the robot has nothing to play, and the service may refuse the start.")
	}
	if config.Paused.ValueBool() {
		diags.AddAttributeWarning(path.Root("paused"), "A paused task is billed",
			"While it is paused the task still runs and is billed as before. Destroy it to stop the cost.")
	}
}
