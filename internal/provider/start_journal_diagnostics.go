package provider

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
)

// notRecorded is about a start that the start journal cannot record because of
// err. It is an error if the directory was configured, and a warning if it is the
// default or if replaces is true: the task that the new one replaces has been
// stopped, and an error would lose the stream.
func notRecorded(err error, replaces bool) diag.Diagnostic {
	const use = "Set start_journal (or " + startJournalVariable + ") to a directory on a local disk that you own and can write to"
	directory, ok := errors.AsType[*journal.DirectoryError](err)
	if ok && (replaces || !directory.Configured) {
		return diag.NewWarningDiagnostic("The start is not recorded", sentence(err.Error())+
			" If this run is interrupted before it saves state, the next run does not know the task, which may run and be billed.\n\n"+
			use+", or to \""+startJournalOff+"\" to accept this.")
	}
	return diag.NewErrorDiagnostic("The start journal cannot be used", sentence(err.Error())+" Nothing was started.\n\n"+
		use+". With the value \""+startJournalOff+"\" starts are not recorded: a task whose start is interrupted can then be lost.")
}

// otherRun refuses a start while another process holds the record of one.
func otherRun(record journal.Record) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Another run is starting this stream",
		fmt.Sprintf("A start for the same application, room and user is already in progress (record %s). Nothing was started, to avoid a second billed task.\n\n"+
			"Check the possible causes in this order. If another resource of this configuration has the same application, room and user, change room_id or user_id in one of them. "+
			"If another run of Terraform, in a workspace or copy of the configuration, is starting the stream, wait until it ends, and run terraform apply again.", record.File))
}

// runningTask refuses a start while the recorded task of the same stream runs.
func runningTask(record journal.Record, configured journal.Arguments) diag.Diagnostic {
	return diag.NewErrorDiagnostic("A task of this stream is already running",
		fmt.Sprintf("Task %s was started at %s and is running, and billed, %s. It is not in the state of this resource. "+
			"Nothing was started, because that would make a second task. The start is recorded in %s.\n\n%s"+
			"Check the possible causes in this order. If the resource was renamed, its old address has the task: add a moved block. "+
			"If another resource, workspace or copy of this configuration manages the task, change room_id or user_id here. "+
			"If the file errored.tfstate is in the working directory, run terraform state push errored.tfstate: it has the task. Otherwise import or stop the task.\n\n%s",
			record.TaskID, timeOf(record), place(record), record.File, differences(record.Arguments, configured), importOrStop(record)))
}

// unreadableTask refuses a start while the recorded task cannot be read.
func unreadableTask(record journal.Record, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("A task of this stream may be running",
		fmt.Sprintf("Task %s was started at %s %s. It is not in the state of this resource, and its status could not be read: %s Nothing was started.\n\n"+
			"Run terraform apply again once the service can be read. Delete the record %s only when you know that the task is not running. "+
			"To manage or stop the task:\n\n%s",
			record.TaskID, timeOf(record), place(record), sentence(err.Error()), record.File, importOrStop(record)))
}

// unknownOutcome is about a start that may have run: an error in the first run
// that finds it, then a warning.
func unknownOutcome(record journal.Record) diag.Diagnostic {
	what := fmt.Sprintf("A start was sent at %s, and no TaskId was recorded. A task may be running, and billed, %s. The start is recorded in %s.",
		timeOf(record), place(record), record.File)
	find := fmt.Sprintf("Check whether user %s is in room %s. %s", record.Key.UserID, record.Key.RoomID, findTaskID(record.At))
	if record.Reported {
		return diag.NewWarningDiagnostic("A task of an earlier start may be running",
			what+" An earlier run reported it, so this apply starts a task anyway.\n\n"+find+
				" If a task of the earlier start is running, stop it. Then delete the record to clear this warning.")
	}
	record.TaskID = "<TaskId>"
	return diag.NewErrorDiagnostic("A task of this stream may be running",
		what+" Nothing was started.\n\n"+find+" If the task runs, import or stop it, then delete the record. "+
			"If it does not run, run terraform apply again: this error appears once, and the next apply starts a task.\n\n"+importOrStop(record))
}

// invalidRecord refuses a start when a record of the stream cannot be trusted.
func invalidRecord(record journal.Record) diag.Diagnostic {
	advice := "Check whether the user is in the room, and stop or import a task that is running. Then delete the file and run terraform apply again."
	if record.Err.Defect == journal.Newer {
		advice = "Use that version of the provider, or check that no task is running and delete the file."
	}
	return diag.NewErrorDiagnostic("A record of the start journal cannot be used",
		sentence(record.Err.Error())+" It belongs to an earlier start of this stream, so a task may be running. Nothing was started.\n\n"+advice)
}

// plannedEarlier warns about a record of a stream that a plan starts.
func plannedEarlier(record journal.Record) diag.Diagnostic {
	var what string
	switch {
	case record.State == journal.Live:
		what = "The record " + record.File + " is in use: another run may be starting this stream."
	case record.State == journal.Started:
		what = fmt.Sprintf("Task %s was started at %s %s, and is not in the state of this resource (record %s). "+
			"While it is running, the apply starts nothing, and its error explains how to import or stop the task.",
			record.TaskID, timeOf(record), place(record), record.File)
		if record.Returned {
			what += " If another resource has the task and this plan stops it, no action is needed."
		}
	case record.State == journal.Pending && record.Reported:
		what = fmt.Sprintf("A start was sent at %s %s, and its outcome is unknown (record %s). An earlier run reported it, so the apply starts a task anyway.",
			timeOf(record), place(record), record.File)
	case record.State == journal.Pending:
		what = fmt.Sprintf("A start was sent at %s %s, and its outcome is unknown (record %s). The apply starts nothing, and its error explains what to do.",
			timeOf(record), place(record), record.File)
	default:
		what = sentence(record.Err.Error()) + " The apply starts nothing until the file is removed."
	}
	return diag.NewWarningDiagnostic("An earlier start of this stream is recorded", what)
}

// warnRelativeJournal warns about a directory of the start journal that depends
// on the working directory, for a plan that starts a task.
func (d *providerData) warnRelativeJournal(diags *diag.Diagnostics) {
	if d.journal.Relative() {
		diags.AddWarning("The start journal depends on the working directory",
			fmt.Sprintf("start_journal in the provider block, or %s, is a relative path, now %s. A run in another working directory does not find the records there, "+
				"so it can start a second task after an interrupted start. Use an absolute path, or one that begins with ~/.",
				startJournalVariable, d.journal.Dir()))
	}
}

// maxListed is how many records one diagnostic lists.
const maxListed = 10

// interruptedStarts warns about starts that may be in no state.
func interruptedStarts(records []journal.Record) diag.Diagnostic {
	var text strings.Builder
	text.WriteString("The tasks of these starts may be missing from every Terraform state. They may be running and billed:\n")
	for _, record := range records[:min(len(records), maxListed)] {
		switch record.State {
		case journal.Started:
			fmt.Fprintf(&text, "\n  %s: task %s %s (%s)", timeOf(record), record.TaskID, place(record), record.File)
		case journal.Invalid:
			fmt.Fprintf(&text, "\n  %v", record.Err)
		default:
			fmt.Fprintf(&text, "\n  %s: TaskId unknown, %s (%s)", timeOf(record), place(record), record.File)
		}
	}
	if more := len(records) - maxListed; more > 0 {
		fmt.Fprintf(&text, "\n  and %d more", more)
	}
	text.WriteString("\n\nIf a task is already in state, refreshing it removes its record and no action is needed. " +
		"Otherwise import the task by its ID, <region>/<sdk_app_id>/<TaskId>. To stop it, run terraform destroy -target=ADDRESS after the import. " +
		"terraform query lists the tasks that are still running (Terraform 1.14). " +
		"Delete a record only when you know that its task is not running.")
	return diag.NewWarningDiagnostic("Interrupted starts were found", text.String())
}

// quoteEarlier names the starts that a refusal with TaskExist may be about.
func quoteEarlier(earlier []journal.Record) string {
	var lines []string
	for _, record := range earlier {
		lines = append(lines, fmt.Sprintf("The existing task may be that of an earlier start, sent at %s, whose TaskId is unknown (record %s). %s",
			timeOf(record), record.File, findTaskID(record.At)))
	}
	return strings.Join(lines, "\n\n")
}

// findTaskID says how to find the TaskId of a start that was sent at a time.
func findTaskID(sent time.Time) string {
	return fmt.Sprintf("Ingest event callback 701 (EventGroupId 7), sent at about %s, contains the TaskId, if the callback was configured before the start. "+
		"The event contains no room or user: match it by time.", sent.UTC().Format(time.RFC3339))
}

func timeOf(record journal.Record) string { return record.At.UTC().Format(time.RFC3339) }

// place says where the task of a record plays.
func place(record journal.Record) string {
	return fmt.Sprintf("in room %s of application %d as user %s, region %s", record.Key.RoomID, record.Key.SdkAppID, record.Key.UserID, record.Region)
}

// importOrStop returns the blocks that import or stop the task of a record.
func importOrStop(record journal.Record) string {
	task := recordedTask(record)
	return fmt.Sprintf(`To import the task, add this block to the configuration, with the address of this resource for ADDRESS, and run terraform apply:

  import {
    to = ADDRESS
    id = %s
  }

To stop it, run terraform destroy -target=ADDRESS after the import. With Terraform 1.14, you can instead add this block and run terraform apply -invoke=action.trtc_stream_ingest_stop.orphan:

  action "trtc_stream_ingest_stop" "orphan" {
    config {
      region     = %s
      sdk_app_id = %d
      task_id    = %s
    }
  }`, quoted(taskResourceID(task)), quoted(task.Region), task.SdkAppID, quoted(task.TaskID))
}

// quoted returns text as a string literal of the configuration language.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", "$${", "%{", "%%{").Replace(text) + `"`
}

// differences says which arguments the recorded task was started with that an
// update cannot change and that differ from the configured ones, or is empty.
func differences(recorded, configured journal.Arguments) string {
	was, is := recorded.All(), configured.All()
	var found []string
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if was[name] != is[name] {
			found = append(found, fmt.Sprintf("%s = %s (configured: %s)", name, orNull(was[name]), orNull(is[name])))
		}
	}
	if len(found) == 0 {
		return ""
	}
	return "The task was started with other arguments: " + strings.Join(found, ", ") +
		". An import records the configured values and does not change the task.\n\n"
}

func orNull(value any) string {
	if value == nil {
		return "null"
	}
	return fmt.Sprint(value)
}
