package tfcore

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func typeOfEverything() tftypes.Object {
	return tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"text": tftypes.String, "number": tftypes.Number, "truth": tftypes.Bool,
		"list": tftypes.List{ElementType: tftypes.String}, "set": tftypes.Set{ElementType: tftypes.Number},
		"object": tftypes.Object{AttributeTypes: map[string]tftypes.Type{"inner": tftypes.String}},
	}}
}

func TestEncodeAndDecode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ values, want Values }{
		"nothing": {Values{}, Values{"text": nil, "number": nil, "truth": nil, "list": nil, "set": nil, "object": nil}},
		"everything": {
			Values{
				"text": "a", "number": 5, "truth": true, "list": []any{"x", Unknown}, "set": []any{1},
				"object": Values{"inner": "b"},
			},
			Values{
				"text": "a", "number": int64(5), "truth": true, "list": []any{"x", Unknown}, "set": []any{int64(1)},
				"object": Values{"inner": "b"},
			},
		},
		"unknown and fractions": {
			Values{"text": Unknown, "number": int64(1) << 60, "object": Values{}},
			Values{"text": Unknown, "number": int64(1) << 60, "truth": nil, "list": nil, "set": nil, "object": Values{"inner": nil}},
		},
	} {
		encoded, err := encode(typeOfEverything(), test.values)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(test.want, decodeObject(encoded)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if decoded := decodeObject(tftypes.NewValue(typeOfEverything(), nil)); decoded != nil {
		t.Errorf("a null object is %v", decoded)
	}
}

func TestEncode_WrongTypes(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]Values{
		"no such attribute": {"label": "x"},
		"number as text":    {"text": 1},
		"text as number":    {"number": "1"},
		"list as text":      {"text": []any{"x"}},
		"object as text":    {"text": Values{}},
		"element":           {"set": []any{"x"}},
		"inner attribute":   {"object": Values{"outer": "x"}},
	} {
		if encoded, err := encode(typeOfEverything(), values); err == nil {
			t.Errorf("%s: %s", name, encoded)
		}
	}
}

func TestWith(t *testing.T) {
	t.Parallel()
	original := Values{"a": 1, "b": 2}
	changed := original.With(Values{"b": nil, "c": 3})
	if !cmp.Equal(changed, Values{"a": 1, "b": nil, "c": 3}) || !cmp.Equal(original, Values{"a": 1, "b": 2}) {
		t.Errorf("changed %v, original %v", changed, original)
	}
}
