package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

var _ list.ListResourceWithConfigure = (*streamIngestList)(nil)

func newStreamIngestList() list.ListResource { return &streamIngestList{} }

// streamIngestList is the list resource trtc_stream_ingest: the tasks of the
// start journal that no Create returned and that are still running. The API has
// no list of tasks.
type streamIngestList struct{ provider *providerData }

// Metadata sets the type name.
func (l *streamIngestList) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName + "_stream_ingest"
}

// Configure stores the provider's data.
func (l *streamIngestList) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	l.provider = providerDataFrom(req.ProviderData, &resp.Diagnostics)
}

// ListResourceConfigSchema returns the schema of a list block, which has no
// arguments.
func (l *streamIngestList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the stream-ingest tasks whose start was interrupted before Terraform saved it in state, and that are still running. " +
			"It reads the start journal of this machine, because the API cannot list tasks. A start whose TaskId is unknown is a warning. Needs Terraform 1.14.",
	}
}

// List returns the tasks that run, up to the limit, and warnings about the other
// records.
func (l *streamIngestList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	if l.provider.journal == nil {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{diag.NewWarningDiagnostic("The start journal is off",
			"Interrupted starts are listed from the start journal, which is off or whose directory cannot be used. Set start_journal in the provider block.")})
		return
	}
	records, err := l.provider.journal.Unreturned(l.provider.client.Endpoint().Host)
	if err != nil {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{
			diag.NewErrorDiagnostic("The start journal cannot be read", sentence(err.Error())+" Check the directory "+l.provider.journal.Dir()+"."),
		})
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		var tasks int64
		for _, record := range records {
			if req.Limit > 0 && tasks == req.Limit {
				return
			}
			result, isTask, found := l.result(ctx, req, record)
			if isTask {
				tasks++
			}
			if found && !push(result) {
				return
			}
		}
	}
}

// result returns what is listed of a record, and whether it is a task. Nothing
// is listed of a task that is gone.
func (l *streamIngestList) result(ctx context.Context, req list.ListRequest, record journal.Record) (result list.ListResult, isTask, found bool) {
	if record.State != journal.Started {
		return list.ListResult{Diagnostics: diag.Diagnostics{interruptedStarts([]journal.Record{record})}}, false, true
	}
	ctx, cancel := l.provider.clock.WithTimeout(startLogging(ctx), defaultReadTimeout)
	defer cancel()
	status, err := l.provider.client.Describe(ctx, recordedTask(record))
	switch {
	case err != nil:
		return list.ListResult{Diagnostics: diag.Diagnostics{diag.NewWarningDiagnostic("A task could not be read",
			fmt.Sprintf("Task %s was started at %s %s, and it may be running: %s It is recorded in %s.",
				record.TaskID, timeOf(record), place(record), sentence(err.Error()), record.File))}}, false, true
	case status == trtcclient.NotExist:
		return list.ListResult{}, false, false
	}
	task := recordedTask(record)
	model := streamIngestModel{Region: types.StringValue(task.Region), SdkAppID: types.Int64Value(int64(task.SdkAppID))} //nolint:gosec // 1 to 4294967295.
	model.setTask(task.TaskID)
	model.Status = types.StringValue(string(status))
	result = req.NewListResult(ctx)
	result.DisplayName = fmt.Sprintf("room %s, user %s, since %s", record.Key.RoomID, record.Key.UserID, timeOf(record))
	result.Diagnostics.Append(saveIdentity(ctx, model, result.Identity)...)
	if req.IncludeResource {
		for name, value := range map[string]any{
			"id": model.ID, "region": model.Region, "sdk_app_id": model.SdkAppID, "task_id": model.TaskID, "status": model.Status,
			"room_id": record.Key.RoomID, "room_id_type": record.Key.RoomIDType, "user_id": record.Key.UserID,
			"seek_second": record.Arguments.SeekSecond, "auto_push": record.Arguments.AutoPush,
			"repeat_num": record.Arguments.RepeatNum, "max_duration": record.Arguments.MaxDuration, "idle_timeout": record.Arguments.IdleTimeout,
		} {
			result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(name), value)...)
		}
	}
	return result, true, true
}
