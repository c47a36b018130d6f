package provider_test

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
)

const (
	userSigType       = "trtc_user_sig"
	privateMapKeyType = "trtc_private_map_key"
)

// ephemeralServer is a configured provider, asked about ephemeral resources as
// core asks.
type ephemeralServer struct {
	server  tfprotov6.ProviderServer
	schemas map[string]*tfprotov6.Schema
}

func newEphemeralServer(t testing.TB, world *acctest.World) ephemeralServer {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New(world.Options)())()
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: onWire(t, schema.Provider, world.ProviderValues(nil)),
	})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatalf("configure: %v, %v", configured, err)
	}
	return ephemeralServer{server: server, schemas: schema.EphemeralResourceSchemas}
}

// validate is what terraform validate asks.
func (s ephemeralServer) validate(t testing.TB, typeName string, config tfcore.Values) tfcore.Diagnostics {
	t.Helper()
	response, err := s.server.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{
		TypeName: typeName, Config: onWire(t, s.schemas[typeName], config),
	})
	if err != nil {
		t.Fatal(err)
	}
	return spoken(response.Diagnostics)
}

// open opens without validating, as with values that validation did not know.
func (s ephemeralServer) open(t testing.TB, typeName string, config tfcore.Values) (tfcore.Values, tfcore.Diagnostics) {
	t.Helper()
	schema := s.schemas[typeName]
	response, err := s.server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: typeName, Config: onWire(t, schema, config),
	})
	if err != nil {
		t.Fatal(err)
	}
	said := spoken(response.Diagnostics)
	if said.HasErrors() {
		return nil, said
	}
	if !response.RenewAt.IsZero() || len(response.Private) > 0 {
		t.Errorf("asks for renewal at %v with %d private bytes, want neither", response.RenewAt, len(response.Private))
	}
	return offWire(t, schema, response.Result), said
}

// opened validates and opens, which must succeed without a word, and holds the
// result to core's rules: wholly known, and as configured where configured.
func (s ephemeralServer) opened(t testing.TB, typeName string, config tfcore.Values) tfcore.Values {
	t.Helper()
	if said := s.validate(t, typeName, config); len(said) > 0 {
		t.Fatalf("validation says: %s", said)
	}
	result, said := s.open(t, typeName, config)
	if len(said) > 0 {
		t.Fatalf("opening says: %s", said)
	}
	for name, value := range result {
		if value == tfcore.Unknown {
			t.Errorf("%s is unknown", name)
		}
	}
	return result
}

func onWire(t testing.TB, schema *tfprotov6.Schema, values tfcore.Values) *tfprotov6.DynamicValue {
	t.Helper()
	attributes := map[string]tftypes.Value{}
	for _, attribute := range schema.Block.Attributes {
		attributes[attribute.Name] = tftypes.NewValue(attribute.ValueType(), plain(values[attribute.Name]))
	}
	encoded, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), attributes))
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

// plain is a value of tfcore.Values as tftypes takes it.
func plain(value any) any {
	switch value := value.(type) {
	case int:
		return big.NewFloat(float64(value))
	case []string:
		elements := []tftypes.Value{}
		for _, text := range value {
			elements = append(elements, tftypes.NewValue(tftypes.String, text))
		}
		return elements
	}
	if value == tfcore.Unknown {
		return tftypes.UnknownValue
	}
	return value
}

func offWire(t testing.TB, schema *tfprotov6.Schema, encoded *tfprotov6.DynamicValue) tfcore.Values {
	t.Helper()
	value, err := encoded.Unmarshal(schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		t.Fatal(err)
	}
	values := tfcore.Values{}
	for name, attribute := range attributes {
		values[name] = unplain(attribute)
	}
	return values
}

// unplain is the inverse of plain.
func unplain(value tftypes.Value) any {
	var text string
	var number big.Float
	var elements []tftypes.Value
	switch {
	case !value.IsKnown():
		return tfcore.Unknown
	case value.IsNull():
		return nil
	case value.As(&text) == nil:
		return text
	case value.As(&number) == nil:
		whole, _ := number.Int64()
		return int(whole)
	case value.As(&elements) == nil:
		texts := []string{}
		for _, element := range elements {
			one, _ := unplain(element).(string)
			texts = append(texts, one)
		}
		return texts
	default:
		return value
	}
}

// spoken names the attribute that each diagnostic is on by its first step.
func spoken(diagnostics []*tfprotov6.Diagnostic) tfcore.Diagnostics {
	var said tfcore.Diagnostics
	for _, one := range diagnostics {
		attribute := ""
		if steps := one.Attribute.Steps(); len(steps) > 0 {
			name, _ := steps[0].(tftypes.AttributeName)
			attribute = string(name)
		}
		said = append(said, tfcore.Diagnostic{
			Error: one.Severity == tfprotov6.DiagnosticSeverityError, Attribute: attribute, Summary: one.Summary, Detail: one.Detail,
		})
	}
	return said
}
