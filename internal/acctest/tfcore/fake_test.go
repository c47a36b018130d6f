package tfcore_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// fake is a server for a resource with a configured name, a computed id and a
// write-only secret. It behaves until a test replaces one of its functions.
type fake struct {
	tfprotov6.ProviderServer

	plan    func(*tfprotov6.PlanResourceChangeRequest, map[string]tftypes.Value) *tfprotov6.PlanResourceChangeResponse
	apply   func(map[string]tftypes.Value) (map[string]tftypes.Value, []*tfprotov6.Diagnostic)
	planned []*tfprotov6.PlanResourceChangeRequest
	applied []*tfprotov6.ApplyResourceChangeRequest
}

func fakeSchema() *tfprotov6.Schema {
	return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
		{Name: "name", Type: tftypes.String, Required: true},
		{Name: "id", Type: tftypes.String, Computed: true},
		{Name: "secret", Type: tftypes.String, Optional: true, WriteOnly: true},
	}}}
}

func fakeType() tftypes.Type { return fakeSchema().ValueType() }

func text(value any) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

// start returns a session below the fake.
func start(t *testing.T, server *fake) *tfcore.Session {
	t.Helper()
	provider, err := tfcore.Connect(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	session, err := provider.Session("fake")
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// created returns a session whose object exists.
func created(t *testing.T, server *fake) *tfcore.Session {
	t.Helper()
	session := start(t, server)
	if _, said := session.ApplyConfig(t.Context(), tfcore.Values{"name": "old"}); said.HasErrors() {
		t.Fatal(said)
	}
	return session
}

func (f *fake) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{ResourceSchemas: map[string]*tfprotov6.Schema{"fake": fakeSchema()}}, nil
}

func (f *fake) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (f *fake) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (f *fake) ReadResource(_ context.Context, request *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: request.CurrentState, Private: request.Private}, nil
}

// PlanResourceChange plans an unknown id for a new object, and replaces an
// object whose name changes.
func (f *fake) PlanResourceChange(_ context.Context, request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	f.planned = append(f.planned, request)
	proposed := open(request.ProposedNewState)
	if proposed == nil {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: request.ProposedNewState}, nil
	}
	proposed["secret"] = text(nil)
	if open(request.PriorState) == nil {
		proposed["id"] = text(tftypes.UnknownValue)
	}
	if f.plan != nil {
		return f.plan(request, proposed), nil
	}
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState:    closed(proposed),
		PlannedPrivate:  append([]byte("planned:"), request.PriorPrivate...),
		RequiresReplace: []*tftypes.AttributePath{tftypes.NewAttributePath().WithAttributeName("name")},
	}, nil
}

// ApplyResourceChange makes the id known.
func (f *fake) ApplyResourceChange(_ context.Context, request *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	f.applied = append(f.applied, request)
	planned := open(request.PlannedState)
	var said []*tfprotov6.Diagnostic
	if planned != nil && !planned["id"].IsKnown() {
		planned["id"] = text("made")
	}
	if planned != nil && f.apply != nil {
		planned, said = f.apply(planned)
	}
	return &tfprotov6.ApplyResourceChangeResponse{NewState: closed(planned), Private: []byte("applied"), Diagnostics: said}, nil
}

// open returns the attributes of an object, or nil for null.
func open(encoded *tfprotov6.DynamicValue) map[string]tftypes.Value {
	value, err := encoded.Unmarshal(fakeType())
	if err != nil || value.IsNull() {
		return nil
	}
	var attributes map[string]tftypes.Value
	if value.As(&attributes) != nil {
		return nil
	}
	return attributes
}

func closed(attributes map[string]tftypes.Value) *tfprotov6.DynamicValue {
	value := tftypes.NewValue(fakeType(), nil)
	if attributes != nil {
		value = tftypes.NewValue(fakeType(), attributes)
	}
	encoded, err := tfprotov6.NewDynamicValue(fakeType(), value)
	if err != nil {
		return nil
	}
	return &encoded
}
