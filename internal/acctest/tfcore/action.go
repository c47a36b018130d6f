package tfcore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Invoke validates, plans and invokes an action, and returns the progress that
// it told.
func (p *Provider) Invoke(ctx context.Context, typeName string, config Values) ([]string, Diagnostics) {
	schema, ok := p.schema.ActionSchemas[typeName]
	server, serves := p.server.(tfprotov6.ProviderServerWithActions) //nolint:staticcheck // Deprecated in favour of an interface that does not have the methods yet.
	if !ok || !serves {
		return nil, bug("Invalid test", "there is no action "+typeName)
	}
	encoded, problems := dynamic(schema.Schema.ValueType(), config)
	if problems != nil {
		return nil, problems
	}
	said := prepare(ctx, server, typeName, encoded)
	if said.HasErrors() {
		return nil, said
	}
	stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: typeName, Config: encoded})
	if err != nil {
		return nil, append(said, received(nil, err)...)
	}
	var progress []string
	for event := range stream.Events {
		switch told := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, told.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			said = append(said, received(told.Diagnostics, nil)...)
		}
	}
	return progress, said
}

// prepare is what core does before it invokes an action.
func prepare(ctx context.Context, server tfprotov6.ActionServer, typeName string, config *tfprotov6.DynamicValue) Diagnostics {
	validated, err := server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: typeName, Config: config})
	if err != nil {
		return received(nil, err)
	}
	said := received(validated.Diagnostics, nil)
	if said.HasErrors() {
		return said
	}
	planned, err := server.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: typeName, Config: config})
	if err != nil {
		return append(said, received(nil, err)...)
	}
	return append(said, received(planned.Diagnostics, nil)...)
}
