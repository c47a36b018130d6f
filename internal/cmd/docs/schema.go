package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// schemaJSON returns the schema of server in the form of `terraform providers
// schema -json`, indented, under the given name. The schema comes from
// the plugin protocol, so it does not depend on the installed CLI, and includes the
// parts that older CLIs leave out.
func schemaJSON(ctx context.Context, server tfprotov6.ProviderServer, name string) ([]byte, error) {
	response, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	for _, diagnostic := range append(response.Diagnostics, identities.Diagnostics...) {
		return nil, fmt.Errorf("%s: %s", diagnostic.Summary, diagnostic.Detail)
	}
	converted := &tfjson.ProviderSchema{
		ConfigSchema:             convert(response.Provider),
		ResourceSchemas:          convertAll(response.ResourceSchemas, convert),
		DataSourceSchemas:        convertAll(response.DataSourceSchemas, convert),
		EphemeralResourceSchemas: convertAll(response.EphemeralResourceSchemas, convert),
		ListResourceSchemas:      convertAll(response.ListResourceSchemas, convert),
		ActionSchemas: convertAll(response.ActionSchemas, func(one *tfprotov6.ActionSchema) *tfjson.ActionSchema {
			return &tfjson.ActionSchema{Block: convertBlock(one.Schema.Block)}
		}),
		ResourceIdentitySchemas: convertAll(identities.IdentitySchemas, convertIdentity),
	}
	text, err := json.MarshalIndent(tfjson.ProviderSchemas{
		FormatVersion: "1.0", Schemas: map[string]*tfjson.ProviderSchema{name: converted},
	}, "", "  ")
	return append(text, '\n'), err
}

func convertAll[From, To any](all map[string]From, convert func(From) To) map[string]To {
	converted := map[string]To{}
	for name, one := range all {
		converted[name] = convert(one)
	}
	return converted
}

func convert(one *tfprotov6.Schema) *tfjson.Schema {
	return &tfjson.Schema{Version: uint64(one.Version), Block: convertBlock(one.Block)} //nolint:gosec // It is not negative.
}

func convertBlock(one *tfprotov6.SchemaBlock) *tfjson.SchemaBlock {
	nested := map[string]*tfjson.SchemaBlockType{}
	for _, inner := range one.BlockTypes {
		nested[inner.TypeName] = &tfjson.SchemaBlockType{
			NestingMode: tfjson.SchemaNestingMode(strings.ToLower(inner.Nesting.String())), Block: convertBlock(inner.Block),
			MinItems: uint64(inner.MinItems), MaxItems: uint64(inner.MaxItems), //nolint:gosec // They are not negative.
		}
	}
	return &tfjson.SchemaBlock{
		Attributes:      convertAttributes(one.Attributes),
		NestedBlocks:    nested,
		Description:     one.Description,
		DescriptionKind: kind(one.DescriptionKind),
		Deprecated:      one.Deprecated,
	}
}

func convertAttributes(all []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	converted := map[string]*tfjson.SchemaAttribute{}
	for _, one := range all {
		attribute := &tfjson.SchemaAttribute{
			Description: one.Description, DescriptionKind: kind(one.DescriptionKind), Deprecated: one.Deprecated,
			Required: one.Required, Optional: one.Optional, Computed: one.Computed,
			Sensitive: one.Sensitive, WriteOnly: one.WriteOnly,
		}
		if one.NestedType != nil {
			attribute.AttributeNestedType = &tfjson.SchemaNestedAttributeType{
				Attributes:  convertAttributes(one.NestedType.Attributes),
				NestingMode: tfjson.SchemaNestingMode(strings.ToLower(one.NestedType.Nesting.String())),
			}
		} else {
			convertType(one.Type, &attribute.AttributeType)
		}
		converted[one.Name] = attribute
	}
	return converted
}

func convertIdentity(identity *tfprotov6.ResourceIdentitySchema) *tfjson.IdentitySchema {
	attributes := map[string]*tfjson.IdentityAttribute{}
	for _, one := range identity.IdentityAttributes {
		attributes[one.Name] = &tfjson.IdentityAttribute{
			Description: one.Description, RequiredForImport: one.RequiredForImport, OptionalForImport: one.OptionalForImport,
		}
		convertType(one.Type, &attributes[one.Name].IdentityType)
	}
	return &tfjson.IdentitySchema{Version: uint64(identity.Version), Attributes: attributes} //nolint:gosec // It is not negative.
}

// convertType sets into to the type: both libraries have the same JSON for it.
func convertType(from tftypes.Type, into json.Unmarshaler) {
	if text, err := json.Marshal(from); err == nil {
		_ = into.UnmarshalJSON(text) // A wrong type differs from the golden file.
	}
}

func kind(of tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	return tfjson.SchemaDescriptionKind(strings.ToLower(of.String()))
}
