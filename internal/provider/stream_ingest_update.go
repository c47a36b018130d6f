package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const defaultUpdateTimeout = time.Minute

// Update sends what changed and can be changed. The first one after an import
// adopts the task instead: it records the configuration and sends nothing.
func (r *streamIngestResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state streamIngestModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	secrets, diags := readStartSecrets(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	adopting, diags := isAdopting(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	timeout, diags := plan.Timeouts.Update(ctx, defaultUpdateTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx, append(secrets.all(), state.storedSecrets()...)...)
	ctx, cancel := r.conn.clock.WithTimeout(ctx, timeout)
	defer cancel()
	defer func() { resp.Diagnostics.Append(r.conn.clockWarning()...) }()

	switch {
	case adopting:
		resp.Diagnostics.Append(setAdopting(ctx, resp.Private, false)...)
		resp.Diagnostics.AddWarning("The running stream ingest was adopted",
			"The service does not tell a task's arguments, so this apply recorded the configuration as it is and sent nothing. "+
				"If the running stream differs from it, change an argument now, or replace the task with terraform apply -replace=ADDRESS. "+
				"From now on changes are sent.")
	case len(plan.sentChanges(state)) > 0:
		if err := r.sendUpdate(ctx, state.task(), plan.updateInput(state, secrets.streamURL.Text)); err != nil {
			failed := operation{doing: "update the stream ingest", model: plan, timeout: "update", streamURL: secrets.streamURL.attribute}
			resp.Diagnostics.Append(failed.diagnose(err))
			return
		}
	}
	resp.Diagnostics.Append(saveIdentity(ctx, plan, resp.Identity)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// sendUpdate updates the task. That it has ended is an error, also when the
// service answers so with a status and not with a code.
func (r *streamIngestResource) sendUpdate(ctx context.Context, task trtcclient.Task, input trtcclient.UpdateInput) error {
	status, err := r.conn.client.Update(ctx, task, input)
	if err == nil && status == trtcclient.NotExist {
		return errTaskEnded
	}
	return err
}
