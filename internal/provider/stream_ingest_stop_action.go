package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// actionTimeout limits the action.
const actionTimeout = 2 * time.Minute

var _ action.ActionWithConfigure = (*stopAction)(nil)

func newStopAction() action.Action { return &stopAction{} }

// stopAction is the action trtc_stream_ingest_stop. It stops a task by its ID,
// also one that is in no Terraform state.
type stopAction struct{ provider *providerData }

// Metadata sets the type name.
func (a *stopAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = typeName + "_stream_ingest_stop"
}

// Configure stores the provider's data.
func (a *stopAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.provider = providerDataFrom(req.ProviderData, &resp.Diagnostics)
}

// Schema returns the schema of the action.
func (a *stopAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Stops a stream-ingest task by its ID and waits until the service reports that it is gone. Use it for an orphaned task that is in no Terraform state; " +
			"for a task in state use `terraform destroy`. Stopping a task that has already ended is not an error. Needs Terraform 1.14.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				MarkdownDescription: taskRegionDescription,
				Optional:            true,
				Validators:          []validator.String{regionValidator()},
			},
			"sdk_app_id": schema.Int64Attribute{
				MarkdownDescription: sdkAppIDDescription,
				CustomType:          sdkAppIDType(),
				Required:            true,
				Validators:          sdkAppIDValidators(),
			},
			"task_id": schema.StringAttribute{
				MarkdownDescription: taskIDDescription,
				Required:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
		},
	}
}

// Invoke stops the task.
func (a *stopAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config taskName
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	task := config.resolve(a.provider, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, end := a.provider.begin(ctx, actionTimeout, &resp.Diagnostics)
	defer end()
	progress(resp, "Stopping task %s of application %d", config.TaskID.ValueString(), config.SdkAppID.ValueInt64())
	wasRunning, err := a.provider.stop(ctx, task.task())
	if err != nil {
		op := operation{doing: "stop the stream ingest", model: task}
		resp.Diagnostics.Append(op.diagnose(err))
		return
	}
	if !wasRunning {
		resp.Diagnostics.AddWarning("There was nothing to stop",
			fmt.Sprintf("The service reports that no task %s is running in application %d when asked in region %s. "+
				"The task may have ended before, or it may still be running under another application, region or task ID: check all three.",
				config.TaskID.ValueString(), config.SdkAppID.ValueInt64(), task.Region.ValueString()))
		return
	}
	progress(resp, "Task %s is gone", config.TaskID.ValueString())
}

func progress(resp *action.InvokeResponse, format string, arguments ...any) {
	resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, arguments...)})
}
