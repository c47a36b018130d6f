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

// actionTimeout bounds the stopping of a task by the action.
const actionTimeout = 2 * time.Minute

var _ action.ActionWithConfigure = (*stopAction)(nil)

func newStopAction() action.Action { return &stopAction{} }

// stopAction is the action trtc_stream_ingest_stop: it stops any task by its
// ID, also one that no state has.
type stopAction struct{ conn *providerData }

// Metadata names the action.
func (a *stopAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = typeName + "_stream_ingest_stop"
}

// Configure takes the connection from the provider.
func (a *stopAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.conn = providerDataFrom(req.ProviderData, &resp.Diagnostics)
}

// Schema describes the action.
func (a *stopAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Stops a stream-ingest task by its ID and waits until the service says that it is gone: the tool for a stray task that no state has. " +
			"One that has ended already is not an error. For a task in a state use `terraform destroy`. Needs Terraform 1.14.",
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
	named := config.locate(a.conn, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx)
	ctx, cancel := a.conn.clock.WithTimeout(ctx, actionTimeout)
	defer cancel()
	defer func() { resp.Diagnostics.Append(a.conn.clockWarning()...) }()

	progress(resp, "Stopping task %s of application %d", config.TaskID.ValueString(), config.SdkAppID.ValueInt64())
	if err := stopTask(ctx, a.conn, named.task()); err != nil {
		failed := operation{doing: "stop the stream ingest", model: named}
		resp.Diagnostics.Append(failed.diagnose(err))
		return
	}
	progress(resp, "Task %s is gone", config.TaskID.ValueString())
}

func progress(resp *action.InvokeResponse, format string, arguments ...any) {
	resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, arguments...)})
}
