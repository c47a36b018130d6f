package tfcore

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Apply does what the plan says. A replacement deletes first. What the provider
// returns is kept also after an error; an object whose creation failed half way
// is tainted.
func (s *Session) Apply(ctx context.Context, plan Plan) Diagnostics {
	if plan.Action == "" {
		return bug("Invalid test", "a plan that failed cannot be applied")
	}
	var said Diagnostics
	if plan.Action == Delete || plan.Action == Replace {
		said = s.delete(ctx, plan)
		if said.HasErrors() || plan.Action == Delete {
			return said
		}
	}
	if plan.Action == NoOp {
		return nil
	}
	return append(said, s.write(ctx, plan)...)
}

// ApplyConfig is terraform apply: refresh, plan, apply.
func (s *Session) ApplyConfig(ctx context.Context, config Values) (Plan, Diagnostics) {
	said := s.Refresh(ctx)
	if said.HasErrors() {
		return Plan{}, said
	}
	plan := s.Plan(ctx, config)
	said = append(said, plan.Diagnostics...)
	if said.HasErrors() {
		return plan, said
	}
	return plan, append(said, s.Apply(ctx, plan)...)
}

// Destroy is terraform destroy: refresh, plan, apply.
func (s *Session) Destroy(ctx context.Context) Diagnostics {
	said := s.Refresh(ctx)
	if said.HasErrors() {
		return said
	}
	plan := s.PlanDestroy(ctx)
	said = append(said, plan.Diagnostics...)
	if said.HasErrors() {
		return said
	}
	return append(said, s.Apply(ctx, plan)...)
}

func (s *Session) delete(ctx context.Context, plan Plan) Diagnostics {
	null := tftypes.NewValue(s.as, nil)
	result, said := s.change(ctx, *s.object, proposal{value: null, private: plan.planned.private}, null)
	if !said.HasErrors() && !result.value.IsNull() {
		said = bug("Provider returned invalid result object after apply", "something is left after a deletion")
	}
	switch {
	case !said.HasErrors():
		s.object = nil
	case !result.value.IsNull():
		result.tainted = s.object.tainted
		s.object = &result
	}
	return said
}

// write creates or updates, after a last plan with everything that is known by
// now.
func (s *Session) write(ctx context.Context, plan Plan) Diagnostics {
	final := s.plan(ctx, plan.Config, false)
	said := final.Diagnostics.Errors()
	if !said.HasErrors() {
		said = checkCompatible(s.schema, "Provider produced inconsistent final plan", plan.planned.value, final.planned.value)
	}
	vanished := plan.Action == Update && final.Action == NoOp
	if !said.HasErrors() && !vanished && final.Action != plan.Action && plan.Action != Replace {
		said = bug("Provider produced inconsistent final plan", fmt.Sprintf("it was to %s, and now is to %s", plan, final))
	}
	if said.HasErrors() || vanished {
		return said
	}
	config, err := encode(s.as, plan.Config)
	if err != nil || !config.IsFullyKnown() {
		return bug("Invalid test", "the configuration must be wholly known to be applied")
	}
	prior := object{value: tftypes.NewValue(s.as, nil)}
	if s.object != nil {
		prior = *s.object
	}
	result, said := s.change(ctx, prior, final.planned, config)
	if !said.HasErrors() {
		said = append(said, checkCompatible(s.schema, "Provider produced inconsistent result after apply", final.planned.value, result.value)...)
	}
	if result.value.IsNull() {
		return said
	}
	result.tainted = said.HasErrors() && prior.value.IsNull()
	s.object = &result
	return said
}

// change is one ApplyResourceChange.
func (s *Session) change(ctx context.Context, prior object, planned proposal, config tftypes.Value) (object, Diagnostics) {
	nothing := object{value: tftypes.NewValue(s.as, nil)}
	request := &tfprotov6.ApplyResourceChangeRequest{
		TypeName: s.typeName, PlannedPrivate: planned.private, PlannedIdentity: planned.identity,
	}
	for into, value := range map[**tfprotov6.DynamicValue]tftypes.Value{
		&request.PriorState: prior.value, &request.PlannedState: planned.value, &request.Config: config,
	} {
		encoded, problems := wire(s.as, value)
		if problems != nil {
			return nothing, problems
		}
		*into = encoded
	}
	response, err := s.provider.server.ApplyResourceChange(ctx, request)
	if err != nil {
		return nothing, received(nil, err)
	}
	said := received(response.Diagnostics, nil)
	value, problems := undynamic(s.as, response.NewState)
	said = append(said, problems...)
	said = append(said, checkKnown(s.schema, value)...)
	said = append(said, checkStored(s.schema, value)...)
	return object{value: value, private: response.Private, identity: response.NewIdentity}, said
}
