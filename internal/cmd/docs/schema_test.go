package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
)

// TestSchemaGolden checks that every change of the schema changes the golden file.
func TestSchemaGolden(t *testing.T) {
	t.Parallel()
	golden := filepath.Join("..", "..", "provider", "testdata", "schema.json")
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := run(t.Context(), []string{"schema", provider.Address}, nil, &got); err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("the schema differs from %s: users see every change of it. If it is intended, run "+
			"make generate, review the difference, and add a line to CHANGELOG.md.", golden)
	}
	// The parser that the documentation generator uses validates the document.
	var document tfjson.ProviderSchemas
	if err := json.Unmarshal(got.Bytes(), &document); err != nil {
		t.Error(err)
	}
}

// server is a provider server with the given schemas.
type server struct {
	tfprotov6.ProviderServer
	schemas tfprotov6.GetProviderSchemaResponse
}

// GetProviderSchema returns the schemas.
func (s server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &s.schemas, nil
}

// GetResourceIdentitySchemas returns no schemas.
func (s server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func TestSchemaErrors(t *testing.T) {
	t.Parallel()
	failed := tfprotov6.GetProviderSchemaResponse{Diagnostics: []*tfprotov6.Diagnostic{{Summary: "wrong", Detail: "twice"}}}
	if _, err := schemaJSON(t.Context(), server{schemas: failed}, "x"); err == nil || err.Error() != "wrong: twice" {
		t.Errorf("error %v, want the diagnostic", err)
	}
}
