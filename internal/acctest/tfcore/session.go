package tfcore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Session is one resource instance and its entry in the state file.
type Session struct {
	provider *Provider
	typeName string
	schema   *tfprotov6.Schema
	as       tftypes.Type
	identity *tfprotov6.ResourceIdentitySchema

	object object
}

// object is an object in the state file. Its value is null if the state has none.
type object struct {
	value   tftypes.Value
	private []byte
	// identity is nil if the object has no identity, as in the state of an older CLI.
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
}

// absent returns the object of a state without one.
func (s *Session) absent() object { return object{value: tftypes.NewValue(s.as, nil)} }

// Sibling returns another instance of the same type and provider, without a state.
func (s *Session) Sibling() *Session { return s.provider.Session(s.typeName) }

// State returns the attributes in the state file, or nil if there is no object.
func (s *Session) State() Values { return decodeObject(s.object.value) }

// Identity returns the object's identity, or nil if there is none.
func (s *Session) Identity() Values {
	if s.object.identity == nil {
		return nil
	}
	value, _ := fromDynamic(s.identity.ValueType(), s.object.identity.IdentityData)
	return decodeObject(value)
}

// Tainted reports whether the object must be replaced because its creation failed
// or Taint was called.
func (s *Session) Tainted() bool { return s.object.tainted }

// Taint marks the object for replacement.
func (s *Session) Taint() { s.object.tainted = !s.object.value.IsNull() }

// ForgetIdentity removes the identity from the state, as before Terraform 1.12.
func (s *Session) ForgetIdentity() { s.object.identity = nil }

// Private returns the private data in the state, or an empty string if there is no
// object.
func (s *Session) Private() string { return string(s.object.private) }

// ForgetPrivate removes the private data from the state, as in states of provider
// versions without private data.
func (s *Session) ForgetPrivate() { s.object.private = nil }

// Serve uses another server with the same state, as the next run of the CLI does.
func (s *Session) Serve(provider *Provider) { s.provider = provider }

// Validate does what terraform validate does.
func (s *Session) Validate(ctx context.Context, config Values) Diagnostics {
	encoded, problems := encodeDynamic(s.as, config)
	if problems != nil {
		return problems
	}
	_, diags := called(s.provider.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: s.typeName,
		Config:   encoded,
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{
			WriteOnlyAttributesAllowed: !s.provider.ForgetsWriteOnly,
		},
	}))
	return diags
}

// Refresh reads the object. A failed refresh does not change the state.
func (s *Session) Refresh(ctx context.Context) Diagnostics {
	if s.object.value.IsNull() {
		return nil
	}
	fresh, diags := s.read(ctx, s.object)
	if diags.HasErrors() {
		return diags
	}
	s.object = fresh
	return diags
}

// read returns the current object, which is absent if it no longer exists.
func (s *Session) read(ctx context.Context, old object) (object, Diagnostics) {
	response, diags := called(s.provider.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName:           s.typeName,
		CurrentState:       toDynamic(s.as, old.value),
		CurrentIdentity:    old.identity,
		Private:            old.private,
		ClientCapabilities: &tfprotov6.ReadResourceClientCapabilities{},
	}))
	if diags.HasErrors() {
		return s.absent(), diags
	}
	value, problems := fromDynamic(s.as, response.NewState)
	diags = append(diags, problems...)
	if value.IsNull() {
		return s.absent(), diags
	}
	if !value.IsFullyKnown() {
		diags = append(diags, bug("Provider produced invalid object", "a refreshed object must be wholly known")...)
	}
	return object{
		value: value, private: response.Private, identity: response.NewIdentity, tainted: old.tainted,
	}, diags
}

// Import imports by ID and reads the object.
func (s *Session) Import(ctx context.Context, id string) Diagnostics {
	return s.importObject(ctx, &tfprotov6.ImportResourceStateRequest{ID: id})
}

// ImportByIdentity imports by identity and reads the object.
func (s *Session) ImportByIdentity(ctx context.Context, identity Values) Diagnostics {
	encoded, problems := encodeDynamic(s.identity.ValueType(), identity)
	if problems != nil {
		return problems
	}
	return s.importObject(ctx, &tfprotov6.ImportResourceStateRequest{
		Identity: &tfprotov6.ResourceIdentityData{IdentityData: encoded},
	})
}

func (s *Session) importObject(ctx context.Context, request *tfprotov6.ImportResourceStateRequest) Diagnostics {
	if !s.object.value.IsNull() {
		return Diagnostics{{Error: true, Summary: "Resource already managed by Terraform"}}
	}
	request.TypeName = s.typeName
	request.ClientCapabilities = &tfprotov6.ImportResourceStateClientCapabilities{}
	response, diags := called(s.provider.server.ImportResourceState(ctx, request))
	if diags.HasErrors() {
		return diags
	}
	if len(response.ImportedResources) != 1 {
		return append(diags, bug("Provider imported none or several objects", s.typeName)...)
	}
	imported := response.ImportedResources[0]
	value, problems := fromDynamic(s.as, imported.State)
	if problems != nil {
		return append(diags, problems...)
	}
	fresh, more := s.read(ctx, object{value: value, private: imported.Private, identity: imported.Identity})
	diags = append(diags, more...)
	switch {
	case diags.HasErrors():
		return diags
	case fresh.value.IsNull():
		return append(diags, Diagnostic{Error: true, Summary: "Cannot import non-existent remote object"})
	}
	s.object = fresh
	return diags
}
