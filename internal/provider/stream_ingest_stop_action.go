package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

var (
	_ action.ActionWithConfigure  = (*stopAction)(nil)
	_ action.ActionWithModifyPlan = (*stopAction)(nil)
)

// stopAction is the action trtc_stream_ingest_stop. It stops a task by its ID,
// also one that is in no Terraform state.
type stopAction struct {
	configured[action.ConfigureRequest, action.ConfigureResponse]
}

func (a *stopAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = typeName + "_stream_ingest_stop"
}

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

// ModifyPlan checks arguments that were unknown when the schema was validated,
// such as variables, and the region. What is wrong about the region is a warning,
// and an error of Invoke: it depends on the environment, and terraform destroy
// plans the actions of resources that are to be created.
func (a *stopAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	config := stoppedTask(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	var problems diag.Diagnostics
	a.provider.resolveRegion(config.Region, &problems)
	for _, problem := range problems {
		resp.Diagnostics.AddAttributeWarning(path.Root("region"), problem.Summary(), problem.Detail())
	}
}

// stoppedTask returns the task that a configuration names, validated.
func stoppedTask(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (name taskName) {
	diags.Append(config.Get(ctx, &name)...)
	if !diags.HasError() {
		name.validate(diags)
	}
	return name
}

func (a *stopAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config := stoppedTask(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	task := config.resolve(a.provider, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, end := a.provider.begin(ctx, defaultDeleteTimeout, &resp.Diagnostics)
	defer end()
	id, application := config.TaskID.ValueString(), config.SdkAppID.ValueInt64()
	resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Stopping task %s of application %d", id, application)})
	wasRunning, err := a.provider.stop(ctx, task.task())
	if err != nil {
		resp.Diagnostics.Append(operation{walk: a.provider.walk, action: "stop the stream ingest", model: task}.diagnose(err))
		return
	}
	if !wasRunning {
		resp.Diagnostics.AddWarning("There was nothing to stop",
			fmt.Sprintf("The service %s reports no running task %s for application %d in region %s. "+
				"The task may have ended before, or it may still be running under another task ID, application, region or service (domain, endpoint): check all four.",
				a.provider.client.Endpoint().Identity(), id, application, task.Region.ValueString()))
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Task %s is gone", id)})
}
