package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

const (
	defaultDeleteTimeout = 2 * time.Minute

	// firstPoll and longestPoll bound the waits between two looks at a task
	// that is being stopped.
	firstPoll   = time.Second
	longestPoll = 5 * time.Second
)

// Delete stops the task and returns without an error only when the service
// says that it is gone. It needs no ticket.
func (r *streamIngestResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state streamIngestModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, defaultDeleteTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = startLogging(ctx, state.storedSecrets()...)
	ctx, cancel := r.conn.clock.WithTimeout(ctx, timeout)
	defer cancel()
	defer func() { resp.Diagnostics.Append(r.conn.clockWarning()...) }()

	if err := stopTask(ctx, r.conn, state.task()); err != nil {
		failed := operation{doing: "stop the stream ingest", model: state, timeout: "delete"}
		resp.Diagnostics.Append(failed.diagnose(err))
	}
}

// stillRunningError is a task that was stopped and of which it is not known in
// time that it has ended.
type stillRunningError struct{ err error }

// Error says so.
func (e *stillRunningError) Error() string {
	return fmt.Sprintf("the stop was accepted, but the service has not said that the task is gone: %v", e.err)
}

// Unwrap returns what ended the waiting.
func (e *stillRunningError) Unwrap() error { return e.err }

// stopTask stops a task and waits until the service says that it is gone.
func stopTask(ctx context.Context, conn *providerData, task trtcclient.Task) error {
	if err := conn.client.Stop(ctx, task); err != nil && !trtcclient.IsGone(err) {
		return err
	}
	for wait := firstPoll; ; wait = min(2*wait, longestPoll) {
		status, err := conn.client.Describe(ctx, task)
		switch {
		case err == nil && status == trtcclient.NotExist:
			return nil
		case err != nil && !trtcclient.IsError(err, trtcclient.CodeQueryTaskInfoFailed):
			return stopUnconfirmed(ctx, err)
		}
		if err := conn.clock.Sleep(ctx, wait); err != nil {
			return &stillRunningError{err: err}
		}
	}
}

// stopUnconfirmed tells a wait that ended from a status that cannot be read.
func stopUnconfirmed(ctx context.Context, err error) error {
	var failed *trtcclient.Error
	canceled := errors.Is(ctx.Err(), context.Canceled) && errors.Is(err, context.Canceled)
	if canceled || errors.As(err, &failed) && failed.OutOfTime {
		return &stillRunningError{err: err}
	}
	return err
}
