package provider

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

var (
	_ resource.ResourceWithConfigure      = (*streamIngestResource)(nil)
	_ resource.ResourceWithValidateConfig = (*streamIngestResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*streamIngestResource)(nil)
	_ resource.ResourceWithImportState    = (*streamIngestResource)(nil)
	_ resource.ResourceWithIdentity       = (*streamIngestResource)(nil)
)

// streamIngestResource is the resource trtc_stream_ingest.
type streamIngestResource struct {
	configured[resource.ConfigureRequest, resource.ConfigureResponse]
}

func newStreamIngestResource() resource.Resource { return &streamIngestResource{} }

func (r *streamIngestResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName + "_stream_ingest"
}

// IdentitySchema returns the schema of the resource identity, which Terraform
// and OpenTofu use from version 1.12. It cannot have validators.
func (r *streamIngestResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"sdk_app_id": identityschema.Int64Attribute{
				Description:       "SdkAppId of the TRTC application.",
				CustomType:        sdkAppIDType(),
				RequiredForImport: true,
			},
			"task_id": identityschema.StringAttribute{
				Description:       "TaskId of the running task.",
				RequiredForImport: true,
			},
			"region": identityschema.StringAttribute{
				Description:       taskRegionDescription,
				OptionalForImport: true,
			},
		},
	}
}

// saveIdentity writes the identity of the task. identity is nil when the CLI
// does not support identities.
func saveIdentity(ctx context.Context, model streamIngestModel, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, taskName{SdkAppID: model.SdkAppID, TaskID: model.TaskID, Region: model.Region})
}

// ImportState imports a running task by its import ID or identity. It sends no
// request: the Read that follows checks that the task exists.
func (r *streamIngestResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	name := importedTask(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	model := name.resolve(r.provider, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	for attribute, value := range map[string]any{
		"id": model.ID, "region": model.Region, "sdk_app_id": model.SdkAppID, "task_id": model.TaskID,
	} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
	}
	resp.Diagnostics.Append(saveIdentity(ctx, model, resp.Identity)...)
	resp.Diagnostics.Append(setMark(ctx, resp.Private, adoptingKey, true)...)
}

// importedTask returns the task that the import ID or identity names, validated.
func importedTask(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) taskName {
	if req.ID != "" || req.Identity == nil || req.Identity.Raw.IsNull() {
		name, ok := parseImportID(req.ID)
		if !ok {
			diags.AddError("Invalid import ID", "The import ID must be <sdk_app_id>/<task_id> or <region>/<sdk_app_id>/<task_id>, such as "+
				`"ap-singapore/1400000001/<task_id>".`)
		}
		return name
	}
	var name taskName
	diags.Append(req.Identity.Get(ctx, &name)...)
	if !diags.HasError() {
		name.validate(diags)
	}
	return name
}

// parseImportID parses an import ID. A task ID may contain any character,
// including slashes.
func parseImportID(id string) (name taskName, ok bool) {
	first, rest, _ := strings.Cut(id, "/")
	region := types.StringNull()
	if regionForm.MatchString(first) {
		region = types.StringValue(first)
		first, rest, _ = strings.Cut(rest, "/")
	}
	number, err := strconv.ParseUint(first, 10, 32)
	sdkAppID := int64(number)
	if err != nil || tickets.ValidateSdkAppID(sdkAppID) != nil || rest == "" {
		return taskName{}, false
	}
	return taskName{
		Region:   region,
		SdkAppID: types.Int64Value(sdkAppID),
		TaskID:   types.StringValue(rest),
	}, true
}

// taskResourceID returns the resource's id, which is also its import ID.
func taskResourceID(task trtcclient.Task) string {
	return fmt.Sprintf("%s/%d/%s", task.Region, task.SdkAppID, task.TaskID)
}

// Descriptions of the attributes of taskName.
const (
	taskRegionDescription = "Access region of the task. Default: the provider's region."
	taskIDDescription     = "TaskId of the task."
)

// taskName identifies a task in the data source, the action and the resource
// identity.
type taskName struct {
	Region   types.String `tfsdk:"region"`
	SdkAppID types.Int64  `tfsdk:"sdk_app_id"`
	TaskID   types.String `tfsdk:"task_id"`
}

// validate reports invalid values. Unknown values pass.
func (n taskName) validate(diags *diag.Diagnostics) {
	if err := tickets.ValidateSdkAppID(n.SdkAppID.ValueInt64()); err != nil && !n.SdkAppID.IsUnknown() {
		diags.Append(invalidValue(path.Root("sdk_app_id"), err))
	}
	if n.TaskID.ValueString() == "" && !n.TaskID.IsUnknown() {
		diags.Append(invalidValue(path.Root("task_id"), errors.New("must not be empty")))
	}
	if !n.Region.IsNull() && !n.Region.IsUnknown() && !regionForm.MatchString(n.Region.ValueString()) {
		diags.Append(invalidValue(path.Root("region"), errRegionForm))
	}
}

// resolve returns the task with its region: its own, or the provider's default.
func (n taskName) resolve(data *providerData, diags *diag.Diagnostics) streamIngestModel {
	model := streamIngestModel{Region: data.callRegion(n.Region, diags), SdkAppID: n.SdkAppID}
	model.setTask(n.TaskID.ValueString())
	return model
}
