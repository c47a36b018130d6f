package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
)

const (
	// stopAttempts is how often a task is read, a second apart, before it counts
	// as one that cannot be stopped. Every fifth time Stop is sent again.
	stopAttempts = 30
	stopEvery    = 5
	betweenReads = time.Second
)

// task is a task that a Start of this run returned.
type task struct {
	record journal.Record
	// entry is nil for a task of an earlier run.
	entry *journal.Entry
}

// existing returns the parameters that name the task.
func (t *task) existing() parameters {
	return parameters{"SdkAppId": t.record.Key.SdkAppID, "TaskId": t.record.TaskID}
}

// start sends one Start. It is journaled before it is sent and is not
// interrupted by the end of ctx, so that a TaskId that was returned is always
// received. The error is errLostStart if a task may run whose TaskId is unknown.
func (r *Run) start(ctx context.Context, p parameters) (*task, response, error) {
	ctx = context.WithoutCancel(ctx)
	planned := journalStart(r.config.Endpoint.Identity(), r.config.Region, p)
	entry, _, err := r.config.Journal.Begin(planned)
	if err != nil {
		return nil, response{}, fmt.Errorf("no Start is sent without a journal: %w", err)
	}
	got, err := r.send(ctx, actionStart, planned.Region, p)
	// A fault in response to a foreign application leaves nothing that is billed.
	fault := isServerFault(got.code) && p["SdkAppId"] != foreignApp
	switch {
	case err != nil && !mayHaveRun(err), err == nil && got.code != "" && !fault:
		return nil, got, errors.Join(err, entry.Discard())
	case err != nil || fault || got.TaskID == "":
		r.uncertain = true
		r.notice("A Start received no clear response, so a task may be running in room %s as user %s. "+
			"Its MaxDuration ends it after about %d minutes. Record: %s", planned.Key.RoomID, planned.Key.UserID, taskMinutes, entry.File())
		return nil, got, errors.Join(errLostStart, entry.Reported(), entry.Close())
	}
	if err := entry.Started(got.TaskID); err != nil {
		r.notice("The journal could not record a task: %v", err)
	}
	started := &task{journal.Record{File: entry.File(), State: journal.Started, Start: planned, TaskID: got.TaskID}, entry}
	r.tasks = append(r.tasks, started)
	return started, got, nil
}

// mayHaveRun reports whether the service may have run a call that failed.
func mayHaveRun(err error) bool {
	var failed *cloudapi.ExchangeError
	return errors.As(err, &failed) && failed.Outcome != cloudapi.NotSent
}

// journalStart returns what the journal records of a Start with any parameters.
func journalStart(service, region string, p parameters) journal.Start {
	text := func(name string) string { return fmt.Sprint(p[name]) }
	number := func(name string) (value int64) {
		_, _ = fmt.Sscan(fmt.Sprint(p[name]), &value)
		return value
	}
	repeats, minutes := number("RepeatNum"), number("MaxDuration")
	return journal.Start{
		Key: journal.Key{
			Service: service, SdkAppID: number("SdkAppId"),
			RoomIDType: number("RoomIdType"), RoomID: text("RoomId"), UserID: text("UserId"),
		},
		Region:    region,
		Arguments: journal.Arguments{RepeatNum: &repeats, MaxDuration: &minutes},
	}
}

// stop stops a task and waits until Describe no longer shows it, even after the
// end of ctx. It reports whether the task is gone.
func (r *Run) stop(ctx context.Context, t *task) bool {
	if !slices.Contains(r.tasks, t) {
		return true
	}
	ctx = context.WithoutCancel(ctx)
	stopped, reads := false, 0
	for attempt := range stopAttempts {
		if attempt%stopEvery == 0 {
			got, err := r.send(ctx, actionStop, t.record.Region, t.existing())
			stopped = stopped || err == nil && got.code == ""
		}
		got, err := r.send(ctx, actionDescribe, t.record.Region, t.existing())
		if reads++; err != nil || got.code != "" || got.Status != notExist {
			reads = 0
		}
		// A new task may not be visible yet, so that without a successful Stop
		// it has to be gone for some seconds and another Stop.
		if reads > stopEvery || reads > 0 && stopped {
			r.forget(t)
			return true
		}
		_ = r.config.Clock.Sleep(ctx, betweenReads) // ctx does not end.
	}
	r.notice("The task %s of application %v in %s could not be stopped. Stop it by hand, or run this again: it is recorded in %s",
		t.record.TaskID, t.record.Key.SdkAppID, t.record.Region, t.record.File)
	return false
}

// forget removes a task that is gone, and its record.
func (r *Run) forget(t *task) {
	r.tasks = slices.DeleteFunc(r.tasks, func(other *task) bool { return other == t })
	if err := errors.Join(t.entry.Close(), r.config.Journal.Remove(t.record)); err != nil {
		r.notice("The record of a stopped task could not be removed: %v", err)
	}
}

func (r *Run) stopAll(ctx context.Context) {
	for _, t := range slices.Clone(r.tasks) {
		_ = r.stop(ctx, t) // A task that stays makes the run uncertain.
	}
}

// Recover stops the tasks that earlier runs have left, and reports the Starts of
// which nobody knows whether they ran. It sends nothing if there are none.
func (r *Run) Recover(ctx context.Context) error {
	records, err := r.config.Journal.Unreported(r.config.Endpoint.Identity())
	if err != nil {
		return err
	}
	for _, record := range records {
		switch record.State {
		case journal.Started:
			r.notice("An earlier run left a task in room %s as user %s: it is stopped now.", record.Key.RoomID, record.Key.UserID)
			r.tasks = append(r.tasks, &task{record: record})
		case journal.Pending:
			minutes := int64(taskMinutes)
			if recorded := record.Arguments.MaxDuration; recorded != nil {
				minutes = max(minutes, *recorded)
			}
			ends := record.At.Add(time.Duration(minutes) * time.Minute)
			r.notice("An earlier run was killed during a Start at %s: a task may have started in room %s as user %s. It ends by %s at the latest. Record: %s",
				record.At.UTC().Format(time.RFC3339), record.Key.RoomID, record.Key.UserID, ends.UTC().Format(time.RFC3339), record.File)
			if r.config.Clock.Now().Before(ends) {
				r.uncertain = true
			}
			if err := r.config.Journal.MarkReported(ctx, record); err != nil {
				return err
			}
		default:
			r.uncertain = true
			r.notice("%v. A task may be running; delete the file when you have checked.", record.Err)
		}
	}
	r.stopAll(ctx)
	return nil
}
