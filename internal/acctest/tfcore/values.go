package tfcore

import (
	"fmt"
	"maps"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Values are the attributes of an object by name. A value is a string, int,
// int64, bool, nil for null, Unknown, Values for an object, or []any for a list or
// set. An omitted attribute is null.
//
// Values that were read have int64 for whole numbers and contain every attribute.
type Values map[string]any

type unknown struct{}

// String returns the text of Terraform's plans.
func (unknown) String() string { return "(known after apply)" }

// Unknown is a value that is known only after apply.
var Unknown any = unknown{}

// With returns a copy of v with the changes.
func (v Values) With(changes Values) Values {
	changed := make(Values, len(v)+len(changes))
	maps.Copy(changed, v)
	maps.Copy(changed, changes)
	return changed
}

// encode returns a value of the given type. An error means that the test is wrong.
func encode(as tftypes.Type, value any) (tftypes.Value, error) {
	switch value := value.(type) {
	case nil:
		return tftypes.NewValue(as, nil), nil
	case unknown:
		return tftypes.NewValue(as, tftypes.UnknownValue), nil
	case Values:
		return encodeObject(as, value)
	case []any:
		return encodeElements(as, value)
	case int:
		return encode(as, new(big.Float).SetInt64(int64(value)))
	case int64:
		return encode(as, new(big.Float).SetInt64(value))
	}
	if err := tftypes.ValidateValue(as, value); err != nil {
		return tftypes.Value{}, fmt.Errorf("%v is not a value of type %s: %w", value, as, err)
	}
	return tftypes.NewValue(as, value), nil
}

func encodeObject(as tftypes.Type, values Values) (tftypes.Value, error) {
	object, ok := as.(tftypes.Object)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("an object is not a value of type %s", as)
	}
	for name := range values {
		if object.AttributeTypes[name] == nil {
			return tftypes.Value{}, fmt.Errorf("there is no attribute %q", name)
		}
	}
	encoded := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		value, err := encode(attribute, values[name])
		if err != nil {
			return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
		}
		encoded[name] = value
	}
	return tftypes.NewValue(as, encoded), nil
}

func encodeElements(as tftypes.Type, elements []any) (tftypes.Value, error) {
	var element tftypes.Type
	switch as := as.(type) {
	case tftypes.List:
		element = as.ElementType
	case tftypes.Set:
		element = as.ElementType
	default:
		return tftypes.Value{}, fmt.Errorf("a slice is not a value of type %s", as)
	}
	encoded := make([]tftypes.Value, 0, len(elements))
	for _, value := range elements {
		one, err := encode(element, value)
		if err != nil {
			return tftypes.Value{}, err
		}
		encoded = append(encoded, one)
	}
	return tftypes.NewValue(as, encoded), nil
}

// decode returns the value that encode encoded.
func decode(value tftypes.Value) any {
	if !value.IsKnown() {
		return Unknown
	}
	if value.IsNull() {
		return nil
	}
	var text string
	var number big.Float
	var truth bool
	var named map[string]tftypes.Value
	var elements []tftypes.Value
	switch {
	case value.As(&text) == nil:
		return text
	case value.As(&number) == nil:
		if whole, accuracy := number.Int64(); accuracy == big.Exact {
			return whole
		}
		fraction, _ := number.Float64()
		return fraction
	case value.As(&truth) == nil:
		return truth
	case value.As(&named) == nil:
		decoded := make(Values, len(named))
		for name, value := range named {
			decoded[name] = decode(value)
		}
		return decoded
	case value.As(&elements) == nil:
		decoded := make([]any, 0, len(elements))
		for _, element := range elements {
			decoded = append(decoded, decode(element))
		}
		return decoded
	default:
		return fmt.Errorf("value of type %s", value.Type())
	}
}

// decodeObject decodes an object. It returns nil if the object is absent.
func decodeObject(value tftypes.Value) Values {
	if value.Type() == nil || value.IsNull() || !value.IsKnown() {
		return nil
	}
	decoded, _ := decode(value).(Values)
	return decoded
}
