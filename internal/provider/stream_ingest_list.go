package provider

import (
	"context"
	"fmt"
	"maps"

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

// streamIngestList is the list resource trtc_stream_ingest: the tasks of the
// start journal that no Create returned and that are still running. The API has
// no list of tasks.
type streamIngestList struct {
	configured[resource.ConfigureRequest, resource.ConfigureResponse]
}

func (l *streamIngestList) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName + "_stream_ingest"
}

func (l *streamIngestList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the stream-ingest tasks whose start was interrupted before Terraform saved it in state, and that are still running. " +
			"The list is read from the start journal of this machine, because the API cannot list tasks. A start whose TaskId is unknown is a warning. Needs Terraform 1.14.",
	}
}

// List returns the tasks that run, up to the limit, and warnings about the other
// records.
func (l *streamIngestList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	if err := l.provider.journalErr; err != nil {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{diag.NewWarningDiagnostic("The start journal cannot be used",
			sentence(err.Error())+" Interrupted starts are listed from the start journal. Set start_journal in the provider block.")})
		return
	}
	if l.provider.journal == nil {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{diag.NewWarningDiagnostic("The start journal is off",
			"Interrupted starts are listed from the start journal, which is off. Set start_journal in the provider block.")})
		return
	}
	records, err := l.provider.journal.Unreturned(l.provider.client.Endpoint().Identity())
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
			result, found := l.result(ctx, req, record)
			if found && !push(result) {
				return
			}
			if result.Identity != nil { // A task, not a warning.
				tasks++
			}
		}
	}
}

// result returns the task of a record or a warning. found is false when the task
// is gone.
func (l *streamIngestList) result(ctx context.Context, req list.ListRequest, record journal.Record) (result list.ListResult, found bool) {
	if record.State != journal.Started {
		result.Diagnostics.Append(interruptedStarts([]journal.Record{record}))
		return result, true
	}
	ctx, cancel := l.provider.clock.WithTimeout(startLogging(ctx), defaultReadTimeout)
	defer cancel()
	task := recordedTask(record)
	status, err := l.provider.client.Describe(ctx, task)
	switch {
	case err != nil:
		result.Diagnostics.AddWarning("A task could not be read",
			fmt.Sprintf("Task %s was started at %s %s, and it may be running: %s It is recorded in %s.",
				record.TaskID, timeOf(record), place(record), sentence(err.Error()), record.File))
		l.provider.warnIgnoredVariables(&result.Diagnostics)
		return result, true
	case status == trtcclient.NotExist:
		return result, false
	}
	result = req.NewListResult(ctx)
	result.DisplayName = fmt.Sprintf("room %s, user %s, since %s", record.Key.RoomID, record.Key.UserID, timeOf(record))
	result.Diagnostics.Append(result.Identity.Set(ctx, taskName{
		Region:   types.StringValue(task.Region),
		SdkAppID: types.Int64Value(task.SdkAppID),
		TaskID:   types.StringValue(task.TaskID),
	})...)
	if req.IncludeResource {
		values := record.Arguments.All()
		maps.Copy(values, map[string]any{
			"id": taskResourceID(task), "region": task.Region, "sdk_app_id": task.SdkAppID, "task_id": task.TaskID, "status": string(status),
			"room_id": record.Key.RoomID, "room_id_type": record.Key.RoomIDType, "user_id": record.Key.UserID,
		})
		for name, value := range values {
			if value != nil { // Else it stays null.
				result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(name), value)...)
			}
		}
	}
	return result, true
}
