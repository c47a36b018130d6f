package tfcore

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Apply applies the plan. A replacement deletes first. Apply keeps the object
// that the provider returns, even after an error, and taints a failed creation.
func (s *Session) Apply(ctx context.Context, plan Plan) Diagnostics {
	if plan.Action == "" {
		return bug("Invalid test", "a plan that failed cannot be applied")
	}
	var diags Diagnostics
	if plan.Action == Delete || plan.Action == Replace {
		diags = s.delete(ctx, plan)
		if diags.HasErrors() || plan.Action == Delete {
			return diags
		}
	}
	if plan.Action == NoOp {
		return nil
	}
	return append(diags, s.write(ctx, plan)...)
}

// ApplyConfig does what terraform apply does: refresh, plan, apply.
func (s *Session) ApplyConfig(ctx context.Context, config Values) (Plan, Diagnostics) {
	return s.run(ctx, func() Plan { return s.Plan(ctx, config) })
}

// Destroy does what terraform destroy does: refresh, plan, apply.
func (s *Session) Destroy(ctx context.Context) Diagnostics {
	_, diags := s.run(ctx, func() Plan { return s.PlanDestroy(ctx) })
	return diags
}

// run refreshes, plans and applies.
func (s *Session) run(ctx context.Context, makePlan func() Plan) (Plan, Diagnostics) {
	diags := s.Refresh(ctx)
	if diags.HasErrors() {
		return Plan{}, diags
	}
	plan := makePlan()
	diags = append(diags, plan.Diagnostics...)
	if diags.HasErrors() {
		return plan, diags
	}
	return plan, append(diags, s.Apply(ctx, plan)...)
}

func (s *Session) delete(ctx context.Context, plan Plan) Diagnostics {
	null := tftypes.NewValue(s.as, nil)
	result, diags := s.change(ctx, s.object, proposal{value: null, private: plan.planned.private}, null)
	if !diags.HasErrors() && !result.value.IsNull() {
		diags = bug("Provider returned invalid result object after apply", "something is left after a deletion")
	}
	switch {
	case !diags.HasErrors():
		s.object = s.absent()
	case !result.value.IsNull():
		result.tainted = s.object.tainted
		s.object = result
	}
	return diags
}

// write creates or updates the object, after a second plan with the values that
// became known during the apply.
func (s *Session) write(ctx context.Context, plan Plan) Diagnostics {
	final := s.plan(ctx, plan.Config, false)
	diags := final.Diagnostics.Errors()
	if !diags.HasErrors() {
		diags = checkCompatible(s.schema, "Provider produced inconsistent final plan", plan.planned.value, final.planned.value)
	}
	vanished := plan.Action == Update && final.Action == NoOp
	if !diags.HasErrors() && !vanished && final.Action != plan.Action && plan.Action != Replace {
		diags = bug("Provider produced inconsistent final plan", fmt.Sprintf("it was to %s, and now is to %s", plan, final))
	}
	if diags.HasErrors() || vanished {
		return diags
	}
	config, err := encode(s.as, plan.Config)
	if err != nil || !config.IsFullyKnown() {
		return bug("Invalid test", "the configuration must be wholly known to be applied")
	}
	prior := s.object
	result, diags := s.change(ctx, prior, final.planned, config)
	if !diags.HasErrors() {
		diags = append(diags, checkCompatible(s.schema, "Provider produced inconsistent result after apply", final.planned.value, result.value)...)
	}
	if result.value.IsNull() {
		return diags
	}
	result.tainted = diags.HasErrors() && prior.value.IsNull()
	s.object = result
	return diags
}

// change calls ApplyResourceChange once.
func (s *Session) change(ctx context.Context, prior object, planned proposal, config tftypes.Value) (object, Diagnostics) {
	response, diags := called(s.provider.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName:        s.typeName,
		PriorState:      toDynamic(s.as, prior.value),
		PlannedState:    toDynamic(s.as, planned.value),
		Config:          toDynamic(s.as, config),
		PlannedPrivate:  planned.private,
		PlannedIdentity: planned.identity,
	}))
	value, problems := fromDynamic(s.as, response.NewState)
	diags = append(diags, problems...)
	diags = append(diags, checkResult(s.schema, value)...)
	return object{value: value, private: response.Private, identity: response.NewIdentity}, diags
}

// checkPlanned checks core's rule for plans: a configured value is planned as
// configured or as in the prior state, other attributes may differ only if they are
// computed, and no write-only value is planned.
func checkPlanned(schema *tfprotov6.Schema, prior, config, planned tftypes.Value) Diagnostics {
	if planned.IsNull() || !planned.IsKnown() {
		return bug("Provider produced invalid plan", "the planned object is null or unknown")
	}
	var problems Diagnostics
	for _, attribute := range schema.Block.Attributes {
		was, want, plan := attributeOf(prior, attribute), attributeOf(config, attribute), attributeOf(planned, attribute)
		switch {
		case attribute.WriteOnly && !plan.IsNull():
			problems = append(problems, bug("Provider produced invalid plan", "a value is planned for the write-only attribute "+attribute.Name)...)
		case attribute.WriteOnly || plan.Equal(want):
		case attribute.Computed && want.IsNull():
		case !prior.IsNull() && !want.IsNull() && plan.Equal(was):
		default:
			problems = append(problems, bug("Provider produced invalid plan",
				fmt.Sprintf("%s: planned value %s for a configured value %s", attribute.Name, plan, want))...)
		}
	}
	return problems
}

// checkCompatible checks core's rule for a result or a second plan: only values that
// were unknown in the first plan are allowed to change.
func checkCompatible(schema *tfprotov6.Schema, summary string, planned, actual tftypes.Value) Diagnostics {
	if planned.IsNull() != actual.IsNull() {
		return bug(summary, "the object was planned, or not, and is now absent, or not")
	}
	var problems Diagnostics
	for _, attribute := range schema.Block.Attributes {
		plan, value := attributeOf(planned, attribute), attributeOf(actual, attribute)
		if plan.IsFullyKnown() && !plan.Equal(value) {
			problems = append(problems, bug(summary, fmt.Sprintf("%s: was %s, but now %s", attribute.Name, plan, value))...)
		}
	}
	return problems
}

// checkResult checks core's rules for results: no value is unknown, and no write-only
// value is stored.
func checkResult(schema *tfprotov6.Schema, value tftypes.Value) Diagnostics {
	var problems Diagnostics
	for _, attribute := range schema.Block.Attributes {
		if !attributeOf(value, attribute).IsFullyKnown() {
			problems = append(problems, bug("Provider returned invalid result object after apply", attribute.Name+" is still unknown")...)
		}
		if attribute.WriteOnly && !attributeOf(value, attribute).IsNull() {
			problems = append(problems, bug("Write-only attribute set", attribute.Name+" must not be stored")...)
		}
	}
	return problems
}

// attributeOf returns an attribute of an object. The attributes of a null object are
// null.
func attributeOf(object tftypes.Value, attribute *tfprotov6.SchemaAttribute) tftypes.Value {
	var named map[string]tftypes.Value
	if object.IsNull() || object.As(&named) != nil {
		return tftypes.NewValue(attribute.ValueType(), nil)
	}
	return named[attribute.Name]
}
