package trtcmock

import (
	"encoding/json"
	"maps"
	"slices"
)

// kind is the JSON type that the reference gives a parameter.
type kind int

const (
	kindText kind = iota
	kindUint
	kindInt
	kindBool
	kindFloat
)

// parameter is one line of an action's parameter table.
type parameter struct {
	name string
	kind kind
	// missing is the code answered when the parameter is absent; empty means
	// that it is optional.
	missing string
}

// values are the parameters of one request, each of its declared type.
type values map[string]any

// parseParameters reads a body against the parameter table of an action. A body
// that does not fit the types is answered with malformedCode.
func parseParameters(body []byte, table []parameter, malformedCode string) (values, error) {
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(body, &sent); err != nil || sent == nil {
		return nil, refuse(malformedCode, "The request body is not a JSON object.")
	}
	if err := checkKnown(sent, table); err != nil {
		return nil, err
	}
	parsed := values{}
	for _, p := range table {
		raw, ok := sent[p.name]
		if !ok {
			continue
		}
		value, ok := p.kind.parse(raw)
		if !ok {
			return nil, refuse(malformedCode, "The parameter %s is not of the documented type.", p.name)
		}
		parsed[p.name] = value
	}
	return parsed, checkRequired(parsed, table)
}

func checkKnown(sent map[string]json.RawMessage, table []parameter) error {
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		if !slices.ContainsFunc(table, func(p parameter) bool { return p.name == name }) {
			return refuse(codeUnknownParameter, "The parameter %q is not recognized.", name)
		}
	}
	return nil
}

func checkRequired(parsed values, table []parameter) error {
	for _, p := range table {
		if p.missing != "" && !parsed.has(p.name) {
			return refuse(p.missing, "The parameter %s is missing.", p.name)
		}
	}
	return nil
}

// parse returns the value of a parameter as its Go type. A JSON null is no value
// of any type.
func (k kind) parse(raw json.RawMessage) (any, bool) {
	if string(raw) == "null" {
		return nil, false
	}
	switch k {
	case kindText:
		return parseAs[string](raw)
	case kindUint:
		return parseAs[uint64](raw)
	case kindInt:
		return parseAs[int64](raw)
	case kindBool:
		return parseAs[bool](raw)
	case kindFloat:
		return parseAs[float64](raw)
	default:
		return nil, false
	}
}

func parseAs[T any](raw json.RawMessage) (any, bool) {
	var value T
	err := json.Unmarshal(raw, &value)
	return value, err == nil
}

func (v values) has(name string) bool { _, ok := v[name]; return ok }

// valueOf returns a parameter, or fallback when it was not sent.
func valueOf[T any](v values, name string, fallback T) T {
	if value, ok := v[name].(T); ok {
		return value
	}
	return fallback
}
