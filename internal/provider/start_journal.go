package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const (
	startJournalVariable = "TRTC_START_JOURNAL"
	// startJournalOff is the value of start_journal that turns the journal off.
	startJournalOff = "off"
)

// openJournal returns the start journal, or nil when it is off, while its
// directory is unknown, and with an error when the directory cannot be used:
// only a start needs it.
func (p *trtcProvider) openJournal(given types.String, diags *diag.Diagnostics) (*journal.Journal, *journal.DirectoryError) {
	if given.IsUnknown() {
		return nil, nil
	}
	dir := readSetting(p.options.LookupEnv, given, "start_journal", startJournalVariable).value
	if dir == startJournalOff {
		return nil, nil
	}
	opened, err := journal.Open(journal.Config{
		Dir: dir, GOOS: p.options.GOOS, LookupEnv: p.options.LookupEnv, HomeDir: p.options.HomeDir, Clock: p.options.Clock,
	})
	unusable, _ := errors.AsType[*journal.DirectoryError](err)
	if opened.Exposed() {
		diags.AddAttributeWarning(path.Root("start_journal"), "Others can change the start journal",
			fmt.Sprintf("%s belongs to another user or can be written by others, who can hide or forge records of starts. "+
				"Use a directory that you own, with permissions 0700.", opened.Dir()))
	}
	return opened, unusable
}

// logJournal logs an error of the start journal that changes no result.
func logJournal(ctx context.Context, what string, err error) {
	if err != nil {
		tflog.Warn(ctx, what, map[string]any{"error": err.Error()})
	}
}

// checkEarlier reports whether another record of this stream stays. It adds an
// error when the record prevents the start, and removes it when its task is
// gone.
func (d *providerData) checkEarlier(ctx context.Context, other journal.Record, start journal.Start, diags *diag.Diagnostics) (stays bool) {
	switch other.State {
	case journal.Live:
		diags.Append(otherRun(other))
	case journal.Started:
		status, err := d.confirmedStatus(ctx, recordedTask(other))
		switch {
		case err != nil:
			diags.Append(unreadableTask(other, err))
		case status != trtcclient.NotExist:
			diags.Append(runningTask(other, start.Arguments))
		default:
			logJournal(ctx, "the record of a task that is gone could not be removed", d.journal.Remove(other))
			return false
		}
	case journal.Pending:
		diags.Append(unknownOutcome(other))
		if ctx.Err() == nil {
			logJournal(ctx, "the next run reports a start again", d.journal.MarkReported(ctx, other))
		}
	default:
		diags.Append(invalidRecord(other))
	}
	return true
}

// journalKey returns the key of the records of a stream.
func (d *providerData) journalKey(s stream) journal.Key {
	return journal.Key{
		Service: d.client.Endpoint().Identity(), SdkAppID: s.sdkAppID, RoomIDType: s.roomIDType, RoomID: s.roomID, UserID: s.userID,
	}
}

func recordedTask(record journal.Record) trtcclient.Task {
	return trtcclient.Task{Region: record.Region, SdkAppID: record.Key.SdkAppID, TaskID: record.TaskID}
}

// forgetStart removes the record of a task that was found in prior state, when it
// is read or planned; every update was planned by the same process. An import
// that is not adopted yet is left out: its plan may be discarded.
func (d *providerData) forgetStart(ctx context.Context, task trtcclient.Task, private privateState, diags *diag.Diagnostics) {
	if !isMarked(ctx, private, adoptingKey, diags) {
		d.removeRecord(ctx, task)
	}
}

// removeRecord removes the record of a task that is managed or gone.
func (d *providerData) removeRecord(ctx context.Context, task trtcclient.Task) {
	logJournal(ctx, "the record of a task could not be removed", d.journal.RemoveTask(task.SdkAppID, task.TaskID))
}

// checkRecords reports records of the stream that a plan starts. They are
// warnings, unless the plan replaces a running task: then a record that would
// prevent the start is an error. The record of a start that returned stays a
// warning: the task may belong to another resource, which Terraform has not
// refreshed yet and whose task the apply stops. checkRecords changes no plan:
// Terraform plans again during apply and rejects a changed plan.
func (d *providerData) checkRecords(ctx context.Context, plan configValues, replaces bool, diags *diag.Diagnostics) {
	planned, known := plan.stream()
	if !known {
		return
	}
	records, err := d.journal.Lookup(d.journalKey(planned))
	logJournal(ctx, "the start journal could not be read", err)
	for _, record := range records {
		switch {
		case replaces && d.walk.hasImported(record.TaskID): // The apply stops this task.
		case replaces && record.State == journal.Started && !record.Returned && d.isRunning(ctx, record, diags):
			diags.Append(runningTask(record, record.Arguments))
		case replaces && record.State != journal.Started:
			d.checkEarlier(ctx, record, journal.Start{}, diags)
		default:
			diags.Append(plannedEarlier(record))
		}
	}
}

// isRunning reports whether the service says that the task of a record is in
// progress.
func (d *providerData) isRunning(ctx context.Context, record journal.Record, diags *diag.Diagnostics) bool {
	ctx, end := d.begin(ctx, defaultReadTimeout, diags)
	defer end()
	status, err := d.client.Describe(ctx, recordedTask(record))
	return err == nil && status == trtcclient.InProgress
}

// unreportedStarts warns about starts to service that may be in no state.
func unreportedStarts(ctx context.Context, starts *journal.Journal, service string) diag.Diagnostics {
	records, err := starts.Unreported(service)
	logJournal(ctx, "the start journal could not be read", err)
	if len(records) == 0 {
		return nil
	}
	return diag.Diagnostics{interruptedStarts(records)}
}
