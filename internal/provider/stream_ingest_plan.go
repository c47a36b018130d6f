package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan completes what the schema cannot say: the default region and the
// ticket of a task to be started, and what a change does to a task that runs or
// has ended.
//
// Core plans again when it applies, with the values that were unknown before,
// and takes nothing but what the first plan said. It does not tell which of the
// two a plan is, so an unknown value has to plan what each of its outcomes does.
func (r *streamIngestResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	destroying := req.Plan.Raw.IsNull()
	if destroying || r.conn == nil {
		return
	}
	if req.State.Raw.IsNull() {
		r.planStart(ctx, req, resp)
		return
	}
	planChange(ctx, req, resp)
}

// planStart runs for a new task, and by core's second round of planning for
// one that replaces another.
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

// planChange runs for a task that the state has.
func planChange(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
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
		refuseSilence(state, &resp.Diagnostics)
	}
}

// refuseSilence reports that a running task would lose its stream, which no
// update can do. A replacement would do, but then each stream that is not known
// yet had to plan one, and stop a task that is only to be switched over.
func refuseSilence(state streamIngestModel, diags *diag.Diagnostics) {
	attribute := path.Root("stream_url")
	if state.StreamURL.IsNull() {
		attribute = path.Root("stream_url_wo")
	}
	diags.AddAttributeError(attribute, "The stream of a running task cannot be taken away",
		fmt.Sprintf("Task %s plays a stream, and the configuration has none: stream_url and stream_url_wo are null, perhaps only since their values are known. "+
			"The service can switch a task over to another stream, but not leave it without one. The task goes on as it was.\n\n"+
			"Give it a URL in every case; to silence it set paused = true, to stop it take the resource away. "+
			"To have a task without a stream instead, stop this one first, with terraform destroy -target=ADDRESS.", state.TaskID.ValueString()))
}
