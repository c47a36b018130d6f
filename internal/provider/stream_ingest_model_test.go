package provider

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const writeOnlyCanary = "canary-write-only"

func streamIngestSchema(t *testing.T) schema.Schema {
	t.Helper()
	var response resource.SchemaResponse
	newStreamIngestResource().Schema(t.Context(), resource.SchemaRequest{}, &response)
	return response.Schema
}

func writeOnlyAttributes(t *testing.T) []string {
	t.Helper()
	var names []string
	for name, attribute := range streamIngestSchema(t).Attributes {
		if attribute.IsWriteOnly() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// withWriteOnlyValues returns an object with a value in every write-only
// attribute. Terraform never sends one, but the framework does not always null
// them.
func withWriteOnlyValues(t *testing.T) tftypes.Value {
	t.Helper()
	as, ok := streamIngestSchema(t).Type().TerraformType(t.Context()).(tftypes.Object)
	if !ok {
		t.Fatal("the schema is not an object")
	}
	attributes := map[string]tftypes.Value{}
	for name, attribute := range as.AttributeTypes {
		attributes[name] = tftypes.NewValue(attribute, nil)
	}
	for _, name := range writeOnlyAttributes(t) {
		attributes[name] = tftypes.NewValue(tftypes.String, writeOnlyCanary)
	}
	attributes["user_id"] = tftypes.NewValue(tftypes.String, "robot-1")
	return tftypes.NewValue(as, attributes)
}

// TestModelCannotHoldWriteOnlyValues checks that the model's types cannot
// hold write-only values.
func TestModelCannotHoldWriteOnlyValues(t *testing.T) {
	t.Parallel()
	if want := []string{"private_map_key_wo", "stream_url_wo", "user_sig_wo"}; !slices.Equal(writeOnlyAttributes(t), want) {
		t.Errorf("write-only are %v, want %v", writeOnlyAttributes(t), want)
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[streamIngestModel]()) {
		name := field.Tag.Get("tfsdk")
		if slices.Contains(writeOnlyAttributes(t), name) && field.Type != reflect.TypeFor[writeOnly]() {
			t.Errorf("%s is a %v in the model, want a writeOnly", name, field.Type)
		}
	}
}

// TestWriteOnlyValuesAreDropped copies a model from a plan with write-only values
// to state, as every operation does.
func TestWriteOnlyValuesAreDropped(t *testing.T) {
	t.Parallel()
	as, full := streamIngestSchema(t), withWriteOnlyValues(t)
	var model streamIngestModel
	if diags := (tfsdk.Plan{Schema: as, Raw: full}).Get(t.Context(), &model); diags.HasError() {
		t.Fatal(diags)
	}
	// The state that the framework passes to Create and Update may hold one.
	state := tfsdk.State{Schema: as, Raw: full}
	if diags := state.Set(t.Context(), model); diags.HasError() {
		t.Fatal(diags)
	}
	if text := fmt.Sprintf("%+v %#v %v", model, model, state.Raw); strings.Contains(text, writeOnlyCanary) {
		t.Errorf("the model or the state holds a write-only value: %s", text)
	}
	var kept string
	if diags := state.GetAttribute(t.Context(), path.Root("user_id"), &kept); diags.HasError() || kept != "robot-1" {
		t.Errorf("user_id = %q, %v: the rest must stay", kept, diags)
	}
}
