package provider

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// ImportState takes over a running task by its ID or identity. It sends
// nothing: the refresh that follows looks whether the task is there.
func (r *streamIngestResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if r.conn == nil {
		resp.Diagnostics.AddError("The provider is not configured", "Importing needs the provider's region and credentials.")
		return
	}
	named, diags := importTarget(ctx, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	task := named.locate(r.conn, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	for name, value := range map[string]any{
		"id": task.ID, "region": task.Region, "sdk_app_id": task.SdkAppID, "task_id": task.TaskID,
	} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(saveIdentity(ctx, task, resp.Identity)...)
	resp.Diagnostics.Append(setAdopting(ctx, resp.Private, true)...)
}

// importTarget reads what is to be imported, and holds it to the rules.
func importTarget(ctx context.Context, req resource.ImportStateRequest) (taskName, diag.Diagnostics) {
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		var identity taskName
		diags := req.Identity.Get(ctx, &identity)
		if !diags.HasError() {
			diags.Append(identity.validate()...)
		}
		return identity, diags
	}
	identity, err := parseImportID(req.ID)
	if err != nil {
		return identity, diag.Diagnostics{diag.NewErrorDiagnostic("Invalid import ID", "The import ID "+err.Error()+".")}
	}
	return identity, nil
}

var errImportID = errors.New("must be <sdk_app_id>/<task_id> or <region>/<sdk_app_id>/<task_id>, such as " +
	`"ap-singapore/1400000001/<the TaskId that the start returned>"`)

// parseImportID reads both forms. A task ID may hold any character, slashes
// too, so only what stands before it is taken apart.
func parseImportID(id string) (taskName, error) {
	first, rest, _ := strings.Cut(id, "/")
	region := types.StringNull()
	if regionForm.MatchString(first) {
		region = types.StringValue(first)
		first, rest, _ = strings.Cut(rest, "/")
	}
	sdkAppID, err := strconv.ParseUint(first, 10, 64)
	if err != nil || tickets.ValidateSdkAppID(sdkAppID) != nil || rest == "" {
		return taskName{}, errImportID
	}
	return taskName{
		Region:   region,
		SdkAppID: types.Int64Value(int64(sdkAppID)), //nolint:gosec // Validated: 1 to 4294967295.
		TaskID:   types.StringValue(rest),
	}, nil
}
