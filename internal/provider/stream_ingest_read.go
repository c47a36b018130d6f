package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const (
	defaultReadTimeout = time.Minute

	// secondOpinionWait parts the two answers that together end a task.
	secondOpinionWait = time.Second
)

// Read asks whether the task still runs. It never drops a task on anything but
// the service saying twice that it does not exist.
func (r *streamIngestResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state streamIngestModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Read(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	// Identity first: it is due even when the resource then leaves the state.
	resp.Diagnostics.Append(saveIdentity(ctx, state, resp.Identity)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx, state.storedSecrets()...)
	ctx, cancel := r.conn.clock.WithTimeout(ctx, timeout)
	defer cancel()
	defer func() { resp.Diagnostics.Append(r.conn.clockWarning()...) }()

	status, err := r.askStatus(ctx, state)
	if err != nil {
		failed := operation{doing: "read the stream ingest", model: state, timeout: "read"}
		resp.Diagnostics.Append(failed.diagnose(err))
		return
	}
	justImported := state.Status.IsNull()
	state.setStatus(status)
	switch {
	case status != trtcclient.NotExist:
	case justImported:
		resp.Diagnostics.AddError("There is no such stream ingest to import",
			fmt.Sprintf("The service says that task %s of application %d does not exist in region %s. A task that has ended cannot be imported; "+
				"check the task ID, the application and the region.", state.TaskID.ValueString(), state.SdkAppID.ValueInt64(), state.Region.ValueString()))
		return
	case !state.keepsEnded():
		resp.State.RemoveResource(ctx)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// askStatus asks for the status, and once more when the first answer is that
// the task does not exist; but not when the state says so already and keeps the
// task whatever the answer.
func (r *streamIngestResource) askStatus(ctx context.Context, state streamIngestModel) (trtcclient.Status, error) {
	status, err := r.conn.client.Describe(ctx, state.task())
	if err != nil || status != trtcclient.NotExist || (state.hasEnded() && state.keepsEnded()) {
		return status, err
	}
	if err := r.conn.clock.Sleep(ctx, secondOpinionWait); err != nil {
		return "", fmt.Errorf("the service says that the task does not exist, and was to be asked a second time: %w", err)
	}
	return r.conn.client.Describe(ctx, state.task())
}
