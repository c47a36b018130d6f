package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The parts of the document that `terraform providers schema -json` prints.
type (
	providerSchema struct {
		Provider           schema            `json:"provider"`
		Resources          map[string]schema `json:"resource_schemas,omitempty"`
		DataSources        map[string]schema `json:"data_source_schemas,omitempty"`
		EphemeralResources map[string]schema `json:"ephemeral_resource_schemas,omitempty"`
		Actions            map[string]schema `json:"action_schemas,omitempty"`
		Identities         map[string]schema `json:"resource_identity_schemas,omitempty"`
		ListResources      map[string]schema `json:"list_resource_schemas,omitempty"`
	}
	// schema has a block, or is an identity and has attributes.
	schema struct {
		Version    *int64               `json:"version,omitempty"` // actions have none
		Block      *block               `json:"block,omitempty"`
		Attributes map[string]attribute `json:"attributes,omitempty"`
	}
	block struct {
		Attributes      map[string]attribute   `json:"attributes,omitempty"`
		BlockTypes      map[string]nestedBlock `json:"block_types,omitempty"`
		Description     string                 `json:"description,omitempty"`
		DescriptionKind string                 `json:"description_kind,omitempty"`
		Deprecated      bool                   `json:"deprecated,omitempty"`
	}
	nestedBlock struct {
		NestingMode string `json:"nesting_mode,omitempty"`
		Block       *block `json:"block,omitempty"`
		MinItems    int64  `json:"min_items,omitempty"`
		MaxItems    int64  `json:"max_items,omitempty"`
	}
	attribute struct {
		Type              tftypes.Type `json:"type,omitempty"`
		NestedType        *nestedType  `json:"nested_type,omitempty"`
		Description       string       `json:"description,omitempty"`
		DescriptionKind   string       `json:"description_kind,omitempty"`
		Deprecated        bool         `json:"deprecated,omitempty"`
		Required          bool         `json:"required,omitempty"`
		Optional          bool         `json:"optional,omitempty"`
		Computed          bool         `json:"computed,omitempty"`
		Sensitive         bool         `json:"sensitive,omitempty"`
		WriteOnly         bool         `json:"write_only,omitempty"`
		RequiredForImport bool         `json:"required_for_import,omitempty"`
		OptionalForImport bool         `json:"optional_for_import,omitempty"`
	}
	nestedType struct {
		Attributes  map[string]attribute `json:"attributes,omitempty"`
		NestingMode string               `json:"nesting_mode,omitempty"`
	}
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
	actions := map[string]*tfprotov6.Schema{}
	for name, action := range response.ActionSchemas {
		actions[name] = action.Schema
	}
	converted := providerSchema{
		Provider:           convert(response.Provider),
		Resources:          convertAll(response.ResourceSchemas),
		DataSources:        convertAll(response.DataSourceSchemas),
		EphemeralResources: convertAll(response.EphemeralResourceSchemas),
		ListResources:      convertAll(response.ListResourceSchemas),
		Actions:            convertAll(actions),
		Identities:         map[string]schema{},
	}
	for name, action := range converted.Actions {
		action.Version = nil
		converted.Actions[name] = action
	}
	for name, identity := range identities.IdentitySchemas {
		converted.Identities[name] = convertIdentity(identity)
	}
	text, err := json.MarshalIndent(map[string]any{
		"format_version": "1.0", "provider_schemas": map[string]providerSchema{name: converted},
	}, "", "  ")
	return append(text, '\n'), err
}

func convertAll(all map[string]*tfprotov6.Schema) map[string]schema {
	converted := map[string]schema{}
	for name, one := range all {
		converted[name] = convert(one)
	}
	return converted
}

func convert(one *tfprotov6.Schema) schema {
	return schema{Version: &one.Version, Block: convertBlock(one.Block)}
}

func convertBlock(one *tfprotov6.SchemaBlock) *block {
	nested := map[string]nestedBlock{}
	for _, inner := range one.BlockTypes {
		nested[inner.TypeName] = nestedBlock{
			NestingMode: strings.ToLower(inner.Nesting.String()), Block: convertBlock(inner.Block),
			MinItems: inner.MinItems, MaxItems: inner.MaxItems,
		}
	}
	return &block{
		Attributes:      convertAttributes(one.Attributes),
		BlockTypes:      nested,
		Description:     one.Description,
		DescriptionKind: strings.ToLower(one.DescriptionKind.String()),
		Deprecated:      one.Deprecated,
	}
}

func convertAttributes(all []*tfprotov6.SchemaAttribute) map[string]attribute {
	converted := map[string]attribute{}
	for _, one := range all {
		var nested *nestedType
		if one.NestedType != nil {
			nested = &nestedType{convertAttributes(one.NestedType.Attributes), strings.ToLower(one.NestedType.Nesting.String())}
		}
		converted[one.Name] = attribute{
			Type: one.Type, NestedType: nested,
			Description: one.Description, DescriptionKind: strings.ToLower(one.DescriptionKind.String()), Deprecated: one.Deprecated,
			Required: one.Required, Optional: one.Optional, Computed: one.Computed,
			Sensitive: one.Sensitive, WriteOnly: one.WriteOnly,
		}
	}
	return converted
}

func convertIdentity(identity *tfprotov6.ResourceIdentitySchema) schema {
	attributes := map[string]attribute{}
	for _, one := range identity.IdentityAttributes {
		attributes[one.Name] = attribute{
			Type: one.Type, Description: one.Description,
			RequiredForImport: one.RequiredForImport, OptionalForImport: one.OptionalForImport,
		}
	}
	return schema{Version: &identity.Version, Attributes: attributes}
}
