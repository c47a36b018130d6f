package provider_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
)

var (
	secretName = regexp.MustCompile(`(^|_)(secret|secret_id|secret_key|token|user_sig|private_map_key)(_wo)?$`)
	// urlName is secret only as a write-only argument.
	urlName = regexp.MustCompile(`_url_wo$`)
)

// TestSecretsAreMarked checks that every attribute with the name of a secret is
// sensitive.
func TestSecretsAreMarked(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(provider.New(provider.Options{})())()
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	schemas := map[string]*tfprotov6.Schema{"provider": schema.Provider}
	for name, one := range schema.ResourceSchemas {
		schemas["resource "+name] = one
	}
	for name, one := range schema.DataSourceSchemas {
		schemas["data "+name] = one
	}
	for name, one := range schema.EphemeralResourceSchemas {
		schemas["ephemeral "+name] = one
	}
	marked := 0
	for place, one := range schemas {
		marked += expectMarked(t, place, one.Block.Attributes)
		for _, nested := range one.Block.BlockTypes {
			marked += expectMarked(t, place+"."+nested.TypeName, nested.Block.Attributes)
		}
	}
	// Four keys and a token of the provider, three pairs of the resource, two
	// tickets and their key twice.
	if want := 5 + 5 + 4; marked != want {
		t.Errorf("%d attributes are secret, want %d", marked, want)
	}
}

// expectMarked checks the attributes, and returns the number of secrets.
func expectMarked(t *testing.T, place string, attributes []*tfprotov6.SchemaAttribute) int {
	t.Helper()
	secrets := 0
	for _, attribute := range attributes {
		if attribute.NestedType != nil {
			secrets += expectMarked(t, place+"."+attribute.Name, attribute.NestedType.Attributes)
		}
		named := secretName.MatchString(attribute.Name) || urlName.MatchString(attribute.Name)
		if !named || attribute.Type.Is(tftypes.Bool) {
			continue
		}
		secrets++
		if !attribute.Sensitive {
			t.Errorf("%s: %s is not sensitive", place, attribute.Name)
		}
	}
	return secrets
}
