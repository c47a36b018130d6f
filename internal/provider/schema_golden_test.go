package provider_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/schemajson"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestSchemaGolden shows every change of the schema as a difference of a file.
func TestSchemaGolden(t *testing.T) {
	t.Parallel()
	golden := filepath.Join("testdata", "schema.json")
	got, err := schemajson.Write(t.Context(), providerserver.NewProtocol6(provider.New(provider.Options{})())(), provider.Address)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("the schema differs from %s: users see every change of it. If it is meant, run "+
			"`go test ./internal/provider -run TestSchemaGolden -update`, look at the difference, and add a line to CHANGELOG.md.", golden)
	}
}
