package tfcore

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Provider is a provider's server and its schemas. It is safe for concurrent
// use once it is configured.
type Provider struct {
	server     tfprotov6.ProviderServer
	schema     *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema
	// ForgetsWriteOnly makes the client one that knows no write-only
	// arguments, as before Terraform 1.11.
	ForgetsWriteOnly bool
}

// Connect asks the server for its schemas.
func Connect(ctx context.Context, server tfprotov6.ProviderServer) (*Provider, error) {
	schema, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if problems := received(schemaDiagnostics(schema), err); problems.HasErrors() {
		return nil, fmt.Errorf("schemas: %s", problems)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, fmt.Errorf("identity schemas: %w", err)
	}
	return &Provider{server: server, schema: schema, identities: identities.IdentitySchemas}, nil
}

func schemaDiagnostics(schema *tfprotov6.GetProviderSchemaResponse) []*tfprotov6.Diagnostic {
	if schema == nil {
		return nil
	}
	return schema.Diagnostics
}

// Configure validates the provider block and configures the provider with it.
func (p *Provider) Configure(ctx context.Context, config Values) Diagnostics {
	encoded, problems := dynamic(p.schema.Provider.ValueType(), config)
	if problems != nil {
		return problems
	}
	validated, err := p.server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: encoded})
	if err != nil {
		return received(nil, err)
	}
	said := received(validated.Diagnostics, nil)
	if said.HasErrors() {
		return said
	}
	configured, err := p.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: encoded})
	if err != nil {
		return append(said, received(nil, err)...)
	}
	return append(said, received(configured.Diagnostics, nil)...)
}

// ReadData validates and reads a data source. The values are nil after an
// error.
func (p *Provider) ReadData(ctx context.Context, typeName string, config Values) (Values, Diagnostics) {
	schema, ok := p.schema.DataSourceSchemas[typeName]
	if !ok {
		return nil, bug("Invalid test", "there is no data source "+typeName)
	}
	encoded, problems := dynamic(schema.ValueType(), config)
	if problems != nil {
		return nil, problems
	}
	validated, err := p.server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: encoded})
	if err != nil {
		return nil, received(nil, err)
	}
	said := received(validated.Diagnostics, nil)
	if said.HasErrors() {
		return nil, said
	}
	read, err := p.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: encoded})
	if err != nil {
		return nil, append(said, received(nil, err)...)
	}
	said = append(said, received(read.Diagnostics, nil)...)
	if said.HasErrors() {
		return nil, said
	}
	state, problems := undynamic(schema.ValueType(), read.State)
	if problems == nil && !state.IsFullyKnown() {
		problems = bug("Provider produced invalid object", "a data source must be wholly known once it was read")
	}
	return decodeObject(state), append(said, problems...)
}

// Session returns an instance of a resource type that has no state yet.
func (p *Provider) Session(typeName string) (*Session, error) {
	schema, ok := p.schema.ResourceSchemas[typeName]
	if !ok {
		return nil, fmt.Errorf("there is no resource type %s", typeName)
	}
	return &Session{
		provider: p,
		typeName: typeName,
		schema:   schema,
		as:       schema.ValueType(),
		identity: p.identities[typeName],
	}, nil
}

// dynamic encodes values for the wire.
func dynamic(as tftypes.Type, values Values) (*tfprotov6.DynamicValue, Diagnostics) {
	encoded, err := encode(as, values)
	if err != nil {
		return nil, bug("Invalid test", err.Error())
	}
	return wire(as, encoded)
}

func wire(as tftypes.Type, value tftypes.Value) (*tfprotov6.DynamicValue, Diagnostics) {
	encoded, err := tfprotov6.NewDynamicValue(as, value)
	if err != nil {
		return nil, bug("Invalid test", err.Error())
	}
	return &encoded, nil
}

// undynamic decodes what the provider answered; nothing at all is null.
func undynamic(as tftypes.Type, encoded *tfprotov6.DynamicValue) (tftypes.Value, Diagnostics) {
	if encoded == nil {
		return tftypes.NewValue(as, nil), nil
	}
	value, err := encoded.Unmarshal(as)
	if err != nil {
		return tftypes.NewValue(as, nil), bug("Provider produced invalid object", err.Error())
	}
	return value, nil
}
