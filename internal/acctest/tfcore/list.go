package tfcore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Listed is one result of a list resource. A result that is only a diagnostic
// has neither identity nor resource.
type Listed struct {
	DisplayName string
	Identity    Values
	// Resource is nil unless includeResource was true.
	Resource    Values
	Diagnostics Diagnostics
}

// List does what terraform query does for a list block without arguments. A limit of
// 0 means no limit.
func (p *Provider) List(ctx context.Context, typeName string, includeResource bool, limit int64) ([]Listed, Diagnostics) {
	_, config, problems := encodeConfig(p.schema.ListResourceSchemas, typeName, Values{})
	server, serves := p.server.(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // Deprecated in favor of an interface that does not have the methods yet.
	if problems != nil || !serves {
		return nil, append(problems, bug("Invalid test", "there is no list resource "+typeName)...)
	}
	_, diags := called(server.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: config}))
	if diags.HasErrors() {
		return nil, diags
	}
	stream, diags := called(server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: config, IncludeResource: includeResource, Limit: limit,
	}))
	if diags.HasErrors() {
		return nil, diags
	}
	var results []Listed
	for result := range stream.Results {
		listed := Listed{DisplayName: result.DisplayName, Diagnostics: received(result.Diagnostics)}
		if result.Identity != nil {
			value, problems := fromDynamic(p.identities[typeName].ValueType(), result.Identity.IdentityData)
			listed.Identity, listed.Diagnostics = decodeObject(value), append(listed.Diagnostics, problems...)
		}
		if result.Resource != nil {
			value, problems := fromDynamic(p.schema.ResourceSchemas[typeName].ValueType(), result.Resource)
			listed.Resource, listed.Diagnostics = decodeObject(value), append(listed.Diagnostics, problems...)
		}
		results = append(results, listed)
	}
	return results, nil
}
