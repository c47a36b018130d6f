package tfcore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// ValidateEphemeral does what terraform validate does with an ephemeral resource.
func (p *Provider) ValidateEphemeral(ctx context.Context, typeName string, config Values) Diagnostics {
	_, encoded, problems := encodeConfig(p.schema.EphemeralResourceSchemas, typeName, config)
	if problems != nil {
		return problems
	}
	_, diags := called(p.server.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: encoded}))
	return diags
}

// OpenEphemeral opens an ephemeral resource that needs no renewal. Like core, it
// does not validate values that were unknown during validation. The result is nil
// after an error.
func (p *Provider) OpenEphemeral(ctx context.Context, typeName string, config Values) (Values, Diagnostics) {
	as, encoded, problems := encodeConfig(p.schema.EphemeralResourceSchemas, typeName, config)
	if problems != nil {
		return nil, problems
	}
	opened, diags := called(p.server.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: encoded}))
	if diags.HasErrors() {
		return nil, diags
	}
	result, problems := fromDynamic(as, opened.Result)
	switch {
	case problems != nil:
	case !result.IsFullyKnown():
		problems = bug("Provider produced invalid object", "an ephemeral resource must be wholly known once it is open")
	case !opened.RenewAt.IsZero() || len(opened.Private) > 0:
		problems = bug("Unexpected renewal", "the ephemeral resource has a renewal time or private data")
	}
	return decodeObject(result), append(diags, problems...)
}
