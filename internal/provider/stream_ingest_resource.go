package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var (
	_ resource.ResourceWithConfigure      = (*streamIngestResource)(nil)
	_ resource.ResourceWithValidateConfig = (*streamIngestResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*streamIngestResource)(nil)
	_ resource.ResourceWithImportState    = (*streamIngestResource)(nil)
	_ resource.ResourceWithIdentity       = (*streamIngestResource)(nil)
)

func newStreamIngestResource() resource.Resource { return &streamIngestResource{} }

// streamIngestResource is trtc_stream_ingest. Each operation has a file of its
// own.
type streamIngestResource struct{ conn *providerData }

// Metadata names the resource.
func (r *streamIngestResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName + "_stream_ingest"
}

// Configure takes the connection from the provider.
func (r *streamIngestResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.conn = providerDataFrom(req.ProviderData, &resp.Diagnostics)
}
