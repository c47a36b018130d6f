package provider_test

import (
	"context"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// scenario is a command for one stream ingest, and what the command must do.
type scenario struct {
	// service changes the mock, and provider the provider block of the command.
	service  func(*trtcmock.Options)
	provider tfcore.Values
	// before are changes of the configuration of begin, which returns the resource
	// before the command: created, planned, ended or another one. The command applies
	// this configuration with the changes in change.
	before, change tfcore.Values
	begin          func(*testing.T, *acctest.World, tfcore.Values) *tfcore.Session
	// faults are injected, and then happens is called, before the command.
	faults  []trtcmock.Fault
	happens func(*acctest.World)
	command command

	// action is what the command must plan, or empty.
	action tfcore.Action
	// fails has what the only error, which is on attribute, must mention, and warns
	// what the warnings must mention. Without fails there must be no error, and without
	// warns no warning.
	attribute    string
	fails, warns []string
	// calls is the whole call log, or nil if the test is not about calls.
	calls []string
	// state has attributes of the state after the command. After an error, the state
	// must be unchanged.
	state tfcore.Values
	// took is the time that the command waits, within 20 %, or 0.
	took time.Duration
}

func runScenarios(t *testing.T, scenarios map[string]scenario) {
	t.Helper()
	for name, one := range scenarios {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one.run(t)
		})
	}
}

// run returns the world, the resource after the command, and its configuration.
func (s scenario) run(t *testing.T) (*acctest.World, *tfcore.Session, tfcore.Values) {
	t.Helper()
	var changes []func(*trtcmock.Options)
	if s.service != nil {
		changes = append(changes, s.service)
	}
	world := acctest.NewWorld(t, changes...)
	config := world.Values(t, s.before)
	session := s.begin(t, world, config)
	if s.provider != nil {
		session.Serve(world.Provider(t, s.provider))
	}
	world.Inject(t, s.faults...)
	if s.happens != nil {
		s.happens(world)
	}
	world.Mock.ResetJournal()
	before, began := session.State(), world.Clock.Now()
	config = config.With(s.change)
	plan, diags := s.command(t.Context(), session, config)
	if took := world.Clock.Now().Sub(began); s.took > 0 && (took < s.took*4/5 || took > s.took*6/5) {
		t.Errorf("took %s, want about %s", took, s.took)
	}
	if s.action != "" {
		acctest.ExpectPlan(t, plan, s.action)
	}
	if s.calls != nil {
		world.ExpectJournal(t, s.calls...)
	}
	s.expectDiagnostics(t, diags)
	if s.fails != nil {
		acctest.ExpectState(t, session, before)
	}
	if s.state != nil {
		acctest.ExpectAttributes(t, session, s.state)
	}
	return world, session, config
}

func (s scenario) expectDiagnostics(t *testing.T, diags tfcore.Diagnostics) {
	t.Helper()
	if s.fails != nil {
		acctest.ExpectError(t, diags, s.attribute, s.fails...)
	} else {
		acctest.ExpectSuccess(t, diags)
	}
	for _, text := range s.warns {
		acctest.ExpectWarning(t, diags, text)
	}
	if len(s.warns) == 0 && len(diags.Warnings()) > 0 {
		t.Errorf("warnings %s, want none", diags.Warnings())
	}
}

// The states that a command can begin with.

// planned is a resource that is not created.
func planned(t *testing.T, world *acctest.World, _ tfcore.Values) *tfcore.Session {
	t.Helper()
	return world.Session(t)
}

// created is a resource with a running task.
func created(t *testing.T, world *acctest.World, config tfcore.Values) *tfcore.Session {
	t.Helper()
	return world.Created(t, config)
}

// ended is a resource whose task has ended, was kept, and is recorded as ended.
func ended(t *testing.T, world *acctest.World, config tfcore.Values) *tfcore.Session {
	t.Helper()
	session := world.Created(t, config.With(tfcore.Values{"on_task_end": "keep"}))
	world.FinishAll()
	acctest.ExpectSilence(t, session.Refresh(t.Context()))
	world.Mock.ResetJournal()
	return session
}

// command is a command of Terraform.
type command func(context.Context, *tfcore.Session, tfcore.Values) (tfcore.Plan, tfcore.Diagnostics)

// apply plans and applies, without a refresh.
func apply(ctx context.Context, session *tfcore.Session, config tfcore.Values) (tfcore.Plan, tfcore.Diagnostics) {
	plan := session.Plan(ctx, config)
	if plan.Diagnostics.HasErrors() {
		return plan, plan.Diagnostics
	}
	return plan, append(plan.Diagnostics, session.Apply(ctx, plan)...)
}

// applyRefreshed refreshes, plans and applies.
func applyRefreshed(ctx context.Context, session *tfcore.Session, config tfcore.Values) (tfcore.Plan, tfcore.Diagnostics) {
	return session.ApplyConfig(ctx, config)
}

func refresh(ctx context.Context, session *tfcore.Session, _ tfcore.Values) (tfcore.Plan, tfcore.Diagnostics) {
	return tfcore.Plan{}, session.Refresh(ctx)
}

// remove destroys without a refresh.
func remove(ctx context.Context, session *tfcore.Session, _ tfcore.Values) (tfcore.Plan, tfcore.Diagnostics) {
	plan := session.PlanDestroy(ctx)
	return plan, append(plan.Diagnostics, session.Apply(ctx, plan)...)
}
