package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// storedNever stands for a write-only attribute in a model. It has no room for
// a value: whatever is read into it is dropped, and what it writes is null. On
// an error the framework returns before it nulls write-only values, and core
// then drops the whole new object: with this type there is nothing to null.
type storedNever struct{}

var (
	_ tftypes.ValueConverter = storedNever{}
	_ tftypes.ValueCreator   = storedNever{}
)

// FromTerraform5Value drops the value.
func (storedNever) FromTerraform5Value(tftypes.Value) error { return nil }

// ToTerraform5Value returns null.
func (storedNever) ToTerraform5Value() (any, error) { return nil, nil } //nolint:nilnil // Null is the value.

// startTickets are the tickets of one start, with the attribute that the login
// ticket came from.
type startTickets struct {
	userSig     secret.Text
	userSigPath path.Path
	// given tells that there is a login ticket; one that is not known yet
	// counts.
	given         bool
	privateMapKey secret.Text
}

// readStartTickets takes the tickets from the configuration, where alone
// write-only values are.
func readStartTickets(ctx context.Context, config tfsdk.Config) (startTickets, diag.Diagnostics) {
	var diags diag.Diagnostics
	read := func(name string) (types.String, path.Path) {
		for _, attribute := range []path.Path{path.Root(name + "_wo"), path.Root(name)} {
			var value types.String
			diags.Append(config.GetAttribute(ctx, attribute, &value)...)
			if !value.IsNull() {
				return value, attribute
			}
		}
		return types.StringNull(), path.Root(name + "_wo")
	}
	userSig, userSigPath := read("user_sig")
	privateMapKey, _ := read("private_map_key")
	return startTickets{
		userSig:       secret.New(userSig.ValueString()),
		userSigPath:   userSigPath,
		given:         !userSig.IsNull(),
		privateMapKey: secret.New(privateMapKey.ValueString()),
	}, diags
}
