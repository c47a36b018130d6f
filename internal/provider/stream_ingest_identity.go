package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// IdentitySchema describes the resource identity, known to Terraform and OpenTofu
// from 1.12 on. It takes no validators.
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

// saveIdentity writes the identity of the task that the model names. A client
// that knows no identities hands in nil.
func saveIdentity(ctx context.Context, model streamIngestModel, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	if identity == nil {
		return nil
	}
	return identity.Set(ctx, taskName{SdkAppID: model.SdkAppID, TaskID: model.TaskID, Region: model.Region})
}
