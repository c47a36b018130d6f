// Package schemajson writes the provider's schema in the form of `terraform
// providers schema -json`, straight from the plugin protocol. Documentation
// and the golden schema file are made from it, so they are the same whichever
// Terraform CLI is installed, and have what older ones leave out.
package schemajson

import (
	"context"
	"encoding/json"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// formatVersion is that of the documents which Terraform writes.
const formatVersion = "1.0"

// identityServer is the part of a provider server that tells identity schemas.
type identityServer interface {
	GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error)
}

// Write returns the indented schema document of server under the given local
// name or address. It fails when the server does, or has a schema of an
// unknown form.
func Write(ctx context.Context, server tfprotov6.ProviderServer, name string) ([]byte, error) {
	response, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, fmt.Errorf("getting the provider schema: %w", err)
	}
	provider, err := providerSchema(response)
	if err != nil {
		return nil, err
	}
	if server, ok := server.(identityServer); ok {
		identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
		if err != nil {
			return nil, fmt.Errorf("getting the identity schemas: %w", err)
		}
		provider.ResourceIdentitySchemas, err = identitySchemas(identities.IdentitySchemas)
		if err != nil {
			return nil, err
		}
	}
	document := struct {
		FormatVersion string                            `json:"format_version"`
		Schemas       map[string]*tfjson.ProviderSchema `json:"provider_schemas"`
	}{formatVersion, map[string]*tfjson.ProviderSchema{name: provider}}
	text, err := json.MarshalIndent(document, "", "  ")
	return append(text, '\n'), err
}

func providerSchema(response *tfprotov6.GetProviderSchemaResponse) (*tfjson.ProviderSchema, error) {
	for _, diagnostic := range response.Diagnostics {
		return nil, fmt.Errorf("getting the provider schema: %s: %s", diagnostic.Summary, diagnostic.Detail)
	}
	config, err := schema(response.Provider)
	if err != nil {
		return nil, err
	}
	provider := &tfjson.ProviderSchema{ConfigSchema: config, ActionSchemas: map[string]*tfjson.ActionSchema{}}
	if provider.ResourceSchemas, err = schemas(response.ResourceSchemas); err != nil {
		return nil, err
	}
	if provider.DataSourceSchemas, err = schemas(response.DataSourceSchemas); err != nil {
		return nil, err
	}
	if provider.EphemeralResourceSchemas, err = schemas(response.EphemeralResourceSchemas); err != nil {
		return nil, err
	}
	for name, action := range response.ActionSchemas {
		converted, err := schema(action.Schema)
		if err != nil {
			return nil, err
		}
		provider.ActionSchemas[name] = &tfjson.ActionSchema{Block: converted.Block}
	}
	return provider, nil
}

func schemas(all map[string]*tfprotov6.Schema) (map[string]*tfjson.Schema, error) {
	converted := map[string]*tfjson.Schema{}
	for name, one := range all {
		var err error
		if converted[name], err = schema(one); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return converted, nil
}

func schema(one *tfprotov6.Schema) (*tfjson.Schema, error) {
	if len(one.Block.BlockTypes) > 0 {
		return nil, fmt.Errorf("nested blocks are not converted; use nested attributes")
	}
	attributes, err := attributes(one.Block.Attributes)
	if err != nil {
		return nil, err
	}
	return &tfjson.Schema{
		Version: uint64(max(one.Version, 0)),
		Block: &tfjson.SchemaBlock{
			Attributes:      attributes,
			Description:     one.Block.Description,
			DescriptionKind: kind(one.Block.DescriptionKind),
			Deprecated:      one.Block.Deprecated,
		},
	}, nil
}

func attributes(all []*tfprotov6.SchemaAttribute) (map[string]*tfjson.SchemaAttribute, error) {
	converted := map[string]*tfjson.SchemaAttribute{}
	for _, one := range all {
		attribute := &tfjson.SchemaAttribute{
			Description:     one.Description,
			DescriptionKind: kind(one.DescriptionKind),
			Deprecated:      one.Deprecated,
			Required:        one.Required,
			Optional:        one.Optional,
			Computed:        one.Computed,
			Sensitive:       one.Sensitive,
			WriteOnly:       one.WriteOnly,
		}
		var err error
		if one.NestedType == nil {
			attribute.AttributeType, err = ctyType(one.Type)
		} else {
			attribute.AttributeNestedType, err = nested(one.NestedType)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", one.Name, err)
		}
		converted[one.Name] = attribute
	}
	return converted, nil
}

func nested(object *tfprotov6.SchemaObject) (*tfjson.SchemaNestedAttributeType, error) {
	modes := map[tfprotov6.SchemaObjectNestingMode]tfjson.SchemaNestingMode{
		tfprotov6.SchemaObjectNestingModeSingle: tfjson.SchemaNestingModeSingle,
		tfprotov6.SchemaObjectNestingModeList:   tfjson.SchemaNestingModeList,
		tfprotov6.SchemaObjectNestingModeSet:    tfjson.SchemaNestingModeSet,
		tfprotov6.SchemaObjectNestingModeMap:    tfjson.SchemaNestingModeMap,
	}
	inner, err := attributes(object.Attributes)
	return &tfjson.SchemaNestedAttributeType{Attributes: inner, NestingMode: modes[object.Nesting]}, err
}

func identitySchemas(all map[string]*tfprotov6.ResourceIdentitySchema) (map[string]*tfjson.IdentitySchema, error) {
	converted := map[string]*tfjson.IdentitySchema{}
	for name, one := range all {
		identity := &tfjson.IdentitySchema{
			Version:    uint64(max(one.Version, 0)),
			Attributes: map[string]*tfjson.IdentityAttribute{},
		}
		for _, attribute := range one.IdentityAttributes {
			attributeType, err := ctyType(attribute.Type)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", attribute.Name, err)
			}
			identity.Attributes[attribute.Name] = &tfjson.IdentityAttribute{
				IdentityType:      attributeType,
				Description:       attribute.Description,
				RequiredForImport: attribute.RequiredForImport,
				OptionalForImport: attribute.OptionalForImport,
			}
		}
		converted[name] = identity
	}
	return converted, nil
}

// ctyType goes through JSON, the only form that both libraries share.
func ctyType(from tftypes.Type) (cty.Type, error) {
	var to cty.Type
	encoded, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(encoded, &to)
	}
	return to, err
}

func kind(from tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	if from == tfprotov6.StringKindMarkdown {
		return tfjson.SchemaDescriptionKindMarkdown
	}
	return tfjson.SchemaDescriptionKindPlain
}
