package provider

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// ValidateConfig checks arguments that depend on each other.
func (r *streamIngestResource) ValidateConfig(_ context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config := valuesOf(req.Config.Raw)
	validateRoom(config.text("room_id"), config.number("room_id_type"), &resp.Diagnostics)
	limit, repeat := config.number("max_duration"), config.number("repeat_num")
	if !limit.IsNull() && !limit.IsUnknown() && !repeat.IsUnknown() && repeat.ValueInt64() != endlessRepeat {
		resp.Diagnostics.AddAttributeError(path.Root("max_duration"), "max_duration requires repeat_num = -1",
			"max_duration takes effect only with repeat_num = -1. Set repeat_num to -1, or remove max_duration.")
	}
	validateAlternatives(config, &resp.Diagnostics)
}

// validateAlternatives validates arguments that exclude or require each other.
// It gives the diagnostics of the validators ConflictsWith and AlsoRequires,
// which walk the schema for each argument.
func validateAlternatives(config configValues, diags *diag.Diagnostics) {
	const combination = "Invalid Attribute Combination"
	for _, stored := range []string{"user_sig", "private_map_key", "stream_url"} {
		writeOnly := stored + "_wo"
		if config.isSet(stored) && config.isSet(writeOnly) {
			diags.AddAttributeError(path.Root(stored), combination, fmt.Sprintf("Attribute %q cannot be specified when %q is specified", writeOnly, stored))
		}
	}
	for _, pair := range [][2]string{{"stream_url_wo", "stream_url_wo_version"}, {"stream_url_wo_version", "stream_url_wo"}} {
		if config.isSet(pair[0]) && config[pair[1]].IsNull() {
			diags.AddAttributeError(path.Root(pair[0]), combination, fmt.Sprintf("Attribute %q must be specified when %q is specified", pair[1], pair[0]))
		}
	}
	if privateMapKey := config.secret("private_map_key"); privateMapKey.given && config.isTrue("mint_private_map_key") {
		diags.AddAttributeError(path.Root("mint_private_map_key"), "Two sources of the PrivateMapKey",
			"mint_private_map_key cannot be combined with "+privateMapKey.attribute.String()+". Remove one of them.")
	}
}

func validateRoom(roomID types.String, roomIDType types.Int64, diags *diag.Diagnostics) {
	if roomID.IsNull() || roomID.IsUnknown() || roomIDType.IsUnknown() {
		return
	}
	idType := tickets.RoomIDTypeInt
	if !roomIDType.IsNull() && roomIDType.ValueInt64() == tickets.RoomIDTypeString {
		idType = tickets.RoomIDTypeString
	}
	_, err := tickets.ParseRoom(idType, roomID.ValueString())
	if err == nil {
		return
	}
	invalid := invalidValue(path.Root("room_id"), err)
	if _, wrong := tickets.ParseRoom(tickets.RoomIDTypeString, roomID.ValueString()); wrong == nil {
		invalid = diag.NewAttributeErrorDiagnostic(path.Root("room_id"), invalid.Summary(),
			invalid.Detail()+" For a room with a string ID, set room_id_type = 0.")
	}
	diags.Append(invalid)
}

var (
	regionForm    = regexp.MustCompile(`^[a-z]{2,4}(-[a-z0-9]+)+$`)
	errRegionForm = errors.New(`must be a Tencent Cloud region such as "ap-singapore"`)
)

func regionValidator() validator.String {
	return stringvalidator.RegexMatches(regionForm, errRegionForm.Error())
}

const sdkAppIDDescription = "SdkAppId of the TRTC application, 1 to 4294967295."

func sdkAppIDType() wholeNumber { return wholeNumber{rule: tickets.SdkAppIDRule} }

func sdkAppIDValidators() []validator.Int64 {
	return []validator.Int64{int64Rule{rule[int64]{description: "1 to 4294967295", check: tickets.ValidateSdkAppID}}}
}

// roomIDTypeValidator accepts the types of ParseRoom.
func roomIDTypeValidator() validator.Int64 {
	return int64Rule{rule[int64]{description: "0 or 1", check: func(idType int64) error {
		_, err := tickets.ParseRoom(idType, "1") // A room of either type.
		return err
	}}}
}

func userIDValidator() validator.String {
	return stringRule{rule[string]{description: "1 to 32 characters of a-z, A-Z, 0-9, _ and -", check: tickets.ValidateUserID}}
}

func streamURLValidator() validator.String {
	return stringRule{rule[string]{description: "an absolute http, https or rtmp URL", check: checkStreamURL}}
}

func checkStreamURL(raw string) error {
	if i := strings.IndexFunc(raw, isInvisible); i >= 0 {
		return fmt.Errorf("must not contain white space or invisible characters, and contains %s. "+
			"Remove the character, or write a space as %%20. The URL is not shown, because it may be secret", nameInvisible(raw[i:]))
	}
	parsed, err := url.Parse(raw)
	if err != nil || parsed.Hostname() == "" || !slices.Contains([]string{"http", "https", "rtmp"}, parsed.Scheme) {
		return errors.New("must be an absolute http://, https:// or rtmp:// URL with a host")
	}
	if port, err := strconv.Atoi(parsed.Port()); parsed.Port() != "" && (err != nil || port > math.MaxUint16) {
		return errors.New("must have a port up to 65535, or none")
	}
	return nil
}

func ticketValidator() validator.String {
	return stringRule{rule[string]{description: "a ticket without white space inside", check: checkTicket}}
}

// checkTicket accepts white space at the ends, which configValues.secret removes.
func checkTicket(raw string) error {
	ticket := strings.TrimSpace(raw)
	if ticket == "" {
		return errors.New("must not be empty")
	}
	if i := strings.IndexFunc(ticket, isInvisible); i >= 0 {
		return fmt.Errorf("must not contain white space or invisible characters, and contains %s. "+
			"Copy the ticket again, as one line. The ticket is not shown, because it is secret", nameInvisible(ticket[i:]))
	}
	return nil
}

func timeoutValidator() validator.String {
	return stringRule{rule[string]{description: "at least 1s", check: func(text string) error {
		if timeout, err := time.ParseDuration(text); err == nil && timeout < time.Second {
			return errors.New("must be at least 1s")
		}
		return nil // Its type reports what is not a duration.
	}}}
}

func repeatNumValidator() validator.Int64 {
	return int64Rule{rule[int64]{description: "-1 or 1 to 1000", check: func(times int64) error {
		if times == endlessRepeat || (times >= 1 && times <= 1000) {
			return nil
		}
		return errors.New("must be -1 (endless) or from 1 to 1000")
	}}}
}
