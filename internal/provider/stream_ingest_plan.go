package provider

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ModifyPlan plans what the schema cannot express: the default region and the
// ticket of a task that will be started, and the effect of a change on a task
// that is running or has ended.
//
// Terraform plans again during apply, with values that were unknown before, and
// accepts only a plan that is consistent with the first one. It does not say
// which of the two a request is for, so a plan with an unknown value has to fit
// every value that it may become.
func (r *streamIngestResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	switch {
	case req.Plan.Raw.IsNull(): // Destroy.
		r.provider.forgetStart(ctx, req.State, req.Private, &resp.Diagnostics)
	case req.State.Raw.IsNull():
		r.planStart(ctx, req, resp)
	default:
		r.provider.forgetStart(ctx, req.State, req.Private, &resp.Diagnostics)
		keepUnrecorded(req, resp)
		r.planChange(ctx, req, resp)
	}
}

// planStart plans a new task. For a replacement, Terraform asks for this plan
// after the one of the change.
func (r *streamIngestResource) planStart(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	config := readConfig(req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.provider.tickets.needsKey(config.number("sdk_app_id"), config.boolean("mint_private_map_key"), config.secret("user_sig"), &resp.Diagnostics)
	r.provider.warnEarlier(ctx, config, &resp.Diagnostics)
	attribute := path.Root("region")
	region := r.provider.resolveRegion(config.text("region"), attribute, &resp.Diagnostics)
	r.provider.checkRegion(region, attribute, &resp.Diagnostics)
	if !region.IsNull() {
		setRegion(ctx, region, &resp.Plan, &resp.Diagnostics)
	}
}

// setRegion sets region in the plan. Plan.SetAttribute would transform the whole
// plan for it.
func setRegion(ctx context.Context, region types.String, plan *tfsdk.Plan, diags *diag.Diagnostics) {
	var values map[string]tftypes.Value
	value, err := region.ToTerraformValue(ctx)
	if err == nil {
		err = plan.Raw.As(&values)
	}
	if err != nil {
		diags.AddError("The plan could not be read", sentence(err.Error()))
		return
	}
	values["region"] = value
	plan.Raw = tftypes.NewValue(plan.Raw.Type(), values)
}

// keepUnrecorded leaves create-only arguments null that are null in state and in
// the configuration. The API did not return them when the task was imported, so
// their defaults would be a guess: recorded as facts, they would replace the
// task once the real value is configured or no longer ignored (ignore_changes).
func keepUnrecorded(req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	config := readConfig(req.Config, &resp.Diagnostics)
	var state, plan map[string]tftypes.Value
	if resp.Diagnostics.HasError() || req.State.Raw.As(&state) != nil || req.Plan.Raw.As(&plan) != nil {
		return
	}
	changed := false
	for _, name := range []string{"room_id_type", "auto_push", "repeat_num"} {
		if config[name].IsNull() && state[name].IsNull() {
			plan[name], changed = state[name], true
		}
	}
	if changed {
		resp.Plan.Raw = tftypes.NewValue(req.Plan.Raw.Type(), plan)
	}
}

// planChange plans a change of a task that is in state.
func (r *streamIngestResource) planChange(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state streamIngestModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	switch {
	case resp.Diagnostics.HasError():
	case state.hasEnded():
		for _, name := range plan.endedChanges(state) {
			resp.RequiresReplace.Append(path.Root(name))
		}
	case state.hasStream() && !plan.hasStream():
		r.planStreamRemoval(state, resp)
	}
}

// planStreamRemoval plans a new task, because no update can remove the stream of
// a running one. It is an error during apply, when the URL was unknown before:
// the first plan was an update, since a URL that is still unknown is most likely
// another one.
func (r *streamIngestResource) planStreamRemoval(state streamIngestModel, resp *resource.ModifyPlanResponse) {
	attribute, changed := path.Root("stream_url"), path.Root("stream_url")
	if state.StreamURL.IsNull() {
		attribute, changed = path.Root("stream_url_wo"), path.Root("stream_url_wo_version")
	}
	if r.provider.refreshed.Load() {
		resp.RequiresReplace.Append(changed)
		resp.Diagnostics.AddAttributeWarning(attribute, "Removing the stream replaces the task",
			fmt.Sprintf("Task %s plays a stream, but stream_url and stream_url_wo are null. The service cannot remove the stream of a running task, "+
				"so this plan stops the task and starts one without a stream. To silence the task instead, keep the URL and set paused = true.",
				state.TaskID.ValueString()))
		return
	}
	resp.Diagnostics.AddAttributeError(attribute, "The stream of a running task cannot be removed",
		fmt.Sprintf("Task %s plays a stream, but stream_url and stream_url_wo are null, possibly only once their values became known. "+
			"The service can switch a task to another stream, but cannot remove its stream. The task was not changed.\n\n"+
			"Run terraform apply again, without -refresh=false: the new plan replaces the task by one without a stream. "+
			"Or set a URL; to silence the task set paused = true; to stop it remove the resource.", state.TaskID.ValueString()))
}

const replaceDescription = "Changing it starts a new task. After an import the first apply only records the value."

// replaceRecorded reports whether a change from the state's value replaces the
// task, for arguments that are null in state only while they are not recorded:
// after an import, because the API does not return them.
func replaceRecorded(state attr.Value) bool { return !state.IsNull() }

// replaceOptional reports the same for arguments that can also be unset. For
// them, null in state means "not recorded" only until the imported task is
// adopted.
func replaceOptional(ctx context.Context, state attr.Value, private privateReader, diags *diag.Diagnostics) bool {
	adopting, problems := isMarked(ctx, private, adoptingKey)
	diags.Append(problems...)
	return !adopting || !state.IsNull()
}

func replaceString() planmodifier.String {
	return stringplanmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = replaceRecorded(req.StateValue)
		}, replaceDescription, replaceDescription)
}

func replaceInt64() planmodifier.Int64 {
	return int64planmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = replaceRecorded(req.StateValue)
		}, replaceDescription, replaceDescription)
}

func replaceOptionalInt64() planmodifier.Int64 {
	return int64planmodifier.RequiresReplaceIf(
		func(ctx context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = replaceOptional(ctx, req.StateValue, req.Private, &resp.Diagnostics)
		}, replaceDescription, replaceDescription)
}

// replaceSeekSecond is replaceInt64 for seek_second, for which null and 0 are the
// same position.
func replaceSeekSecond() planmodifier.Int64 {
	return int64planmodifier.RequiresReplaceIf(
		func(ctx context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
			moved := req.PlanValue.IsUnknown() || req.PlanValue.ValueInt64() != req.StateValue.ValueInt64()
			resp.RequiresReplace = moved && replaceOptional(ctx, req.StateValue, req.Private, &resp.Diagnostics)
		}, replaceDescription, replaceDescription)
}

func replaceBool() planmodifier.Bool {
	return boolplanmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.BoolRequest, resp *boolplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = replaceRecorded(req.StateValue)
		}, replaceDescription, replaceDescription)
}

// Marks in the private state.
const (
	// adoptingKey marks an imported task whose optional arguments no apply has
	// recorded yet.
	adoptingKey = "adopting"
	// pausePendingKey marks a task that was started but could not be paused.
	pausePendingKey = "pause_pending"
)

// privateReader reads the private state.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// privateWriter writes the private state.
type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// isMarked reports whether a mark is set.
func isMarked(ctx context.Context, private privateReader, key string) (bool, diag.Diagnostics) {
	value, diags := private.GetKey(ctx, key)
	return string(value) == "true", diags
}

// setMark sets or clears a mark.
func setMark(ctx context.Context, private privateWriter, key string, set bool) diag.Diagnostics {
	return private.SetKey(ctx, key, strconv.AppendBool(nil, set))
}
