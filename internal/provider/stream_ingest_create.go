package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const (
	defaultCreateTimeout = 2 * time.Minute

	// confirmTries and confirmWait bound how long a new task may take to show.
	confirmTries = 4
	confirmWait  = time.Second
)

// Create starts the task, saves it, and then confirms and pauses it. Once a
// TaskId came back nothing keeps it from the state.
func (r *streamIngestResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan streamIngestModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	secrets, diags := readStartSecrets(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	timeout, diags := plan.Timeouts.Create(ctx, defaultCreateTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx, secrets.all()...)
	ctx, cancel := r.conn.clock.WithTimeout(ctx, timeout)
	defer cancel()
	defer func() { resp.Diagnostics.Append(r.conn.clockWarning()...) }()

	taskID, err := r.conn.client.Start(ctx, plan.Region.ValueString(), plan.startInput(secrets))
	if err != nil {
		failed := operation{
			doing: "start the stream ingest", model: plan, timeout: "create",
			userSig: secrets.userSig.attribute, streamURL: secrets.streamURL.attribute,
		}
		resp.Diagnostics.Append(failed.diagnose(err))
		return
	}
	plan.setTask(taskID)
	plan.setStatus(trtcclient.InProgress)
	resp.Diagnostics.Append(saveIdentity(ctx, plan, resp.Identity)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)

	resp.Diagnostics.Append(r.confirm(ctx, &plan)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if plan.Paused.ValueBool() {
		resp.Diagnostics.Append(r.pauseNew(ctx, plan)...)
	}
}

// confirm asks until the new task shows. That it does not, or cannot be read,
// is worth a warning and nothing more: the task was started.
func (r *streamIngestResource) confirm(ctx context.Context, plan *streamIngestModel) diag.Diagnostics {
	var diags diag.Diagnostics
	for try := 1; ; try++ {
		status, err := r.conn.client.Describe(ctx, plan.task())
		if err == nil {
			plan.setStatus(status)
		}
		if err == nil && status != trtcclient.NotExist {
			return nil
		}
		if err == nil && try < confirmTries {
			err = r.conn.clock.Sleep(ctx, confirmWait)
			if err == nil {
				continue
			}
		}
		diags.AddWarning("The stream ingest was started, but not confirmed", unconfirmed(*plan, err))
		return diags
	}
}

func unconfirmed(plan streamIngestModel, err error) string {
	why := "the service says that it does not exist (any more). Perhaps it ended at once, because the stream could not be played"
	if err != nil {
		why = fmt.Sprintf("it could not be read: %v", err)
	}
	return fmt.Sprintf("Task %s in room %s of application %d was started and is in the state, but %s.\n\n"+
		"Run terraform plan in a moment: it reads the task again.",
		plan.TaskID.ValueString(), plan.RoomID.ValueString(), plan.SdkAppID.ValueInt64(), why)
}

// pauseNew pauses a task right after its start, which takes no such argument.
func (r *streamIngestResource) pauseNew(ctx context.Context, plan streamIngestModel) diag.Diagnostics {
	unchanged := plan
	err := r.sendUpdate(ctx, plan.task(), plan.updateInput(unchanged, secret.Text{}))
	if err == nil {
		return nil
	}
	failed := operation{doing: "pause the stream ingest that was just started", model: plan, timeout: "create"}
	return diag.Diagnostics{failed.diagnose(err)}
}
