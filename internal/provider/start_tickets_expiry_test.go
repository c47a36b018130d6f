package provider_test

import (
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestTicketExpiresSoon checks that a plan that starts a task, also a
// replacement, warns about a ticket that expires within ten minutes or before
// max_duration ends the task.
func TestTicketExpiresSoon(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ticket  ticket
		minutes any
		warning string
	}{
		"ten minutes":                       {ticket{lifetime: 10 * time.Minute}, nil, "in less than 10 minutes"},
		"ten minutes, shorter run":          {ticket{lifetime: 10 * time.Minute}, 5, "in less than 10 minutes"},
		"a minute before the end":           {ticket{lifetime: 59 * time.Minute}, 60, "before max_duration (60 minutes)"},
		"PrivateMapKey, before the end":     {ticket{roomKey: true, lifetime: time.Hour}, 120, "before max_duration (120 minutes)"},
		"until the end":                     {ticket{lifetime: time.Hour}, 60, ""},
		"max_duration unknown":              {ticket{lifetime: time.Hour}, tfcore.Unknown, ""},
		"max_duration unknown, ten minutes": {ticket{roomKey: true, lifetime: time.Minute}, tfcore.Unknown, "in less than 10 minutes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			argument := "user_sig_wo"
			config := world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": ticket{}.mint(t, world), "repeat_num": -1, "max_duration": 600})
			running := world.Created(t, config)
			if test.ticket.roomKey {
				argument = "private_map_key_wo"
			}
			config = config.With(tfcore.Values{argument: test.ticket.mint(t, world)})
			expect := func(plan tfcore.Plan, action tfcore.Action, warning string) {
				t.Helper()
				switch {
				case plan.Diagnostics.HasErrors() || plan.Action != action:
					t.Errorf("planned to %s, diagnostics: %s", plan, plan.Diagnostics)
				case warning == "" && len(plan.Diagnostics) > 0:
					t.Errorf("diagnostics: %s, want nothing", plan.Diagnostics)
				case warning != "":
					acctest.ExpectWarning(t, plan.Diagnostics.On(argument), warning)
				}
			}
			limited := config.With(tfcore.Values{"max_duration": test.minutes})
			expect(acctest.NewWorld(t).Session(t).Plan(t.Context(), limited), tfcore.Create, test.warning)
			expect(running.Plan(t.Context(), limited), tfcore.Replace, test.warning)
			running.Serve(world.Provider(t, nil)) // The next run.
			expect(running.Plan(t.Context(), config.With(tfcore.Values{"volume": 5})), tfcore.Update, "")
		})
	}
}

// TestTicketExpired checks that an expired ticket of a running task is an error
// only of a plan that replaces the task, which keeps running.
func TestTicketExpired(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(*tfcore.Session, tfcore.Values) tfcore.Plan{
		"changed": func(session *tfcore.Session, config tfcore.Values) tfcore.Plan {
			return session.Plan(t.Context(), config.With(tfcore.Values{"seek_second": 9}))
		},
		"unknown": func(session *tfcore.Session, config tfcore.Values) tfcore.Plan {
			return session.Plan(t.Context(), config.With(tfcore.Values{"room_id": tfcore.Unknown}))
		},
		"-replace": func(session *tfcore.Session, config tfcore.Values) tfcore.Plan {
			return session.PlanReplace(t.Context(), config)
		},
		"tainted": func(session *tfcore.Session, config tfcore.Values) tfcore.Plan {
			session.Taint()
			return session.Plan(t.Context(), config)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": ticket{}.mint(t, world)})
			session := world.Created(t, config)
			world.Clock.Advance(48 * time.Hour)
			if plan := session.Plan(t.Context(), config); plan.Action != tfcore.NoOp || len(plan.Diagnostics) > 0 {
				t.Errorf("planned to %s, diagnostics: %s", plan, plan.Diagnostics)
			}
			acctest.ExpectApply(t, session, config.With(tfcore.Values{"volume": 3}), tfcore.Update)
			world.Mock.ResetJournal()
			acctest.ExpectError(t, replace(session, config).Diagnostics, "user_sig_wo", "expired at 2026-03-02T12:00:00Z", "time now is 2026-03-03T12:00:0")
			world.ExpectJournal(t)
			world.ExpectRunning(t, 1)
		})
	}
}

// TestTicketExpiredOfKept checks the ticket of a plan that replaces an ended task:
// a warning, because nothing is stopped.
func TestTicketExpiredOfKept(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, tfcore.Values{"user_sig": ticket{}.mint(t, world), "on_task_end": "keep"})
	session := ended(t, world, config)
	world.Clock.Advance(48 * time.Hour)
	plan := session.Plan(t.Context(), config.With(tfcore.Values{"volume": 3}))
	acctest.ExpectPlan(t, plan, tfcore.Replace)
	acctest.ExpectWarning(t, plan.Diagnostics.On("user_sig"), "expired")
	acctest.ExpectSettled(t, session, config)
}
