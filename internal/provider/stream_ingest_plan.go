package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
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
	var state streamIngestModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		r.provider.forgetStart(ctx, state.task(), req.Private, &resp.Diagnostics)
		if !state.hasEnded() {
			r.provider.walk.markRunning(state)
		}
	}
	if req.Plan.Raw.IsNull() { // Destroy.
		if s, known := state.stream(); known {
			resp.Diagnostics.Append(r.provider.walk.seeRename(s, rename{destroyed: true})...)
		}
		return
	}
	config := valuesOf(req.Config.Raw)
	if req.State.Raw.IsNull() {
		r.planStart(ctx, config, isMarked(ctx, req.Private, changingKey, &resp.Diagnostics), resp)
	} else {
		r.planChange(ctx, config, state, req, resp)
	}
}

// planStart plans a new task. For a replacement, Terraform asks for this plan
// after the one of the change, which sets the mark, and shows only its errors. For
// a tainted task it asks for no other plan: then only the walk has seen the task.
func (r *streamIngestResource) planStart(ctx context.Context, config configValues, marked bool, resp *resource.ModifyPlanResponse) {
	plan := valuesOf(resp.Plan.Raw)
	planned, known := plan.stream()
	replaces := marked || known && r.provider.walk.isRunning(planned)
	region := r.provider.checkPlannedStart(ctx, config, plan, replaces, replaces || r.provider.walk.hasStopped(planned.robot), &resp.Diagnostics)
	warnAboutCost(!config.secret("stream_url").given, config.isTrue("paused"), &resp.Diagnostics)
	if known && !marked { // The plan of the change has recorded a replacement.
		resp.Diagnostics.Append(r.provider.walk.planTask(plannedTask{stream: planned, starts: true})...)
		resp.Diagnostics.Append(r.provider.walk.seeRename(planned, rename{created: true})...)
	}
	if !marked {
		// Delete gets the private data of this plan, not those of a tainted task,
		// which any missed task may be. Create records the service of the new task.
		resp.Diagnostics.Append(taskService{current: r.provider.walk.missedService()}.record(ctx, resp.Private)...)
	}
	if !region.IsNull() {
		plan["region"], _ = region.ToTerraformValue(ctx)
		setPlan(resp, plan)
	}
}

// setPlan replaces the plan. Plan.SetAttribute would transform all of it.
func setPlan(resp *resource.ModifyPlanResponse, plan configValues) {
	resp.Plan.Raw = tftypes.NewValue(resp.Plan.Raw.Type(), map[string]tftypes.Value(plan))
}

func (r *streamIngestResource) planChange(ctx context.Context, config configValues, state streamIngestModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	resp.Diagnostics.Append(setMark(ctx, resp.Private, changingKey, !state.hasEnded())...)
	adopting := isMarked(ctx, req.Private, adoptingKey, &resp.Diagnostics)
	adoptable := adopting && !state.hasEnded()
	if adoptable {
		checkImported(config, state, &resp.Diagnostics)
		if resp.Diagnostics.HasError() { // Nothing is replaced, so no ticket is missing.
			return
		}
	}
	planReplacement(config, adopting, adoptable, req, resp)
	var plan streamIngestModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	removed := state.hasStream() && !plan.hasStream()
	switch {
	case resp.Diagnostics.HasError():
	case state.hasEnded():
		resp.RequiresReplace.Append(plan.endedChanges(state, r.provider.walk.isRefreshed())...)
	case removed:
		r.planStreamRemoval(state, resp)
	}
	if len(resp.RequiresReplace) > 0 {
		replaced, _ := state.stream()
		values := valuesOf(resp.Plan.Raw)
		planned, _ := values.stream()
		r.provider.checkPlannedStart(ctx, config, values, !state.hasEnded(), planned.robot == replaced.robot, &resp.Diagnostics)
	} else {
		changesStream := !adopting && plan.changesStream(state)
		r.provider.checkPlannedUpdate(ctx, config, valuesOf(resp.Plan.Raw), changesStream, &resp.Diagnostics)
	}
	if s, known := valuesOf(resp.Plan.Raw).stream(); known && !state.hasEnded() {
		resp.Diagnostics.Append(r.provider.walk.planTask(plannedTask{
			stream: s, starts: len(resp.RequiresReplace) > 0, taskID: state.TaskID.ValueString(),
		})...)
	}
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

// planReplacement replaces the task when a create-only argument changed from a
// recorded value; all values count as recorded once an import was adopted.
//
// It leaves create-only arguments null that are null in state and in the
// configuration. Their defaults would be a guess: recorded as facts, they would
// replace the task once the real value is configured or no longer ignored
// (ignore_changes).
func planReplacement(config configValues, adopting, adoptable bool, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	state, plan := valuesOf(req.State.Raw), valuesOf(req.Plan.Raw)
	unrecorded := false
	for name, nullable := range createOnlyArguments() {
		recorded := !state[name].IsNull() || (nullable && !adopting)
		equal := plan[name].Equal(state[name])
		if name == "seek_second" && plan[name].IsKnown() { // Null and 0 are the same position.
			equal = plan.number(name).ValueInt64() == state.number(name).ValueInt64()
		}
		switch {
		case !recorded && config[name].IsNull():
			plan[name], unrecorded = state[name], true
		case adoptable && !plan[name].IsKnown() && (name == "sdk_app_id" || name == "region"):
			// During apply, checkImported compares it.
		case recorded && !equal:
			resp.RequiresReplace.Append(path.Root(name))
		}
	}
	if unrecorded {
		setPlan(resp, plan)
	}
}

// checkImported reports an application or region that differs from the one of a
// task that was imported and is not adopted yet: a replacement would stop the
// task that was to be adopted.
func checkImported(config configValues, state streamIngestModel, diags *diag.Diagnostics) {
	task, configured := state.task(), state.task()
	var attributes []string
	if app := config.number("sdk_app_id"); !app.IsUnknown() && !app.Equal(state.SdkAppID) {
		attributes = append(attributes, "sdk_app_id")
		configured.SdkAppID = app.ValueInt64()
	}
	if region := config.text("region"); config.isSet("region") && !region.Equal(state.Region) {
		attributes = append(attributes, "region")
		configured.Region = region.ValueString()
	}
	if len(attributes) == 0 {
		return
	}
	diags.AddAttributeError(path.Root(attributes[0]), "The imported task differs from the configuration",
		fmt.Sprintf("The task was imported as %s, but the configuration has another %s. "+
			"A replacement would stop the task, so the plan fails until an apply has adopted it.\n\n"+
			"If the configuration is right, import the task as:\n\n  %s\n\n"+
			"Correct the id in the import block. After terraform import, run terraform state rm ADDRESS first, and import the task again. "+
			"If the import is right, change %s in the configuration. "+
			"To destroy what is in state, run terraform destroy -refresh=false: without this option, the plan of the destroy fails as well.",
			taskResourceID(task), strings.Join(attributes, " and another "), taskResourceID(configured), strings.Join(attributes, " and ")))
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
	if r.provider.walk.isRefreshed() || len(resp.RequiresReplace) > 0 {
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
			"Run terraform apply again, without -refresh=false and -minimal-refresh: the new plan replaces the task with one without a stream. To avoid the replacement:\n"+
			"- To play a stream, set a URL.\n- To silence the task, keep the URL and set paused = true.\n- To stop the task, remove the resource.", state.TaskID.ValueString()))
}

// Marks in the private state.
const (
	// adoptingKey marks an imported task whose optional arguments no apply has
	// recorded yet.
	adoptingKey = "adopting"
	// pausePendingKey marks a task that was started but could not be paused.
	pausePendingKey = "pause_pending"
	// changingKey marks the plan of a change of a running task, for the plan of
	// the new task that follows if the change replaces the task. It is in no state.
	changingKey = "changing"
)

// privateState is the private state, whose type the framework does not export.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func isMarked(ctx context.Context, private privateState, key string, diags *diag.Diagnostics) bool {
	value, problems := private.GetKey(ctx, key)
	diags.Append(problems...)
	return string(value) == "true"
}

func setMark(ctx context.Context, private privateState, key string, set bool) diag.Diagnostics {
	if !set {
		return private.SetKey(ctx, key, nil)
	}
	return private.SetKey(ctx, key, []byte("true"))
}
