package provider_test

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/trtc-community/terraform-provider-trtc/internal/tfserver"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// ephemeralBlock returns an ephemeral block named "test".
func ephemeralBlock(typeName string, arguments acctest.Arguments) string {
	var lines strings.Builder
	for name, value := range arguments {
		fmt.Fprintf(&lines, "  %s = %s\n", name, value)
	}
	return fmt.Sprintf("ephemeral %q \"test\" {\n%s}\n", typeName, lines.String())
}

// userSigArguments returns userSigValues as arguments of a block, without a
// key.
func userSigArguments() acctest.Arguments {
	return acctest.Arguments{"sdk_app_id": strconv.Itoa(acctest.SdkAppID), "user_id": fmt.Sprintf("%q", acctest.UserID)}
}

// echo writes the result of an ephemeral resource to the state of a provider
// made for that, where checks can read it.
func echo(t *testing.T, world *acctest.World, steps ...resource.TestStep) {
	t.Helper()
	acctest.Needs(t, features.Ephemeral)
	world.RunWith(t, map[string]func() (tfprotov6.ProviderServer, error){"echo": echoprovider.NewProviderServer()}, steps...)
}

func echoed(block, address string) string {
	return block + "provider \"echo\" {\n  data = " + address + "\n}\nresource \"echo\" \"test\" {}\n"
}

// verifies is a check of a ticket in the echoed data.
func verifies(t *testing.T, world *acctest.World, attribute string, kind tickets.Kind) statecheck.StateCheck {
	t.Helper()
	return statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey(attribute), knownvalue.StringFunc(func(token string) error {
		ticket, err := verify(keyOf(t, acctest.SdkSecretKey), token)
		if err != nil {
			return err
		}
		now := world.Clock.Now()
		if ticket.Kind != kind || !ticket.IssuedAt.Equal(now) || !ticket.ExpiresAt.Equal(now.Add(week)) || ticket.UserID != acctest.UserID {
			return fmt.Errorf("ticket is %+v", ticket)
		}
		return nil
	}))
}

func TestAccUserSigEphemeral(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	setVariables(world, map[string]string{sdkSecretKeyVariable: acctest.SdkSecretKey})
	echo(t, world, resource.TestStep{
		Config: world.ProviderBlock() + echoed(ephemeralBlock(userSigType, userSigArguments()), "ephemeral.trtc_user_sig.test"),
		ConfigStateChecks: []statecheck.StateCheck{
			verifies(t, world, "user_sig", tickets.KindUserSig),
			statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("expires_in"), acctest.Whole(604800)),
			statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("expires_at"), acctest.Text("2026-03-08T12:00:00Z")),
		},
	})
	world.ExpectJournal(t)
}

func TestAccPrivateMapKeyEphemeral(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	arguments := userSigArguments()
	arguments["room_id"] = `"1001"`
	arguments["sdk_secret_key"] = fmt.Sprintf("%q", acctest.SdkSecretKey)
	echo(t, world, resource.TestStep{
		Config: world.ProviderBlock() + echoed(ephemeralBlock(privateMapKeyType, arguments), "ephemeral.trtc_private_map_key.test"),
		ConfigStateChecks: []statecheck.StateCheck{
			verifies(t, world, "private_map_key", tickets.KindPrivateMapKey),
			statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("room_id_type"), acctest.Whole(1)),
			statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("privileges"), knownvalue.SetSizeExact(8)),
		},
	})
	world.ExpectJournal(t)
}

// TestAccEphemeralRefused checks the errors that the CLI shows.
func TestAccEphemeralRefused(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	arguments := userSigArguments()
	arguments["expires_in"] = "59"
	echo(t, world,
		resource.TestStep{
			Config:      world.ProviderBlock() + echoed(ephemeralBlock(userSigType, arguments), "ephemeral.trtc_user_sig.test"),
			ExpectError: regexp.MustCompile(`expires_in must be a whole number of seconds from 60 to 15552000`),
		},
		resource.TestStep{
			Config:      world.ProviderBlock() + echoed(ephemeralBlock(userSigType, userSigArguments()), "ephemeral.trtc_user_sig.test"),
			ExpectError: regexp.MustCompile(`(?s)No application key.*TRTC_SDK_SECRET_KEY`),
		},
	)
}

// TestAccEphemeralDeferred checks that a ticket can be minted from values that
// are known only after apply.
func TestAccEphemeralDeferred(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Ephemeral, features.WriteOnly)
	world := acctest.NewWorld(t)
	arguments := userSigArguments()
	arguments["user_id"] = "terraform_data.robot.output"
	arguments["sdk_secret_key"] = fmt.Sprintf("%q", acctest.SdkSecretKey)
	world.Run(t, resource.TestStep{
		Config: world.Config(t, acctest.Arguments{"user_sig": "", "user_sig_wo": "ephemeral.trtc_user_sig.test.user_sig"}) +
			ephemeralBlock(userSigType, arguments) +
			fmt.Sprintf("resource \"terraform_data\" \"robot\" {\n  input = %q\n}\n", acctest.UserID),
		Check: world.ExpectCalls(t, acctest.Start),
	})
}

// TestAccEphemeralToWriteOnly checks that tickets are minted in every run and
// reach the service, and that plan and state do not contain them.
func TestAccEphemeralToWriteOnly(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Ephemeral, features.WriteOnly)
	world := acctest.NewWorld(t, privilegedApp)
	setVariables(world, map[string]string{sdkSecretKeyVariable: acctest.SdkSecretKey})
	room := userSigArguments()
	room["room_id"] = `"1001"`
	config := func(volume string) string {
		return ephemeralBlock(userSigType, userSigArguments()) + ephemeralBlock(privateMapKeyType, room) +
			world.Config(t, acctest.Arguments{
				"user_sig": "", "user_sig_wo": "ephemeral.trtc_user_sig.test.user_sig",
				"private_map_key_wo": "ephemeral.trtc_private_map_key.test.private_map_key", "volume": volume,
			})
	}
	var states []string
	keep := func(state *terraform.State) error {
		states = append(states, state.String())
		return nil
	}
	created := world.Step(t, acctest.Apply{Config: config("100"), Action: plancheck.ResourceActionCreate, Calls: []string{acctest.Start}})
	created.Check = keep
	rotated := world.Step(t, acctest.Apply{
		Config: config("100"), Action: plancheck.ResourceActionNoop, Before: func() { world.Clock.Advance(week) },
	})
	updated := world.Step(t, acctest.Apply{Config: config("50"), Action: plancheck.ResourceActionUpdate, Calls: []string{acctest.Update}})
	updated.Check = keep
	world.Run(t, created, rotated, updated)
	if len(states) != 2 || holdsTicket(strings.Join(states, " ")) {
		t.Errorf("%d states seen, want 2 without a ticket: %v", len(states), states)
	}
}

// privilegedApp makes the service require a PrivateMapKey.
func privilegedApp(options *trtcmock.Options) {
	options.PrivilegedApps = map[uint64]bool{acctest.SdkAppID: true}
}

const (
	userSigType       = "trtc_user_sig"
	privateMapKeyType = "trtc_private_map_key"
)

// ephemeralServer is a configured provider that is called like Terraform calls
// ephemeral resources.
type ephemeralServer struct {
	server  tfprotov6.ProviderServer
	schemas map[string]*tfprotov6.Schema
}

func newEphemeralServer(t testing.TB, world *acctest.World) ephemeralServer {
	t.Helper()
	server := tfserver.New(provider.New(world.Options)())
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

// validate sends what terraform validate sends.
func (s ephemeralServer) validate(t testing.TB, typeName string, config tfcore.Values) tfcore.Diagnostics {
	t.Helper()
	response, err := s.server.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{
		TypeName: typeName, Config: onWire(t, s.schemas[typeName], config),
	})
	if err != nil {
		t.Fatal(err)
	}
	return diagnosticsOf(response.Diagnostics)
}

// open opens without validating, as for values that were unknown during
// validation.
func (s ephemeralServer) open(t testing.TB, typeName string, config tfcore.Values) (tfcore.Values, tfcore.Diagnostics) {
	t.Helper()
	schema := s.schemas[typeName]
	response, err := s.server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: typeName, Config: onWire(t, schema, config),
	})
	if err != nil {
		t.Fatal(err)
	}
	diags := diagnosticsOf(response.Diagnostics)
	if diags.HasErrors() {
		return nil, diags
	}
	if !response.RenewAt.IsZero() || len(response.Private) > 0 {
		t.Errorf("asks for renewal at %v with %d private bytes, want neither", response.RenewAt, len(response.Private))
	}
	return offWire(t, schema, response.Result), diags
}

// opened validates and opens, which must give no diagnostics, and checks the
// result against Terraform's rules: wholly known, and equal to configured
// values.
func (s ephemeralServer) opened(t testing.TB, typeName string, config tfcore.Values) tfcore.Values {
	t.Helper()
	if diags := s.validate(t, typeName, config); len(diags) > 0 {
		t.Fatalf("validation says: %s", diags)
	}
	result, diags := s.open(t, typeName, config)
	if len(diags) > 0 {
		t.Fatalf("opening says: %s", diags)
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
	object, _ := schema.ValueType().(tftypes.Object)
	for name, of := range object.AttributeTypes {
		attributes[name] = tftypes.NewValue(of, plain(values[name]))
	}
	encoded, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), attributes))
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

// plain converts a value of tfcore.Values for tftypes.
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
		values[name] = fromPlain(attribute)
	}
	return values
}

// fromPlain is the inverse of plain.
func fromPlain(value tftypes.Value) any {
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
			one, _ := fromPlain(element).(string)
			texts = append(texts, one)
		}
		return texts
	default:
		return value
	}
}

// diagnosticsOf converts diagnostics. The attribute of each is the first step of its
// path.
func diagnosticsOf(diagnostics []*tfprotov6.Diagnostic) tfcore.Diagnostics {
	var diags tfcore.Diagnostics
	for _, one := range diagnostics {
		attribute := ""
		if steps := one.Attribute.Steps(); len(steps) > 0 {
			name, _ := steps[0].(tftypes.AttributeName)
			attribute = string(name)
		}
		diags = append(diags, tfcore.Diagnostic{
			Error: one.Severity == tfprotov6.DiagnosticSeverityError, Attribute: attribute, Summary: one.Summary, Detail: one.Detail,
		})
	}
	return diags
}
