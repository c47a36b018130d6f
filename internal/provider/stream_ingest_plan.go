package provider

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ModifyPlan plans what the schema cannot express: the default region, which
// changes replace a task, and what depends on the site, the tickets and the
// state.
//
// Terraform plans again during apply, with values that were unknown before, and
// accepts only a plan that is consistent with the first one. It does not say
// which of the two a request is for, so a plan with an unknown value has to fit
// every value that it may become.
func (r *streamIngestResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() { // Destroy.
		r.provider.forgetStart(ctx, req.State, req.Private, &resp.Diagnostics)
		return
	}
	config := readConfig(req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.provider.site.checkArguments(config, &resp.Diagnostics)
	if req.State.Raw.IsNull() {
		r.planStart(ctx, config, resp)
	} else {
		r.provider.forgetStart(ctx, req.State, req.Private, &resp.Diagnostics)
		r.planChange(ctx, config, req, resp)
	}
}

// planStart plans a new task. For a replacement, Terraform asks for this plan
// after the one of the change, and shows only its errors.
func (r *streamIngestResource) planStart(ctx context.Context, config configValues, resp *resource.ModifyPlanResponse) {
	r.provider.tickets.needsKey(config.number("sdk_app_id"), config.boolean("mint_private_map_key"), config.secret("user_sig"), &resp.Diagnostics)
	r.provider.tickets.check(config, true, &resp.Diagnostics)
	warnAboutCost(!config.secret("stream_url").given, config.boolean("paused").ValueBool(), &resp.Diagnostics)
	r.provider.warnEarlier(ctx, config, &resp.Diagnostics)
	region := r.provider.resolveRegion(config.text("region"), &resp.Diagnostics)
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

// planChange plans a change of a task that is in state.
func (r *streamIngestResource) planChange(ctx context.Context, config configValues, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	adopting, diags := isMarked(ctx, req.Private, adoptingKey)
	resp.Diagnostics.Append(diags...)
	planReplacement(config, adopting, req, resp)
	var plan, state streamIngestModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	removed := state.hasStream() && !plan.hasStream()
	switch {
	case resp.Diagnostics.HasError():
	case state.hasEnded():
		for _, name := range plan.endedChanges(state) {
			resp.RequiresReplace.Append(path.Root(name))
		}
	case removed:
		r.planStreamRemoval(state, resp)
	}
	r.provider.tickets.check(config, len(resp.RequiresReplace) > 0, &resp.Diagnostics)
	warnAboutCost(removed && state.hasEnded(), plan.Paused.ValueBool() && !state.Paused.ValueBool(), &resp.Diagnostics)
}

// warnAboutCost warns about a task that is billed but plays nothing, when the
// plan makes it one.
func warnAboutCost(noStream, paused bool, diags *diag.Diagnostics) {
	if noStream {
		diags.AddAttributeWarning(path.Root("stream_url"), "The task has no stream",
			"Without stream_url the robot has nothing to play, and the service may refuse the start.")
	}
	if paused {
		diags.AddAttributeWarning(path.Root("paused"), "Paused tasks are still billed",
			"A paused task keeps running and is billed like a playing one. To stop the cost, destroy it.")
	}
}

// createOnlyArguments returns the arguments that only StartStreamIngest takes,
// and of each whether null is one of its values. Null in state otherwise means
// that the value is not recorded, because the API does not return the arguments
// of an imported task.
func createOnlyArguments() map[string]bool {
	return map[string]bool{
		"region": false, "sdk_app_id": false, "room_id": false, "room_id_type": false, "user_id": false, "auto_push": false, "repeat_num": false,
		"seek_second": true, "max_duration": true, "idle_timeout": true,
	}
}

// planReplacement replaces the task when a create-only argument changed from a
// recorded value; all values count as recorded once an import was adopted.
//
// It leaves create-only arguments null that are null in state and in the
// configuration. Their defaults would be a guess: recorded as facts, they would
// replace the task once the real value is configured or no longer ignored
// (ignore_changes).
func planReplacement(config configValues, adopting bool, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state, plan map[string]tftypes.Value
	if req.State.Raw.As(&state) != nil || req.Plan.Raw.As(&plan) != nil {
		return
	}
	unrecorded := false
	for name, nullable := range createOnlyArguments() {
		recorded := !state[name].IsNull() || (nullable && !adopting)
		before, after := state[name], plan[name]
		if name == "seek_second" { // Null and 0 are the same position.
			before, after = orZero(before), orZero(after)
		}
		switch {
		case !recorded && config[name].IsNull():
			plan[name], unrecorded = state[name], true
		case recorded && !after.Equal(before):
			resp.RequiresReplace.Append(path.Root(name))
		}
	}
	if unrecorded {
		resp.Plan.Raw = tftypes.NewValue(req.Plan.Raw.Type(), plan)
	}
}

// orZero returns a number, with 0 for null.
func orZero(number tftypes.Value) tftypes.Value {
	if number.IsNull() {
		return tftypes.NewValue(tftypes.Number, 0)
	}
	return number
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
	if r.provider.refreshed.Load() || len(resp.RequiresReplace) > 0 {
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
