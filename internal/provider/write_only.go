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

// writeOnly stands for a write-only attribute in a model. It has no room for
// a value: whatever is read into it is dropped, and what it writes is null. On
// an error the framework returns before it nulls write-only values, and core
// then drops the whole new object: with this type there is nothing to null.
type writeOnly struct{}

var (
	_ tftypes.ValueConverter = writeOnly{}
	_ tftypes.ValueCreator   = writeOnly{}
)

// FromTerraform5Value drops the value.
func (writeOnly) FromTerraform5Value(tftypes.Value) error { return nil }

// ToTerraform5Value returns null.
func (writeOnly) ToTerraform5Value() (any, error) { return nil, nil } //nolint:nilnil // Null is the value.

// startSecrets are the values that a start sends and that may be secret. Each
// comes from one of two arguments, of which one is write-only.
type startSecrets struct {
	userSig       secretArgument
	privateMapKey secretArgument
	streamURL     secretArgument
}

// all returns the values themselves.
func (s startSecrets) all() []secret.Text {
	return []secret.Text{s.userSig.Text, s.privateMapKey.Text, s.streamURL.Text}
}

// storedSecrets are the secrets that a plan or state holds because they were
// given as ordinary arguments.
func (m streamIngestModel) storedSecrets() []secret.Text {
	var secrets []secret.Text
	for _, value := range []types.String{m.UserSig, m.PrivateMapKey, m.StreamURL} {
		secrets = append(secrets, secret.New(value.ValueString()))
	}
	return secrets
}

// readStartSecrets takes the values from the configuration, where alone
// write-only values are.
func readStartSecrets(ctx context.Context, config tfsdk.Config) (startSecrets, diag.Diagnostics) {
	userSig, diags := readSecretArgument(ctx, config, "user_sig")
	privateMapKey, problems := readSecretArgument(ctx, config, "private_map_key")
	diags.Append(problems...)
	streamURL, problems := readSecretArgument(ctx, config, "stream_url")
	diags.Append(problems...)
	return startSecrets{userSig: userSig, privateMapKey: privateMapKey, streamURL: streamURL}, diags
}

// secretArgument is the value of an argument that has a write-only twin.
type secretArgument struct {
	secret.Text

	// attribute is the argument that the value came from; the write-only one
	// when neither is set.
	attribute path.Path
	// given tells that there is a value; one that is not known yet counts.
	given bool
}

// readSecretArgument reads name_wo, else name.
func readSecretArgument(ctx context.Context, config tfsdk.Config, name string) (secretArgument, diag.Diagnostics) {
	var diags diag.Diagnostics
	writeOnly := path.Root(name + "_wo")
	for _, attribute := range []path.Path{writeOnly, path.Root(name)} {
		var value types.String
		diags.Append(config.GetAttribute(ctx, attribute, &value)...)
		if !value.IsNull() {
			return secretArgument{Text: secret.New(value.ValueString()), attribute: attribute, given: true}, diags
		}
	}
	return secretArgument{attribute: writeOnly}, diags
}
