package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var errEmptyTaskID = errors.New("must not be empty")

// streamIngestIdentity is the resource identity, known to Terraform 1.12 and
// later.
type streamIngestIdentity struct {
	SdkAppID types.Int64  `tfsdk:"sdk_app_id"`
	TaskID   types.String `tfsdk:"task_id"`
	Region   types.String `tfsdk:"region"`
}

// validate holds an identity that a user wrote to the rules. An identity schema
// takes no validators.
func (i streamIngestIdentity) validate() diag.Diagnostics {
	var diags diag.Diagnostics
	if err := checkSdkAppID(i.SdkAppID.ValueInt64()); err != nil {
		diags.Append(ruleBroken(path.Root("sdk_app_id"), err))
	}
	if i.TaskID.ValueString() == "" {
		diags.Append(ruleBroken(path.Root("task_id"), errEmptyTaskID))
	}
	if !i.Region.IsNull() && !regionForm.MatchString(i.Region.ValueString()) {
		diags.Append(ruleBroken(path.Root("region"), errRegionForm))
	}
	return diags
}

// IdentitySchema describes the resource identity.
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
				Description:       "Access region of the task. Default: the provider's region.",
				OptionalForImport: true,
			},
		},
	}
}

// saveIdentity writes the identity of the task that the model names. A client
// that knows no identities hands in nil.
func saveIdentity(ctx context.Context, model streamIngestModel, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, streamIngestIdentity{SdkAppID: model.SdkAppID, TaskID: model.TaskID, Region: model.Region})
}
