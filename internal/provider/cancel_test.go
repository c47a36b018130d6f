package provider_test

import (
	"context"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestCancelDuringStart checks that Ctrl-C during a start loses no task.
func TestCancelDuringStart(t *testing.T) {
	t.Parallel()
	for name, paused := range map[string]bool{"playing": false, "paused": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			world.AfterCall(acctest.Start, cancel)
			config := world.Values(t, tfcore.Values{"paused": paused})
			session := world.Session(t)
			diags := session.Apply(ctx, session.Plan(t.Context(), config))
			if diags.HasErrors() || paused != (len(diags.Warnings().Mentioning("not paused")) > 0) {
				t.Errorf("diags %q, want a warning about a pause that was not sent, and no error", diags)
			}
			acctest.ExpectWarning(t, diags, "not confirmed")
			acctest.ExpectAttributes(t, session, tfcore.Values{"task_id": world.Mock.Alive()[0].ID, "status": "InProgress"})
			world.ExpectJournal(t, acctest.Start)
		})
	}
}

// TestCancelBefore checks that an operation that is canceled before it begins
// sends and changes nothing.
func TestCancelBefore(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, operation := range operations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			operation.calls, operation.fails = noCall, []string{"cancel"}
			command := operation.command
			operation.command = func(_ context.Context, session *tfcore.Session, config tfcore.Values) (tfcore.Plan, tfcore.Diagnostics) {
				return command(canceled, session, config)
			}
			operation.run(t)
		})
	}
}

// TestCancelDuringDestroy checks that the task stays in state when the stop or
// the wait for its end is canceled, and that the next destroy continues.
func TestCancelDuringDestroy(t *testing.T) {
	t.Parallel()
	for action, mention := range map[string]string{acctest.Stop: "Interrupted", acctest.Describe: "still running"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, lingering(time.Minute))
			session := world.Created(t, world.Values(t, nil))
			before, calm := session.State(), world.Provider(t, nil)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			world.AfterCall(action, cancel)
			session.Serve(world.Provider(t, nil))
			_, diags := remove(ctx, session, nil)
			acctest.ExpectError(t, diags, "", mention, "cancel")
			acctest.ExpectState(t, session, before)

			session.Serve(calm)
			_, diags = remove(t.Context(), session, nil)
			acctest.ExpectSuccess(t, diags)
			acctest.ExpectState(t, session, nil)
		})
	}
}
