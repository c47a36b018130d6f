package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// adoptionKey marks in the private state a task that was imported and whose
// arguments no apply has recorded yet.
const adoptionKey = "adopting"

const (
	adoptionPending = `true`
	adoptionOver    = `false`
)

// privateWriter is the part of the private state that operations write.
type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// isAdopting tells whether the task was imported and is not adopted yet.
func isAdopting(ctx context.Context, private privateReader) (bool, diag.Diagnostics) {
	value, diags := private.GetKey(ctx, adoptionKey)
	return string(value) == adoptionPending, diags
}

// setAdopting marks the task as imported, or takes the mark away.
func setAdopting(ctx context.Context, private privateWriter, adopting bool) diag.Diagnostics {
	if adopting {
		return private.SetKey(ctx, adoptionKey, []byte(adoptionPending))
	}
	return private.SetKey(ctx, adoptionKey, []byte(adoptionOver))
}
