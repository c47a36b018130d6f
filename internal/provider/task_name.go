package provider

import (
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The arguments of taskName, wherever a schema has them.
const (
	taskRegionDescription = "Access region of the task. Default: the provider's region."
	taskIDDescription     = "TaskId of the task."
)

var errEmptyTaskID = errors.New("must not be empty")

// taskName is a task as a user names it: in the data source, in the action, and
// as the resource identity.
type taskName struct {
	Region   types.String `tfsdk:"region"`
	SdkAppID types.Int64  `tfsdk:"sdk_app_id"`
	TaskID   types.String `tfsdk:"task_id"`
}

// validate holds a name that no validator saw to the rules.
func (n taskName) validate() diag.Diagnostics {
	var diags diag.Diagnostics
	if err := checkSdkAppID(n.SdkAppID.ValueInt64()); err != nil {
		diags.Append(ruleBroken(path.Root("sdk_app_id"), err))
	}
	if n.TaskID.ValueString() == "" {
		diags.Append(ruleBroken(path.Root("task_id"), errEmptyTaskID))
	}
	if !n.Region.IsNull() && !regionForm.MatchString(n.Region.ValueString()) {
		diags.Append(ruleBroken(path.Root("region"), errRegionForm))
	}
	return diags
}

// locate returns the task for a call that is made right away, in its own region
// or else in the provider's default.
func (n taskName) locate(conn *providerData, diags *diag.Diagnostics) streamIngestModel {
	task := streamIngestModel{Region: conn.callRegion(n.Region, diags), SdkAppID: n.SdkAppID}
	task.setTask(n.TaskID.ValueString())
	return task
}
