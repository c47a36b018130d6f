package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan completes what the schema cannot say: the default region and the
// ticket of a task to be started, and what an ended task makes of a change.
func (r *streamIngestResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	destroying := req.Plan.Raw.IsNull()
	if destroying || r.conn == nil {
		return
	}
	if req.State.Raw.IsNull() {
		r.planStart(ctx, req, resp)
		return
	}
	planEnded(ctx, req, resp)
}

// planStart runs for a new task, and by core's second round of planning for
// one that replaces another.
func (r *streamIngestResource) planStart(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	attribute := path.Root("region")
	var configured types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, attribute, &configured)...)
	userSig, diags := readConfidential(ctx, req.Config, "user_sig")
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !userSig.given {
		resp.Diagnostics.AddAttributeError(userSig.attribute, "A ticket is needed to start the task",
			"This plan starts a task, and the robot logs in to the room with a UserSig. Set user_sig_wo, best from the ephemeral resource trtc_user_sig "+
				"(Terraform 1.11 or OpenTofu 1.11 and later), or user_sig.")
	}
	region := r.conn.resolveRegion(configured, attribute, &resp.Diagnostics)
	r.conn.checkRegion(region, attribute, &resp.Diagnostics)
	if !region.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, attribute, region)...)
	}
}

// planEnded replaces a task that ended and was kept, as soon as a change is to
// be sent to it, or the configuration wants ended tasks started anew.
func planEnded(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state streamIngestModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !state.hasEnded() {
		return
	}
	changed := plan.sentChanges(state)
	if !plan.OnTaskEnd.Equal(state.OnTaskEnd) && plan.OnTaskEnd.ValueString() == onTaskEndRecreate {
		changed = append(changed, "on_task_end")
	}
	for _, name := range changed {
		resp.RequiresReplace.Append(path.Root(name))
	}
}
