package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// stringRule makes a validator of a function that returns the rule a value
// breaks. The value itself is not quoted: it may be a secret.
type stringRule struct {
	description string
	check       func(string) error
}

// Description tells the rule.
func (v stringRule) Description(context.Context) string { return v.description }

// MarkdownDescription tells the rule.
func (v stringRule) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString reports the rule on the attribute when the value breaks it.
func (v stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.Append(ruleBroken(req.Path, err))
	}
}

// int64Rule is stringRule for whole numbers.
type int64Rule struct {
	description string
	check       func(int64) error
}

// Description tells the rule.
func (v int64Rule) Description(context.Context) string { return v.description }

// MarkdownDescription tells the rule.
func (v int64Rule) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateInt64 reports the rule on the attribute when the value breaks it.
func (v int64Rule) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.check(req.ConfigValue.ValueInt64()); err != nil {
		resp.Diagnostics.Append(ruleBroken(req.Path, err))
	}
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
