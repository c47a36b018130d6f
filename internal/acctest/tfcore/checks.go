package tfcore

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// checkPlanned is core's rule for plans: a configured value is planned as it
// is or left as it was, only computed attributes may differ, and nothing
// write-only is planned.
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

// checkCompatible is core's rule for what comes after a plan, be it the result
// or a second plan with more known values: only what was unknown may change.
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

// checkKnown is core's rule for results: nothing is unknown after apply.
func checkKnown(schema *tfprotov6.Schema, value tftypes.Value) Diagnostics {
	var problems Diagnostics
	for _, attribute := range schema.Block.Attributes {
		if !attributeOf(value, attribute).IsFullyKnown() {
			problems = append(problems, bug("Provider returned invalid result object after apply", attribute.Name+" is still unknown")...)
		}
	}
	return problems
}

// checkStored is core's rule for the state: it has no write-only values.
func checkStored(schema *tfprotov6.Schema, value tftypes.Value) Diagnostics {
	var problems Diagnostics
	for _, attribute := range schema.Block.Attributes {
		if attribute.WriteOnly && !attributeOf(value, attribute).IsNull() {
			problems = append(problems, bug("Write-only attribute set", attribute.Name+" must not be stored")...)
		}
	}
	return problems
}

// attributeOf returns an attribute of an object; those of a null object are
// null.
func attributeOf(object tftypes.Value, attribute *tfprotov6.SchemaAttribute) tftypes.Value {
	var named map[string]tftypes.Value
	if object.IsNull() || object.As(&named) != nil {
		return tftypes.NewValue(attribute.ValueType(), nil)
	}
	return named[attribute.Name]
}
