package tfcore

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Action is the planned action for the object.
type Action string

// The actions.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Delete  Action = "delete"
)

// Plan is a planned change of one object.
type Plan struct {
	// Action is the planned action; empty after an error.
	Action Action
	// Config is the configuration. Before Apply, replace unknown values with known
	// values, as core does.
	Config Values
	// RequiresReplace has the changed attributes that require a replacement.
	RequiresReplace []string
	// Diagnostics has the diagnostics of the plan and of validation.
	Diagnostics Diagnostics

	planned proposal
}

// Planned returns the planned object; nil for a deletion.
func (p Plan) Planned() Values { return decodeObject(p.planned.value) }

// proposal is the provider's response to one PlanResourceChange.
type proposal struct {
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// Plan plans the change from the state to config. It does not refresh.
func (s *Session) Plan(ctx context.Context, config Values) Plan {
	return s.plan(ctx, config, false)
}

// PlanReplace does what terraform plan -replace does.
func (s *Session) PlanReplace(ctx context.Context, config Values) Plan {
	return s.plan(ctx, config, true)
}

// PlanDestroy does what terraform plan -destroy does.
func (s *Session) PlanDestroy(ctx context.Context) Plan {
	null := tftypes.NewValue(s.as, nil)
	if s.object.value.IsNull() {
		return Plan{Action: NoOp, planned: proposal{value: null}}
	}
	plan := Plan{Action: Delete}
	plan.planned, _, plan.Diagnostics = s.propose(ctx, s.object, null)
	if !plan.Diagnostics.HasErrors() && !plan.planned.value.IsNull() {
		plan.Diagnostics = append(plan.Diagnostics, bug("Provider produced invalid plan", "a destroy must be planned as null")...)
	}
	return plan.orFailed()
}

func (s *Session) plan(ctx context.Context, config Values, forced bool) Plan {
	plan := Plan{Config: config, Diagnostics: s.Validate(ctx, config)}
	encoded, err := encode(s.as, config)
	if err != nil || plan.Diagnostics.HasErrors() {
		return plan.orFailed()
	}
	prior := s.object
	if prior.tainted {
		prior = s.absent()
	}
	var replacing []*tftypes.AttributePath
	var diags Diagnostics
	plan.planned, replacing, diags = s.propose(ctx, prior, encoded)
	plan.Diagnostics = append(plan.Diagnostics, diags...)
	if plan.Diagnostics.HasErrors() {
		return plan.orFailed()
	}
	plan.RequiresReplace = changedPaths(replacing, prior.value, plan.planned.value)
	switch {
	case prior.value.IsNull():
		plan.Action = Create
	case !forced && plan.planned.value.Equal(prior.value):
		plan.Action = NoOp
	case forced || len(plan.RequiresReplace) > 0:
		plan.Action = Replace
	default:
		plan.Action = Update
	}
	if plan.Action == Replace {
		// The new object is planned as a creation. The warnings repeat those of the
		// first plan and are dropped.
		none := s.absent()
		none.private = plan.planned.private
		plan.planned, _, diags = s.propose(ctx, none, encoded)
		plan.Diagnostics = append(plan.Diagnostics, diags.Errors()...)
	}
	if plan.Action == Create && s.Tainted() {
		plan.Action = Replace
	}
	return plan.orFailed()
}

// orFailed removes what must not be used after an error.
func (p Plan) orFailed() Plan {
	if p.Diagnostics.HasErrors() {
		p.Action, p.planned = "", proposal{}
	}
	return p
}

// propose is one PlanResourceChange.
func (s *Session) propose(ctx context.Context, prior object, config tftypes.Value) (proposal, []*tftypes.AttributePath, Diagnostics) {
	response, diags := called(s.provider.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName:           s.typeName,
		PriorState:         toDynamic(s.as, prior.value),
		ProposedNewState:   toDynamic(s.as, proposedNew(s.schema, prior.value, config)),
		Config:             toDynamic(s.as, config),
		PriorPrivate:       prior.private,
		PriorIdentity:      prior.identity,
		ClientCapabilities: &tfprotov6.PlanResourceChangeClientCapabilities{},
	}))
	if diags.HasErrors() {
		return proposal{}, nil, diags
	}
	value, problems := fromDynamic(s.as, response.PlannedState)
	diags = append(diags, problems...)
	if !config.IsNull() {
		diags = append(diags, checkPlanned(s.schema, prior.value, config, value)...)
	}
	return proposal{value: value, private: response.PlannedPrivate, identity: response.PlannedIdentity}, response.RequiresReplace, diags
}

// changedPaths returns the names of the paths whose values change.
func changedPaths(paths []*tftypes.AttributePath, prior, planned tftypes.Value) []string {
	var names []string
	for _, path := range paths {
		if !prior.IsNull() && !equalAt(path, prior, planned) {
			names = append(names, attributeName(path))
		}
	}
	slices.Sort(names)
	return names
}

func equalAt(path *tftypes.AttributePath, a, b tftypes.Value) bool {
	left, _, leftErr := tftypes.WalkAttributePath(a, path)
	right, _, rightErr := tftypes.WalkAttributePath(b, path)
	if leftErr != nil || rightErr != nil {
		return leftErr != nil && rightErr != nil
	}
	one, ok := left.(tftypes.Value)
	other, alsoOK := right.(tftypes.Value)
	return ok && alsoOK && one.IsFullyKnown() && other.IsFullyKnown() && one.Equal(other)
}

// String returns the action and the attributes that require a replacement.
func (p Plan) String() string {
	if len(p.RequiresReplace) == 0 {
		return string(p.Action)
	}
	return fmt.Sprintf("%s because of %v", p.Action, p.RequiresReplace)
}

// proposedNew merges configuration and prior state: a computed attribute that
// is not configured keeps its prior value, every other one is as configured.
// Blocks and partly computed nested attributes are not supported.
func proposedNew(schema *tfprotov6.Schema, prior, config tftypes.Value) tftypes.Value {
	if config.IsNull() {
		return config
	}
	proposed := map[string]tftypes.Value{}
	for _, attribute := range schema.Block.Attributes {
		value := attributeOf(config, attribute)
		if attribute.Computed && value.IsNull() {
			value = attributeOf(prior, attribute)
		}
		proposed[attribute.Name] = value
	}
	return tftypes.NewValue(config.Type(), proposed)
}
