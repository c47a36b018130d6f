package tfcore_test

import (
	"context"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// fake is a server whose provider, resource, data source and action have the same
// schema: a configured name, a computed id and a write-only secret. It is correct
// until a test sets one of its fields.
type fake struct {
	tfprotov6.ProviderServer

	// refuses is a name that validation refuses.
	refuses string
	// gone makes the resource disappear, and unreadable makes reads fail.
	gone, unreadable bool

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
	return provider.Session("fake")
}

// created returns a session whose object exists.
func created(t *testing.T, server *fake) *tfcore.Session {
	t.Helper()
	session := start(t, server)
	if _, diags := session.ApplyConfig(t.Context(), tfcore.Values{"name": "old"}); diags.HasErrors() {
		t.Fatal(diags)
	}
	return session
}

func (f *fake) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	named := map[string]*tfprotov6.Schema{"fake": fakeSchema()}
	return &tfprotov6.GetProviderSchemaResponse{
		Provider: fakeSchema(), ResourceSchemas: named, DataSourceSchemas: named,
		ActionSchemas: map[string]*tfprotov6.ActionSchema{"fake": {Schema: fakeSchema()}},
	}, nil
}

func (f *fake) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (f *fake) validate(config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
	var name string
	if f.refuses == "" || open(config)["name"].As(&name) != nil || name != f.refuses {
		return nil
	}
	return []*tfprotov6.Diagnostic{{
		Severity: tfprotov6.DiagnosticSeverityError, Summary: "refused", Attribute: tftypes.NewAttributePath().WithAttributeName("name"),
	}}
}

func (f *fake) ValidateProviderConfig(_ context.Context, request *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{Diagnostics: f.validate(request.Config)}, nil
}

func (f *fake) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{Diagnostics: []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "configured"}}}, nil
}

func (f *fake) ValidateDataResourceConfig(_ context.Context, request *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{Diagnostics: f.validate(request.Config)}, nil
}

// ReadDataSource returns the configuration, with an unknown id if name is "unknown".
func (f *fake) ReadDataSource(_ context.Context, request *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	read := open(request.Config)
	read["id"] = text("read")
	if read["name"].Equal(text("unknown")) {
		read["id"] = text(tftypes.UnknownValue)
	}
	return &tfprotov6.ReadDataSourceResponse{State: closed(read)}, nil
}

func (f *fake) ValidateActionConfig(_ context.Context, request *tfprotov6.ValidateActionConfigRequest) (*tfprotov6.ValidateActionConfigResponse, error) {
	return &tfprotov6.ValidateActionConfigResponse{Diagnostics: f.validate(request.Config)}, nil
}

func (f *fake) PlanAction(context.Context, *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	return &tfprotov6.PlanActionResponse{}, nil
}

func (f *fake) InvokeAction(context.Context, *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	warning := []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "invoked"}}
	return &tfprotov6.InvokeActionServerStream{Events: slices.Values([]tfprotov6.InvokeActionEvent{
		{Type: tfprotov6.ProgressInvokeActionEventType{Message: "half"}},
		{Type: tfprotov6.CompletedInvokeActionEventType{Diagnostics: warning}},
	})}, nil
}

func (f *fake) ValidateResourceConfig(_ context.Context, request *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{Diagnostics: f.validate(request.Config)}, nil
}

// ImportResourceState takes the ID as the name.
func (f *fake) ImportResourceState(_ context.Context, request *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	imported := closed(map[string]tftypes.Value{"name": text(request.ID), "id": text(nil), "secret": text(nil)})
	return &tfprotov6.ImportResourceStateResponse{ImportedResources: []*tfprotov6.ImportedResource{{TypeName: "fake", State: imported}}}, nil
}

func (f *fake) ReadResource(_ context.Context, request *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if f.unreadable {
		return &tfprotov6.ReadResourceResponse{Diagnostics: []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "unreadable"}}}, nil
	}
	if f.gone {
		return &tfprotov6.ReadResourceResponse{NewState: closed(nil)}, nil
	}
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
	var diags []*tfprotov6.Diagnostic
	if planned != nil && !planned["id"].IsKnown() {
		planned["id"] = text("made")
	}
	if planned != nil && f.apply != nil {
		planned, diags = f.apply(planned)
	}
	return &tfprotov6.ApplyResourceChangeResponse{NewState: closed(planned), Private: []byte("applied"), Diagnostics: diags}, nil
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
