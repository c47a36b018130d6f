package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// start is one start of a task: its checks, tickets, record in the start journal,
// call and outcome.
type start struct {
	provider *providerData
	plan     streamIngestModel
	timeout  time.Duration
	secrets  startSecrets

	// entry is the record, or nil when the journal is off or cannot be used.
	entry *journal.Entry
	// earlier are records of other starts of this stream, after which this one
	// was sent anyway.
	earlier []journal.Record
	// received is true once there is a TaskId; failure is the error of recording it.
	received bool
	failure  error
}

// newStart checks what the start of a task needs, and mints the tickets that the
// configuration does not give.
func (d *providerData) newStart(
	ctx context.Context, model streamIngestModel, config, plan configValues, timeout time.Duration, diags *diag.Diagnostics,
) *start {
	s := &start{provider: d, plan: model, timeout: timeout, secrets: config.startSecrets()}
	var found diag.Diagnostics
	d.checkStart(ctx, config, plan, &found, &found)
	diags.Append(d.walk.explainOnce(found.Errors())...) // The plan has shown the warnings.
	if !diags.HasError() {
		d.tickets.mint(model, timeout, &s.secrets, diags)
	}
	return s
}

// send records the start, sends it, and returns what the service returned, or an
// error in diags. caller is the context of the request.
func (s *start) send(ctx, caller context.Context, diags *diag.Diagnostics) trtcclient.Started {
	s.begin(ctx, diags)
	if diags.HasError() {
		return trtcclient.Started{}
	}
	started, err := s.provider.client.Start(ctx, s.plan.Region.ValueString(), s.plan.startInput(s.secrets.streamURL.Text), s.tickets, s.receive)
	if err != nil {
		diags.Append(operation{
			walk: s.provider.walk, action: "start the stream ingest", model: s.plan, timeout: "create",
			userSig: s.secrets.userSig.attribute, minted: s.secrets.userSig.minted, streamURL: s.secrets.streamURL.attribute,
			record: s.failed(caller, err),
		}.diagnose(err))
		return started
	}
	diags.Append(s.warnings(started)...)
	return started
}

// begin records that the start is about to be sent. It reports an error, and keeps
// no record, when another record prevents the start.
func (s *start) begin(ctx context.Context, diags *diag.Diagnostics) {
	d := s.provider
	planned, _ := s.plan.stream()
	recorded := journal.Start{Key: d.journalKey(planned), Region: s.plan.Region.ValueString(), Arguments: s.plan.recordedArguments()}
	entry, others, err := d.journal.Begin(recorded)
	if d.journalErr != nil {
		err = d.journalErr
	}
	if err != nil {
		diags.Append(notRecorded(err, d.walk.hasStopped(planned.robot)))
	}
	s.entry = entry
	for _, other := range others {
		if d.checkEarlier(ctx, other, recorded, diags) {
			s.earlier = append(s.earlier, other)
		}
	}
	if diags.HasError() {
		logJournal(ctx, "the record of a start that was not sent could not be removed", entry.Discard())
	}
}

// tickets returns the tickets of one attempt, and its context with log masks for
// them. It mints them again if the clock was corrected since: a ticket of a clock
// that is far behind has expired.
func (s *start) tickets(ctx context.Context) (context.Context, trtcclient.Tickets) {
	if s.provider.client.ClockSkew() != s.secrets.clockSkew {
		secrets, problems := s.secrets, diag.Diagnostics{}
		s.provider.tickets.mint(s.plan, s.timeout, &secrets, &problems)
		if !problems.HasError() { // Else the service's time is out of range.
			s.secrets = secrets
		}
		ctx = startLogging(ctx, s.secrets.all()...)
	}
	return ctx, trtcclient.Tickets{UserSig: s.secrets.userSig.Text, PrivateMapKey: s.secrets.privateMapKey.Text}
}

// receive records the TaskId, before anything else happens.
func (s *start) receive(taskID string) {
	s.received = true
	s.failure = s.entry.Started(taskID)
}

// failed ends the record of a start that failed with err. caller is the context
// of the request: once it has ended, nobody may see the diagnostic. It returns
// what the diagnostic says about records, or nothing.
func (s *start) failed(caller context.Context, err error) string {
	failed, ok := errors.AsType[*trtcclient.Error](err)
	switch {
	case ok && !failed.MayHaveRun:
		logJournal(caller, "the record of a start that did not run could not be removed", s.entry.Discard())
		if failed.Class == trtcclient.Conflict {
			return quoteEarlier(s.earlier)
		}
		return ""
	case s.entry == nil:
		return "The start journal has no record of this start, so nothing prevents the next apply from starting another task."
	case caller.Err() == nil && s.entry.Reported() == nil:
		return fmt.Sprintf("The start is recorded in %s. The next apply warns about it, and starts a task anyway.", s.entry.File())
	default:
		return fmt.Sprintf("The start is recorded in %s. The next apply fails and reports it. The apply after that starts a task.", s.entry.File())
	}
}

// warnings returns what is wrong about a start that returned a TaskId.
func (s *start) warnings(started trtcclient.Started) diag.Diagnostics {
	var diags diag.Diagnostics
	if s.failure != nil {
		diags.AddWarning("The start was not recorded",
			fmt.Sprintf("Task %s was started and is in state, but its TaskId could not be written to the start journal: %s\n\n"+
				"If this run is interrupted before it saves state, the next run cannot name the task. Check the disk with the start journal.",
				started.TaskID, sentence(s.failure.Error())))
	}
	if earlier := started.EarlierRun; !earlier.IsZero() {
		diags.AddWarning("A second task may be running",
			fmt.Sprintf("Task %s was started and is in state. An earlier attempt, sent at %s, failed with a retryable error. "+
				"If it also started a task, two tasks are running and billed in room %s of application %d as user %s.\n\n%s",
				started.TaskID, earlier.UTC().Format(time.RFC3339), s.plan.RoomID.ValueString(), s.plan.SdkAppID.ValueInt64(), s.plan.UserID.ValueString(),
				findTaskID(earlier)+" To stop the second task, use the action trtc_stream_ingest_stop (Terraform 1.14). With an earlier version, "+
					"import the task into another resource block, and run terraform destroy -target=ADDRESS with the address of that block."))
	}
	return diags
}

// end gives up the record when Create returns. caller is the context of the
// request: while it is live, Terraform receives the task.
func (s *start) end(caller context.Context) {
	if s.received && caller.Err() == nil {
		logJournal(caller, "the end of a create is not recorded", s.entry.Returned())
	}
	logJournal(caller, "the record of a start could not be closed", s.entry.Close())
}
