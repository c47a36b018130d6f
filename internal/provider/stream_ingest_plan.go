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
	"github.com/hashicorp/terraform-plugin-framework/types"
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
	case req.State.Raw.IsNull():
		r.planStart(ctx, req, resp)
	default:
		r.planChange(ctx, req, resp)
	}
}

// planStart plans a new task. For a replacement, Terraform asks for this plan
// after the one of the change.
func (r *streamIngestResource) planStart(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	attribute := path.Root("region")
	var configured types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, attribute, &configured)...)
	userSig, diags := readSecretArgument(ctx, req.Config, "user_sig")
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !userSig.given {
		resp.Diagnostics.AddAttributeError(userSig.attribute, "UserSig is required to start the task",
			"This plan starts a task, and the robot logs in to the room with a UserSig. Set user_sig_wo, for example from the ephemeral resource trtc_user_sig "+
				"(Terraform 1.11 or OpenTofu 1.11 and later), or user_sig.")
	}
	region := r.provider.resolveRegion(configured, attribute, &resp.Diagnostics)
	r.provider.checkRegion(region, attribute, &resp.Diagnostics)
	if !region.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, attribute, region)...)
	}
}

// planChange plans a change of a task that is in state.
func (r *streamIngestResource) planChange(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state streamIngestModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
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

// needsReplacement reports whether changing an argument from the state's value
// replaces the task. Until an imported task is adopted, its arguments are null
// in state because the API does not return them, not because they were unset.
func needsReplacement(ctx context.Context, state attr.Value, private privateReader, diags *diag.Diagnostics) bool {
	adopting, problems := isAdopting(ctx, private)
	diags.Append(problems...)
	return !adopting || !state.IsNull()
}

func replaceString() planmodifier.String {
	return stringplanmodifier.RequiresReplaceIf(
		func(ctx context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = needsReplacement(ctx, req.StateValue, req.Private, &resp.Diagnostics)
		}, replaceDescription, replaceDescription)
}

func replaceInt64() planmodifier.Int64 {
	return int64planmodifier.RequiresReplaceIf(
		func(ctx context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = needsReplacement(ctx, req.StateValue, req.Private, &resp.Diagnostics)
		}, replaceDescription, replaceDescription)
}

// replaceSeekSecond is replaceInt64 for seek_second, for which null and 0 are the
// same position.
func replaceSeekSecond() planmodifier.Int64 {
	return int64planmodifier.RequiresReplaceIf(
		func(ctx context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
			moved := req.PlanValue.IsUnknown() || req.PlanValue.ValueInt64() != req.StateValue.ValueInt64()
			resp.RequiresReplace = moved && needsReplacement(ctx, req.StateValue, req.Private, &resp.Diagnostics)
		}, replaceDescription, replaceDescription)
}

func replaceBool() planmodifier.Bool {
	return boolplanmodifier.RequiresReplaceIf(
		func(ctx context.Context, req planmodifier.BoolRequest, resp *boolplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = needsReplacement(ctx, req.StateValue, req.Private, &resp.Diagnostics)
		}, replaceDescription, replaceDescription)
}

// adoptingKey is the key in the private state of an imported task whose
// arguments no apply has recorded yet.
const adoptingKey = "adopting"

// privateReader reads the private state.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// privateWriter writes the private state.
type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// isAdopting reports whether the task was imported and is not adopted yet.
func isAdopting(ctx context.Context, private privateReader) (bool, diag.Diagnostics) {
	value, diags := private.GetKey(ctx, adoptingKey)
	return string(value) == "true", diags
}

// setAdopting records whether the task still has to be adopted.
func setAdopting(ctx context.Context, private privateWriter, adopting bool) diag.Diagnostics {
	return private.SetKey(ctx, adoptingKey, strconv.AppendBool(nil, adopting))
}
