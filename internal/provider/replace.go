package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
)

const replaceDescription = "A change starts a new task. After an import the first apply only records the value."

// privateReader is the part of the private state that plan modifiers read.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// needsReplacement tells whether a changed create-only argument replaces the
// task. Until an imported task is adopted its arguments are null in the state
// because the service does not tell them, not because they were unset.
func needsReplacement(ctx context.Context, state attr.Value, private privateReader, diags *diag.Diagnostics) bool {
	adopting, found := isAdopting(ctx, private)
	diags.Append(found...)
	return !adopting || !state.IsNull()
}

func replaceString() planmodifier.String {
	return stringplanmodifier.RequiresReplaceIf(
		func(ctx context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = needsReplacement(ctx, req.StateValue, req.Private, &resp.Diagnostics)
		}, replaceDescription, replaceDescription)
}

func replaceInt64() planmodifier.Int64 {
	return int64planmodifier.RequiresReplaceIf(
		func(ctx context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = needsReplacement(ctx, req.StateValue, req.Private, &resp.Diagnostics)
		}, replaceDescription, replaceDescription)
}

func replaceBool() planmodifier.Bool {
	return boolplanmodifier.RequiresReplaceIf(
		func(ctx context.Context, req planmodifier.BoolRequest, resp *boolplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = needsReplacement(ctx, req.StateValue, req.Private, &resp.Diagnostics)
		}, replaceDescription, replaceDescription)
}
