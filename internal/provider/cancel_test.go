package provider_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// interrupting is a transport that calls a function when the service has run a
// request of an action, before the response is returned.
type interrupting struct {
	next   http.RoundTripper
	action string
	then   func()
}

func (i interrupting) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := i.next.RoundTrip(request)
	if request.Header.Get("X-TC-Action") != i.action || err != nil {
		return response, err
	}
	i.then()
	if err := request.Context().Err(); err != nil {
		// Like a transport that is still waiting.
		_ = response.Body.Close()
		return nil, err
	}
	return response, nil
}

// TestCancelDuringStart checks that Ctrl-C during a start loses no task.
func TestCancelDuringStart(t *testing.T) {
	t.Parallel()
	for name, paused := range map[string]bool{"playing": false, "paused": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			world.Options.Transport = interrupting{world.Options.Transport, acctest.Start, cancel}
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
	for name, run := range map[string]func(*testing.T, *tfcore.Session, tfcore.Values) tfcore.Diagnostics{
		"read": func(_ *testing.T, session *tfcore.Session, _ tfcore.Values) tfcore.Diagnostics {
			return session.Refresh(canceled)
		},
		"update": func(t *testing.T, session *tfcore.Session, config tfcore.Values) tfcore.Diagnostics {
			t.Helper()
			return session.Apply(canceled, session.Plan(t.Context(), config.With(tfcore.Values{"volume": 3})))
		},
		"delete": func(t *testing.T, session *tfcore.Session, _ tfcore.Values) tfcore.Diagnostics {
			t.Helper()
			return session.Apply(canceled, session.PlanDestroy(t.Context()))
		},
		"create": func(t *testing.T, session *tfcore.Session, config tfcore.Values) tfcore.Diagnostics {
			t.Helper()
			another := session.Sibling()
			diags := another.Apply(canceled, another.Plan(t.Context(), config.With(tfcore.Values{"room_id": "77"})))
			acctest.ExpectState(t, another, nil)
			return diags
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, nil)
			session := world.Created(t, config)
			before := session.State()
			acctest.ExpectError(t, run(t, session, config), "", "cancel")
			acctest.ExpectState(t, session, before)
			world.ExpectJournal(t)
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
			world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.Linger = time.Minute })
			session := world.Created(t, world.Values(t, nil))
			before, calm := session.State(), world.Options.Transport
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			world.Options.Transport = interrupting{calm, action, cancel}
			session.Serve(world.Provider(t, nil))
			acctest.ExpectError(t, session.Apply(ctx, session.PlanDestroy(t.Context())), "", mention, "cancel")
			acctest.ExpectState(t, session, before)

			world.Options.Transport = calm
			session.Serve(world.Provider(t, nil))
			if diags := destroy(t, session); diags.HasErrors() {
				t.Error(diags)
			}
			acctest.ExpectState(t, session, nil)
		})
	}
}
