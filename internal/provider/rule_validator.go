package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// rule makes a validator of a function that returns the rule a value breaks.
// The value itself is not quoted: it may be a secret.
type rule[T any] struct {
	description string
	check       func(T) error
}

// Description tells the rule.
func (r rule[T]) Description(context.Context) string { return r.description }

// MarkdownDescription tells the rule.
func (r rule[T]) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

// hold reports the rule on the attribute when its value breaks it.
func (r rule[T]) hold(attribute path.Path, config attr.Value, value T, diags *diag.Diagnostics) {
	if config.IsNull() || config.IsUnknown() {
		return
	}
	if err := r.check(value); err != nil {
		diags.Append(ruleBroken(attribute, err))
	}
}

// stringRule is a rule for strings.
type stringRule struct{ rule[string] }

// ValidateString holds the value to the rule.
func (r stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	r.hold(req.Path, req.ConfigValue, req.ConfigValue.ValueString(), &resp.Diagnostics)
}

// int64Rule is a rule for whole numbers.
type int64Rule struct{ rule[int64] }

// ValidateInt64 holds the value to the rule.
func (r int64Rule) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	r.hold(req.Path, req.ConfigValue, req.ConfigValue.ValueInt64(), &resp.Diagnostics)
}

// ruleBroken is the diagnostic for a value that breaks a rule.
func ruleBroken(attribute path.Path, err error) diag.Diagnostic {
	rule := err.Error()
	var broken *tickets.RuleError
	if errors.As(err, &broken) {
		rule = broken.Rule
	}
	return diag.NewAttributeErrorDiagnostic(attribute, "Invalid value for "+attribute.String(),
		attribute.String()+" "+rule+".")
}
