package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// dataSourceTimeout bounds the reading of a data source.
const dataSourceTimeout = time.Minute

var _ datasource.DataSourceWithConfigure = (*streamIngestDataSource)(nil)

func newStreamIngestDataSource() datasource.DataSource { return &streamIngestDataSource{} }

// streamIngestDataSource is the data source trtc_stream_ingest.
type streamIngestDataSource struct{ conn *providerData }

// streamIngestDataModel is the data source's configuration and state.
type streamIngestDataModel struct {
	taskName

	ID     types.String `tfsdk:"id"`
	Status types.String `tfsdk:"status"`
}

// Metadata names the data source.
func (d *streamIngestDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = typeName + "_stream_ingest"
}

// Configure takes the connection from the provider.
func (d *streamIngestDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.conn = providerDataFrom(req.ProviderData, &resp.Diagnostics)
}

// Schema describes the data source.
func (d *streamIngestDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Tells whether a stream-ingest task runs. That a task is gone is an answer, not an error.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				MarkdownDescription: taskRegionDescription,
				Optional:            true, Computed: true,
				Validators: []validator.String{regionValidator()},
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
			"status": schema.StringAttribute{
				MarkdownDescription: "`InProgress` while the task runs or is paused, `NotExist` when it has ended or never was.",
				Computed:            true,
			},
			"id": schema.StringAttribute{
				MarkdownDescription: "`<region>/<sdk_app_id>/<task_id>`.",
				Computed:            true,
			},
		},
	}
}

// Read asks for the task's status.
func (d *streamIngestDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data streamIngestDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	named := data.locate(d.conn, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx)
	ctx, cancel := d.conn.clock.WithTimeout(ctx, dataSourceTimeout)
	defer cancel()
	defer func() { resp.Diagnostics.Append(d.conn.clockWarning()...) }()

	status, err := d.conn.client.Describe(ctx, named.task())
	if err != nil {
		failed := operation{doing: "read the stream ingest", model: named}
		resp.Diagnostics.Append(failed.diagnose(err))
		return
	}
	data.Region, data.ID = named.Region, named.ID
	data.Status = types.StringValue(string(status))
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
