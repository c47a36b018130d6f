package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// wholeNumber is the type of an argument that is a whole number. Its values are
// plain ones. The framework's own type takes a number with a fraction for a
// fault of the provider, and says so twice.
type wholeNumber struct {
	basetypes.Int64Type

	// rule is what the number must be, where there is more to say of it.
	rule string
}

var (
	_ basetypes.Int64Typable      = wholeNumber{}
	_ xattr.ValidateableAttribute = notWholeNumber{}
)

// Equal tells whether the other type's values are whole numbers too.
func (t wholeNumber) Equal(other attr.Type) bool {
	_, same := other.(wholeNumber)
	return same || t.Int64Type.Equal(other)
}

// String names the type.
func (t wholeNumber) String() string { return "provider.wholeNumber" }

// ValueFromTerraform returns the number, or a value that reports itself.
func (t wholeNumber) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.Int64Type.ValueFromTerraform(ctx, in)
	if err == nil {
		return value, nil
	}
	rule := t.rule
	if rule == "" {
		rule = "must be a whole number"
	}
	return notWholeNumber{Int64Value: basetypes.NewInt64Unknown(), rule: rule}, nil
}

// notWholeNumber stands for a number that is no whole one, or beyond 64 bits.
type notWholeNumber struct {
	basetypes.Int64Value

	rule string
}

// ValidateAttribute reports the rule. The framework asks whenever it reads a
// value, so none of these gets any further.
func (v notWholeNumber) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	resp.Diagnostics.Append(ruleBroken(req.Path, errors.New(v.rule)))
}
