package tfcore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// ValidateEphemeral does what terraform validate does with an ephemeral resource.
func (p *Provider) ValidateEphemeral(ctx context.Context, typeName string, config Values) Diagnostics {
	schema, ok := p.schema.EphemeralResourceSchemas[typeName]
	if !ok {
		return bug("Invalid test", "there is no ephemeral resource "+typeName)
	}
	encoded, problems := encodeDynamic(schema.ValueType(), config)
	if problems != nil {
		return problems
	}
	validated, err := p.server.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: encoded})
	if err != nil {
		return received(nil, err)
	}
	return received(validated.Diagnostics, nil)
}

// OpenEphemeral opens an ephemeral resource that needs no renewal. Like core, it
// does not validate values that were unknown during validation. The result is nil
// after an error.
func (p *Provider) OpenEphemeral(ctx context.Context, typeName string, config Values) (Values, Diagnostics) {
	schema, ok := p.schema.EphemeralResourceSchemas[typeName]
	if !ok {
		return nil, bug("Invalid test", "there is no ephemeral resource "+typeName)
	}
	encoded, problems := encodeDynamic(schema.ValueType(), config)
	if problems != nil {
		return nil, problems
	}
	opened, err := p.server.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: encoded})
	if err != nil {
		return nil, received(nil, err)
	}
	diags := received(opened.Diagnostics, nil)
	if diags.HasErrors() {
		return nil, diags
	}
	result, problems := fromDynamic(schema.ValueType(), opened.Result)
	switch {
	case problems != nil:
	case !result.IsFullyKnown():
		problems = bug("Provider produced invalid object", "an ephemeral resource must be wholly known once it is open")
	case !opened.RenewAt.IsZero() || len(opened.Private) > 0:
		problems = bug("Unexpected renewal", "the ephemeral resource has a renewal time or private data")
	}
	return decodeObject(result), append(diags, problems...)
}
