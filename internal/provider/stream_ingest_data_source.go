package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ datasource.DataSourceWithConfigure = (*streamIngestDataSource)(nil)

type streamIngestDataSource struct {
	configured[datasource.ConfigureRequest, datasource.ConfigureResponse]
}

type streamIngestDataModel struct {
	taskName

	ID     types.String `tfsdk:"id"`
	Status types.String `tfsdk:"status"`
}

func (d *streamIngestDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = typeName + "_stream_ingest"
}

func (d *streamIngestDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads whether a stream-ingest task is running. A task that no longer exists is reported, not an error. The API returns no other details.",
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
				MarkdownDescription: "`InProgress` while the task is running or paused, `NotExist` when it has ended or never existed.",
				Computed:            true,
			},
			"id": schema.StringAttribute{
				MarkdownDescription: "`<region>/<sdk_app_id>/<task_id>`.",
				Computed:            true,
			},
		},
	}
}

func (d *streamIngestDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data streamIngestDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	task := data.resolve(d.provider, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, end := d.provider.begin(ctx, defaultReadTimeout, &resp.Diagnostics)
	defer end()
	status, err := d.provider.client.Describe(ctx, task.task())
	if err != nil {
		resp.Diagnostics.Append(operation{walk: d.provider.walk, action: "read the stream ingest", model: task}.diagnose(err))
		return
	}
	data.Region, data.ID = task.Region, task.ID
	data.Status = types.StringValue(string(status))
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
