package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// rule is a validator made of a function that returns the rule a value breaks.
// Diagnostics do not contain the value, which may be a secret.
type rule[T any] struct {
	description string
	check       func(T) error
}

func (r rule[T]) Description(context.Context) string { return r.description }

func (r rule[T]) MarkdownDescription(context.Context) string { return r.description }

func (r rule[T]) validate(attribute path.Path, config attr.Value, value T, diags *diag.Diagnostics) {
	if config.IsNull() || config.IsUnknown() {
		return
	}
	if err := r.check(value); err != nil {
		diags.Append(invalidValue(attribute, err))
	}
}

type stringRule struct{ rule[string] }

func (r stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	r.validate(req.Path, req.ConfigValue, req.ConfigValue.ValueString(), &resp.Diagnostics)
}

type int64Rule struct{ rule[int64] }

func (r int64Rule) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	r.validate(req.Path, req.ConfigValue, req.ConfigValue.ValueInt64(), &resp.Diagnostics)
}

// invalidValue returns the diagnostic for a value that breaks a rule.
func invalidValue(attribute path.Path, err error) diag.Diagnostic {
	rule := err.Error()
	if broken, ok := errors.AsType[*tickets.RuleError](err); ok {
		rule = broken.Rule
	}
	return diag.NewAttributeErrorDiagnostic(attribute, "Invalid value for "+attribute.String(),
		attribute.String()+" "+rule+".")
}

// wholeNumber is the type of whole-number arguments. Its values are types.Int64
// or notWholeNumber. The framework's own type reports a number with a fraction as
// a bug of the provider, twice.
type wholeNumber struct {
	basetypes.Int64Type

	// rule is reported for other numbers; empty means "must be a whole number".
	rule string
}

func (t wholeNumber) Equal(other attr.Type) bool {
	_, same := other.(wholeNumber)
	return same || t.Int64Type.Equal(other)
}

func (t wholeNumber) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.Int64Type.ValueFromTerraform(ctx, in)
	if err != nil {
		value = notWholeNumber{Int64Value: types.Int64Unknown(), rule: cmp.Or(t.rule, "must be a whole number")}
	}
	return value, nil
}

// notWholeNumber is a number that has a fraction or exceeds 64 bits.
type notWholeNumber struct {
	basetypes.Int64Value

	rule string
}

// ValidateAttribute implements xattr.ValidateableAttribute. The framework calls
// it whenever it reads the value, so that no operation uses one.
func (v notWholeNumber) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	resp.Diagnostics.Append(invalidValue(req.Path, errors.New(v.rule)))
}

// isInvisible reports whether a character is white space, a control character,
// or one that most programs do not display.
func isInvisible(r rune) bool {
	return !unicode.IsPrint(r) || unicode.In(r, unicode.White_Space, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// nameInvisible returns the kind and the code point of the invisible character at
// the start of text.
func nameInvisible(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	kind := "an invisible character"
	switch {
	case first == ' ':
		kind = "a space"
	case first == '\t':
		kind = "a tab"
	case first == '\n', first == '\r':
		kind = "a line break"
	case unicode.IsSpace(first):
		kind = "white space"
	case unicode.IsControl(first):
		kind = "a control character"
	}
	return fmt.Sprintf("%s (%U)", kind, first)
}
