package provider

import (
	"math/big"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// configValues are the top-level values of a resource's configuration, plan or
// state. Reading one costs little: the framework's GetAttribute walks the schema
// for each.
type configValues map[string]tftypes.Value

// valuesOf returns the values of a configuration, plan or state: an object.
func valuesOf(object tftypes.Value) configValues {
	var values map[string]tftypes.Value
	_ = object.As(&values)
	return values
}

// isSet reports whether an argument has a known value.
func (c configValues) isSet(name string) bool { return c[name].IsKnown() && !c[name].IsNull() }

// text returns a string, which may be null or unknown.
func (c configValues) text(name string) types.String {
	var value string
	switch {
	case c[name].IsNull():
		return types.StringNull()
	case c[name].As(&value) != nil:
		return types.StringUnknown()
	}
	return types.StringValue(value)
}

// number returns a whole number, which may be null or unknown. Another number,
// which the schema reports, counts as unknown.
func (c configValues) number(name string) types.Int64 {
	var value big.Float
	if c[name].IsNull() {
		return types.Int64Null()
	}
	err := c[name].As(&value)
	number, accuracy := value.Int64()
	if err != nil || accuracy != big.Exact {
		return types.Int64Unknown()
	}
	return types.Int64Value(number)
}

// isTrue reports whether a boolean is true. Null and unknown ones are not.
func (c configValues) isTrue(name string) bool {
	var value bool
	return c[name].As(&value) == nil && value
}

// secret returns the argument name_wo if it is set, else name, without white
// space at its ends: a file ends with a line break.
func (c configValues) secret(name string) secretArgument {
	argument := name + "_wo"
	if c[argument].IsNull() && !c[name].IsNull() {
		argument = name
	}
	return secretArgument{
		Text:      secret.New(strings.TrimSpace(c.text(argument).ValueString())),
		attribute: path.Root(argument),
		given:     !c[argument].IsNull(),
	}
}

// secretArgument is the value of an argument that exists as a write-only one too.
type secretArgument struct {
	secret.Text

	// attribute is the argument that is set, or else the write-only one.
	attribute path.Path
	// given is true when either argument is set, even to an unknown value.
	given bool
	// minted is true when the provider computed the value.
	minted bool
}

// startSecrets are the values of a start that may be secret.
type startSecrets struct {
	userSig, privateMapKey, streamURL secretArgument
	// clockSkew is that of the client when the tickets were minted.
	clockSkew time.Duration
}

func (s startSecrets) all() []secret.Text {
	return []secret.Text{s.userSig.Text, s.privateMapKey.Text, s.streamURL.Text}
}

// startSecrets returns the values of a configuration or state. Only a
// configuration has write-only ones.
func (c configValues) startSecrets() startSecrets {
	return startSecrets{userSig: c.secret("user_sig"), privateMapKey: c.secret("private_map_key"), streamURL: c.secret("stream_url")}
}

// stream returns the stream of the values, or false while one of its arguments
// is unknown or null.
func (c configValues) stream() (s stream, known bool) {
	for _, name := range []string{"sdk_app_id", "room_id", "room_id_type", "user_id"} {
		if !c.isSet(name) {
			return stream{}, false
		}
	}
	return stream{
		robot:      robot{sdkAppID: c.number("sdk_app_id").ValueInt64(), userID: c.text("user_id").ValueString()},
		roomIDType: c.number("room_id_type").ValueInt64(),
		roomID:     c.text("room_id").ValueString(),
	}, true
}
