// Package tfcore calls a provider in this process over the plugin protocol, as
// Terraform's core does: it proposes new states, plans twice if the object must
// be replaced, plans again before it applies, passes state, private data and
// identity from one call to the next, and checks what core checks. It needs no
// process and no socket, so tests can make thousands of runs, even of features that
// the installed CLI lacks.
//
// A [Provider] is one configured provider, a [Session] is one resource instance
// in one state file. A Session is not safe for concurrent use.
package tfcore

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Provider is a provider's server and its schemas. It is safe for concurrent use
// after Configure.
type Provider struct {
	server     tfprotov6.ProviderServer
	schema     *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema
	// ForgetsWriteOnly simulates a CLI without write-only arguments, as before
	// Terraform 1.11.
	ForgetsWriteOnly bool
}

// Connect reads the schemas of the server.
func Connect(ctx context.Context, server tfprotov6.ProviderServer) (*Provider, error) {
	schema, problems := called(server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}))
	identities, more := called(server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{}))
	if problems = append(problems, more...); problems.HasErrors() {
		return nil, fmt.Errorf("schemas: %s", problems)
	}
	return &Provider{server: server, schema: schema, identities: identities.IdentitySchemas}, nil
}

// Configure validates the provider block and configures the provider with it.
func (p *Provider) Configure(ctx context.Context, config Values) Diagnostics {
	encoded, problems := encodeDynamic(p.schema.Provider.ValueType(), config)
	if problems != nil {
		return problems
	}
	_, diags := called(p.server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: encoded}))
	if diags.HasErrors() {
		return diags
	}
	_, more := called(p.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: encoded}))
	return append(diags, more...)
}

// ReadData validates and reads a data source. The values are nil after an
// error.
func (p *Provider) ReadData(ctx context.Context, typeName string, config Values) (Values, Diagnostics) {
	as, encoded, problems := encodeConfig(p.schema.DataSourceSchemas, typeName, config)
	if problems != nil {
		return nil, problems
	}
	_, diags := called(p.server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: encoded}))
	if diags.HasErrors() {
		return nil, diags
	}
	read, more := called(p.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: encoded}))
	if diags = append(diags, more...); diags.HasErrors() {
		return nil, diags
	}
	state, problems := fromDynamic(as, read.State)
	if problems == nil && !state.IsFullyKnown() {
		problems = bug("Provider produced invalid object", "a data source must be wholly known once it was read")
	}
	return decodeObject(state), append(diags, problems...)
}

// Session returns an instance of a resource type that has no state yet.
func (p *Provider) Session(typeName string) *Session {
	schema := p.schema.ResourceSchemas[typeName]
	session := &Session{provider: p, typeName: typeName, schema: schema, as: schema.ValueType(), identity: p.identities[typeName]}
	session.object = session.absent()
	return session
}

// encodeConfig encodes the configuration of a block of a type for the protocol.
func encodeConfig(schemas map[string]*tfprotov6.Schema, typeName string, config Values) (tftypes.Type, *tfprotov6.DynamicValue, Diagnostics) {
	schema, ok := schemas[typeName]
	if !ok {
		return nil, nil, bug("Invalid test", "the provider has no such "+typeName)
	}
	encoded, problems := encodeDynamic(schema.ValueType(), config)
	return schema.ValueType(), encoded, problems
}

// encodeDynamic encodes values for the protocol.
func encodeDynamic(as tftypes.Type, values Values) (*tfprotov6.DynamicValue, Diagnostics) {
	encoded, err := encode(as, values)
	if err != nil {
		return nil, bug("Invalid test", err.Error())
	}
	return toDynamic(as, encoded), nil
}

// toDynamic encodes a value of the given type. If it is of another type, the server
// rejects the empty value that toDynamic returns.
func toDynamic(as tftypes.Type, value tftypes.Value) *tfprotov6.DynamicValue {
	encoded, _ := tfprotov6.NewDynamicValue(as, value)
	return &encoded
}

// fromDynamic decodes a value of the provider; an absent one is null.
func fromDynamic(as tftypes.Type, encoded *tfprotov6.DynamicValue) (tftypes.Value, Diagnostics) {
	if encoded == nil {
		return tftypes.NewValue(as, nil), nil
	}
	value, err := encoded.Unmarshal(as)
	if err != nil {
		return tftypes.NewValue(as, nil), bug("Provider produced invalid object", err.Error())
	}
	return value, nil
}

// Invoke validates, plans and invokes an action, and returns its progress
// messages.
func (p *Provider) Invoke(ctx context.Context, typeName string, config Values) ([]string, Diagnostics) {
	server, encoded, problems := p.action(typeName, config)
	if problems != nil {
		return nil, problems
	}
	_, diags := called(server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: typeName, Config: encoded}))
	if !diags.HasErrors() {
		diags = append(diags, p.PlanAction(ctx, typeName, config)...)
	}
	if diags.HasErrors() {
		return nil, diags
	}
	stream, more := called(server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: typeName, Config: encoded}))
	if diags = append(diags, more...); diags.HasErrors() {
		return nil, diags
	}
	var progress []string
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = append(diags, received(event.Diagnostics)...)
		}
	}
	return progress, diags
}

// PlanAction plans an action. Like core, it does not validate values that were
// unknown during validation.
func (p *Provider) PlanAction(ctx context.Context, typeName string, config Values) Diagnostics {
	server, encoded, problems := p.action(typeName, config)
	if problems != nil {
		return problems
	}
	_, diags := called(server.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: typeName, Config: encoded}))
	return diags
}

// action returns what a call of an action needs.
func (p *Provider) action(typeName string, config Values) (tfprotov6.ActionServer, *tfprotov6.DynamicValue, Diagnostics) {
	schema, ok := p.schema.ActionSchemas[typeName]
	server, serves := p.server.(tfprotov6.ProviderServerWithActions) //nolint:staticcheck // Deprecated in favor of an interface that does not have the methods yet.
	if !ok || !serves {
		return nil, nil, bug("Invalid test", "unknown action "+typeName)
	}
	encoded, problems := encodeDynamic(schema.Schema.ValueType(), config)
	return server, encoded, problems
}
