package tfcore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Session is one resource instance and what core keeps of it in the state
// file.
type Session struct {
	provider *Provider
	typeName string
	schema   *tfprotov6.Schema
	as       tftypes.Type
	identity *tfprotov6.ResourceIdentitySchema

	// object is nil while the state has none.
	object *object
}

// object is an object in the state file.
type object struct {
	value   tftypes.Value
	private []byte
	// identity is nil where there is none, as in the state of an older CLI.
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
}

// Sibling returns another instance of the same type below the same provider,
// without a state.
func (s *Session) Sibling() *Session {
	sibling := *s
	sibling.object = nil
	return &sibling
}

// State returns what the state file has of the object, or nil when there is
// none.
func (s *Session) State() Values {
	if s.object == nil {
		return nil
	}
	return decodeObject(s.object.value)
}

// Identity returns the object's identity, or nil when there is none.
func (s *Session) Identity() Values {
	if s.object == nil || s.object.identity == nil {
		return nil
	}
	value, problems := undynamic(s.identity.ValueType(), s.object.identity.IdentityData)
	if problems != nil {
		return nil
	}
	return decodeObject(value)
}

// Tainted tells whether the object is to be replaced because its creation
// failed half way, or because Taint was called.
func (s *Session) Tainted() bool { return s.object != nil && s.object.tainted }

// Taint marks the object for replacement.
func (s *Session) Taint() {
	if s.object != nil {
		s.object.tainted = true
	}
}

// ForgetIdentity makes the state one of a CLI before Terraform 1.12.
func (s *Session) ForgetIdentity() {
	if s.object != nil {
		s.object.identity = nil
	}
}

// Serve goes on with another server, as the next run of the CLI does. The
// state stays.
func (s *Session) Serve(provider *Provider) { s.provider = provider }

// Validate is terraform validate.
func (s *Session) Validate(ctx context.Context, config Values) Diagnostics {
	encoded, problems := dynamic(s.as, config)
	if problems != nil {
		return problems
	}
	response, err := s.provider.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: s.typeName,
		Config:   encoded,
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{
			WriteOnlyAttributesAllowed: !s.provider.ForgetsWriteOnly,
		},
	})
	if err != nil {
		return received(nil, err)
	}
	return received(response.Diagnostics, nil)
}

// Refresh reads the object. A failed refresh leaves the state as it was.
func (s *Session) Refresh(ctx context.Context) Diagnostics {
	if s.object == nil {
		return nil
	}
	fresh, said := s.read(ctx, *s.object)
	if said.HasErrors() {
		return said
	}
	s.object = fresh
	return said
}

// read returns the object as it is now: nil when it is gone.
func (s *Session) read(ctx context.Context, old object) (*object, Diagnostics) {
	current, problems := wire(s.as, old.value)
	if problems != nil {
		return nil, problems
	}
	response, err := s.provider.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName:           s.typeName,
		CurrentState:       current,
		CurrentIdentity:    old.identity,
		Private:            old.private,
		ClientCapabilities: &tfprotov6.ReadResourceClientCapabilities{},
	})
	if err != nil {
		return nil, received(nil, err)
	}
	said := received(response.Diagnostics, nil)
	if said.HasErrors() {
		return nil, said
	}
	value, problems := undynamic(s.as, response.NewState)
	said = append(said, problems...)
	if value.IsNull() {
		return nil, said
	}
	if !value.IsFullyKnown() {
		said = append(said, bug("Provider produced invalid object", "a refreshed object must be wholly known")...)
	}
	return &object{
		value: value, private: response.Private, identity: response.NewIdentity, tainted: old.tainted,
	}, said
}

// Import takes over what id names, and reads it.
func (s *Session) Import(ctx context.Context, id string) Diagnostics {
	return s.importing(ctx, &tfprotov6.ImportResourceStateRequest{ID: id})
}

// ImportByIdentity takes over what identity names, and reads it.
func (s *Session) ImportByIdentity(ctx context.Context, identity Values) Diagnostics {
	encoded, problems := dynamic(s.identity.ValueType(), identity)
	if problems != nil {
		return problems
	}
	return s.importing(ctx, &tfprotov6.ImportResourceStateRequest{
		Identity: &tfprotov6.ResourceIdentityData{IdentityData: encoded},
	})
}

func (s *Session) importing(ctx context.Context, request *tfprotov6.ImportResourceStateRequest) Diagnostics {
	if s.object != nil {
		return Diagnostics{{Error: true, Summary: "Resource already managed by Terraform"}}
	}
	request.TypeName = s.typeName
	request.ClientCapabilities = &tfprotov6.ImportResourceStateClientCapabilities{}
	response, err := s.provider.server.ImportResourceState(ctx, request)
	if err != nil {
		return received(nil, err)
	}
	said := received(response.Diagnostics, nil)
	if said.HasErrors() {
		return said
	}
	if len(response.ImportedResources) != 1 {
		return append(said, bug("Provider imported none or several objects", s.typeName)...)
	}
	imported := response.ImportedResources[0]
	value, problems := undynamic(s.as, imported.State)
	if problems != nil {
		return append(said, problems...)
	}
	fresh, more := s.read(ctx, object{value: value, private: imported.Private, identity: imported.Identity})
	said = append(said, more...)
	switch {
	case said.HasErrors():
		return said
	case fresh == nil:
		return append(said, Diagnostic{Error: true, Summary: "Cannot import non-existent remote object"})
	}
	s.object = fresh
	return said
}
