package tfcore

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// proposedNew merges configuration and prior state: a computed attribute that
// is not configured keeps its prior value, every other one is as configured.
// Nested attributes that are computed in part, and blocks, are not supported.
func proposedNew(schema *tfprotov6.Schema, prior, config tftypes.Value) (tftypes.Value, error) {
	if config.IsNull() {
		return config, nil
	}
	var configured, known map[string]tftypes.Value
	if err := config.As(&configured); err != nil {
		return tftypes.Value{}, fmt.Errorf("configuration: %w", err)
	}
	if !prior.IsNull() {
		if err := prior.As(&known); err != nil {
			return tftypes.Value{}, fmt.Errorf("prior state: %w", err)
		}
	}
	proposed := make(map[string]tftypes.Value, len(configured))
	for _, attribute := range schema.Block.Attributes {
		value := configured[attribute.Name]
		if prior, ok := known[attribute.Name]; ok && attribute.Computed && value.IsNull() {
			value = prior
		}
		proposed[attribute.Name] = value
	}
	return tftypes.NewValue(config.Type(), proposed), nil
}
