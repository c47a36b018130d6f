package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const (
	// Defaults of the argument timeouts.
	defaultCreateTimeout = 2 * time.Minute
	defaultReadTimeout   = time.Minute
	defaultUpdateTimeout = time.Minute
	defaultDeleteTimeout = 2 * time.Minute
	// Create reads a new task until it is visible.
	confirmTries = 4
	confirmWait  = time.Second
)

// Create starts the task and saves it in state, then confirms and pauses it. A
// TaskId that was received is in state whatever happens afterwards.
func (r *streamIngestResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan streamIngestModel
	r.provider.warnIgnoredVariables(&resp.Diagnostics)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout := timeoutOf(ctx, plan.Timeouts.Create, defaultCreateTimeout, &resp.Diagnostics)
	start := r.provider.newStart(ctx, plan, valuesOf(req.Config.Raw), valuesOf(req.Plan.Raw), timeout, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	caller := ctx
	ctx, end := r.provider.begin(ctx, timeout, &resp.Diagnostics, start.secrets.all()...)
	defer end()
	defer start.end(caller)
	started := start.send(ctx, caller, &resp.Diagnostics)
	if started.TaskID == "" {
		return
	}
	plan.setTask(started.TaskID)
	plan.setStart(r.provider.now())
	plan.Status = types.StringValue(string(trtcclient.InProgress))
	resp.Diagnostics.Append(saveIdentity(ctx, plan, resp.Identity)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(r.provider.serviceOfTask(ctx, resp.Private, &resp.Diagnostics).record(ctx, resp.Private)...)

	resp.Diagnostics.Append(r.confirm(ctx, &plan)...)
	if plan.hasEnded() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
	if !plan.Paused.ValueBool() {
		return
	}
	// StartStreamIngest cannot start a paused task.
	if err := r.sendUpdate(ctx, plan.task(), plan.updateInput(plan, secret.Text{})); err != nil {
		// Without the walk it has the full text: Terraform hides a warning whose title another one has.
		cause := operation{action: "pause the stream ingest that was just started", model: plan, timeout: "create"}.diagnose(err)
		// An error would taint the resource, and the next apply would replace the task.
		resp.Diagnostics.AddWarning("The stream ingest was started but not paused",
			"The task is running and in state. The next plan shows paused as an in-place update; applying it pauses the task.\n\n"+
				cause.Summary()+". "+cause.Detail())
		resp.Diagnostics.Append(setMark(ctx, resp.Private, pausePendingKey, true)...)
	}
}

// timeoutOf returns the configured timeout of an operation, or fallback if the
// state of an older version has one that is not positive.
func timeoutOf(ctx context.Context, method func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), fallback time.Duration, diags *diag.Diagnostics) time.Duration {
	timeout, problems := method(ctx, fallback)
	diags.Append(problems...)
	if timeout <= 0 {
		return fallback
	}
	return timeout
}

// confirm reads the new task until it is visible. It returns only warnings: the
// task was started.
func (r *streamIngestResource) confirm(ctx context.Context, plan *streamIngestModel) diag.Diagnostics {
	why := "the service reports that it does not exist. It may have ended at once because the stream could not be played"
	for try := 1; try <= confirmTries; try++ {
		status, err := r.provider.client.Describe(ctx, plan.task())
		if err == nil {
			plan.Status = types.StringValue(string(status))
			if status != trtcclient.NotExist {
				return nil
			}
			if try < confirmTries {
				err = r.provider.clock.Sleep(ctx, confirmWait)
			}
		}
		if err != nil {
			why = fmt.Sprintf("it could not be read: %v", err)
			break
		}
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("The stream ingest was started but not confirmed",
		fmt.Sprintf("Task %s in room %s of application %d was started and is in state, but %s.\n\n"+
			"Run terraform plan in a moment to read the task again.",
			plan.TaskID.ValueString(), plan.RoomID.ValueString(), plan.SdkAppID.ValueInt64(), why))}
}

// Read refreshes the status. It removes the resource from state only when the
// service has reported twice that the task does not exist.
func (r *streamIngestResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state streamIngestModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout := timeoutOf(ctx, state.Timeouts.Read, defaultReadTimeout, &resp.Diagnostics)
	// The identity is required even if the resource is then removed from state.
	resp.Diagnostics.Append(saveIdentity(ctx, state, resp.Identity)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.provider.walk.markRead(state)
	r.provider.forgetStart(ctx, state.task(), req.Private, &resp.Diagnostics)
	ctx, end := r.provider.begin(ctx, timeout, &resp.Diagnostics, valuesOf(req.State.Raw).startSecrets().all()...)
	defer end()
	service := r.provider.serviceOfTask(ctx, req.Private, &resp.Diagnostics)
	read := r.provider.confirmedStatus
	if state.isKeptEnded() || service.differs() { // No NotExist has to be confirmed.
		read = r.provider.client.Describe
	}
	status, err := read(ctx, state.task())
	switch {
	case err != nil:
		resp.Diagnostics.Append(operation{walk: r.provider.walk, action: "read the stream ingest", model: state, timeout: "read", service: service}.diagnose(err))
		return
	case status != trtcclient.NotExist:
		resp.Diagnostics.Append(service.record(ctx, resp.Private)...)
	case service.differs() && !state.isKeptEnded():
		// An error would stop terraform destroy, for other resources too.
		r.provider.walk.markOtherService(service.recorded)
		resp.Diagnostics.AddWarning(taskOfOtherService, service.notExist(state, "The state keeps the task unchanged."))
		return
	}
	justImported := state.Status.IsNull()
	state.Status = types.StringValue(string(status))
	if isMarked(ctx, req.Private, pausePendingKey, &resp.Diagnostics) {
		// The task plays although the state says otherwise: with its real value
		// the plan shows the change.
		state.Paused = types.BoolValue(false)
		resp.Diagnostics.Append(setMark(ctx, resp.Private, pausePendingKey, false)...)
	}
	switch {
	case status != trtcclient.NotExist:
	case justImported:
		resp.Diagnostics.AddError("The stream ingest to import does not exist",
			fmt.Sprintf("The service %s reports that task %s of application %d does not exist in region %s. A task that has ended cannot be imported. "+
				"Check the task ID, the application, the region, and domain and endpoint in the provider block.", service.current, state.TaskID.ValueString(), state.SdkAppID.ValueInt64(), state.Region.ValueString()))
		return
	case state.OnTaskEnd.IsNull():
		// Imported and not adopted yet: only the configuration says what to do.
	case !state.keepsEnded():
		resp.Diagnostics.AddWarning("A stream ingest task has ended",
			fmt.Sprintf("Task %s in room %s of application %d, user %s, has ended and is removed from state. "+
				"A plan that still contains the resource starts a new, billed task. To keep ended tasks instead, set on_task_end = \"keep\".\n\n"+
				"If this run uses other credentials than those that started the task, the task may still be running: another account cannot see it.",
				state.TaskID.ValueString(), state.RoomID.ValueString(), state.SdkAppID.ValueInt64(), state.UserID.ValueString()))
		resp.State.RemoveResource(ctx)
		return
	}
	if status == trtcclient.InProgress {
		r.provider.walk.markRunning(state)
		if s, known := state.stream(); known {
			resp.Diagnostics.Append(r.provider.walk.seeRename(s, rename{inProgress: true})...)
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update sends the changes of mutable arguments. The first update after an
// import adopts the task: it records the configuration and sends nothing.
func (r *streamIngestResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state streamIngestModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	config := valuesOf(req.Config.Raw)
	secrets := config.startSecrets()
	r.provider.site.checkArguments(config, &resp.Diagnostics)
	resp.Diagnostics.Append(setMark(ctx, resp.Private, changingKey, false)...)
	adopting := isMarked(ctx, req.Private, adoptingKey, &resp.Diagnostics)
	if !adopting && plan.changesStream(state) {
		var found diag.Diagnostics
		r.provider.checkNewStream(ctx, config, valuesOf(req.Plan.Raw), &found)
		resp.Diagnostics.Append(found.Errors()...) // The plan has shown the warnings.
	}
	timeout := timeoutOf(ctx, plan.Timeouts.Update, defaultUpdateTimeout, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, end := r.provider.begin(ctx, timeout, &resp.Diagnostics, append(secrets.all(), valuesOf(req.State.Raw).startSecrets().all()...)...)
	defer end()
	switch {
	case adopting:
		// Required arguments are null only while ignore_changes hides them: then
		// the configuration is still to be recorded.
		resp.Diagnostics.Append(setMark(ctx, resp.Private, adoptingKey, plan.RoomID.IsNull())...)
		resp.Diagnostics.AddWarning("The running stream ingest was adopted",
			"The API does not return a task's arguments, so this apply recorded the configuration and sent nothing. "+
				"If the running stream differs from the configuration, change an argument now, or replace the task with terraform apply -replace=ADDRESS. "+
				"Later changes are sent.")
	case len(plan.mutableChanges(state)) > 0:
		service := r.provider.serviceOfTask(ctx, req.Private, &resp.Diagnostics)
		err := r.sendUpdate(ctx, state.task(), plan.updateInput(state, secrets.streamURL.Text))
		ended := errors.Is(err, errTaskEnded) || trtcclient.IsClass(err, trtcclient.Gone)
		if ended && service.differs() {
			err, ended = errOtherService, false
		}
		if err != nil {
			resp.Diagnostics.Append(operation{
				walk: r.provider.walk, action: "update the stream ingest", model: plan, timeout: "update", streamURL: secrets.streamURL.attribute, service: service,
			}.diagnose(err))
			if ended && plan.keepsEnded() && !state.keepsEnded() {
				// Otherwise the next refresh would remove the task from state.
				state.OnTaskEnd = plan.OnTaskEnd
				state.Status = types.StringValue(string(trtcclient.NotExist))
				resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
			}
			return
		}
		resp.Diagnostics.Append(setMark(ctx, resp.Private, pausePendingKey, false)...)
		resp.Diagnostics.Append(service.record(ctx, resp.Private)...)
	}
	resp.Diagnostics.Append(saveIdentity(ctx, plan, resp.Identity)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// sendUpdate updates the task. It returns errTaskEnded when the service answers
// with the status NotExist instead of an error code.
func (r *streamIngestResource) sendUpdate(ctx context.Context, task trtcclient.Task, input trtcclient.UpdateInput) error {
	if r.provider.site.isInternational() { // The arguments of the China site can still be in state.
		input.Tempo, input.EnableProgress = nil, nil
	}
	status, err := r.provider.client.Update(ctx, task, input)
	if err == nil && status == trtcclient.NotExist {
		return errTaskEnded
	}
	return err
}

// Delete stops the task. It succeeds only when the service reports that the
// task does not exist. It needs no ticket.
func (r *streamIngestResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state streamIngestModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(setMark(ctx, resp.Private, changingKey, false)...)
	timeout := timeoutOf(ctx, state.Timeouts.Delete, defaultDeleteTimeout, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, end := r.provider.begin(ctx, timeout, &resp.Diagnostics, valuesOf(req.State.Raw).startSecrets().all()...)
	defer end()
	service := r.provider.serviceOfTask(ctx, req.Private, &resp.Diagnostics)
	var err error
	if service.differs() && !state.isKeptEnded() {
		err = r.provider.findTask(ctx, state.task())
	}
	if err == nil {
		_, err = r.provider.stop(ctx, state.task())
	}
	if err != nil {
		resp.Diagnostics.Append(operation{walk: r.provider.walk, action: "stop the stream ingest", model: state, timeout: "delete", service: service}.diagnose(err))
		return
	}
	r.provider.walk.markStopped(state)
	r.provider.removeRecord(ctx, state.task())
}
