package tfcore

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Diagnostic is a diagnostic of the provider, or of core about the provider.
type Diagnostic struct {
	// Error is true for an error and false for a warning.
	Error bool
	// Bug marks an error of the provider or of the test, not of the
	// configuration.
	Bug bool
	// Attribute is the path, such as "timeouts.create"; empty if there is none.
	Attribute string
	// Summary and Detail are the texts.
	Summary, Detail string
}

// String returns one line.
func (d Diagnostic) String() string {
	kind := "warning"
	if d.Error {
		kind = "error"
	}
	if d.Attribute != "" {
		kind += " on " + d.Attribute
	}
	return fmt.Sprintf("%s: %s: %s", kind, d.Summary, d.Detail)
}

// Diagnostics are the diagnostics of one operation.
type Diagnostics []Diagnostic

// HasErrors reports whether the operation failed.
func (d Diagnostics) HasErrors() bool { return len(d.Errors()) > 0 }

// Errors returns the errors, including bugs.
func (d Diagnostics) Errors() Diagnostics {
	return d.filter(func(one Diagnostic) bool { return one.Error })
}

// Warnings returns the warnings.
func (d Diagnostics) Warnings() Diagnostics {
	return d.filter(func(one Diagnostic) bool { return !one.Error })
}

// Bugs returns the errors of the provider or of the test.
func (d Diagnostics) Bugs() Diagnostics {
	return d.filter(func(one Diagnostic) bool { return one.Bug })
}

// On returns the diagnostics on attribute.
func (d Diagnostics) On(attribute string) Diagnostics {
	return d.filter(func(one Diagnostic) bool { return one.Attribute == attribute })
}

// Mentioning returns the diagnostics whose summary or detail contains text.
func (d Diagnostics) Mentioning(text string) Diagnostics {
	return d.filter(func(one Diagnostic) bool {
		return strings.Contains(one.Summary, text) || strings.Contains(one.Detail, text)
	})
}

// String returns one line for each diagnostic.
func (d Diagnostics) String() string {
	lines := make([]string, 0, len(d))
	for _, one := range d {
		lines = append(lines, one.String())
	}
	return strings.Join(lines, "\n")
}

func (d Diagnostics) filter(keep func(Diagnostic) bool) Diagnostics {
	return slices.DeleteFunc(slices.Clone(d), func(one Diagnostic) bool { return !keep(one) })
}

// called returns the response to a call and its diagnostics. If the call failed, the
// response is empty and the diagnostics are a bug.
func called[Response any](response *Response, err error) (*Response, Diagnostics) {
	if err != nil {
		return new(Response), bug("The provider's server failed", err.Error())
	}
	// Most responses have the field.
	if field := reflect.ValueOf(response).Elem().FieldByName("Diagnostics"); field.IsValid() {
		from, _ := field.Interface().([]*tfprotov6.Diagnostic)
		return response, received(from)
	}
	return response, nil
}

func received(from []*tfprotov6.Diagnostic) Diagnostics {
	diagnostics := make(Diagnostics, 0, len(from))
	for _, one := range from {
		diagnostics = append(diagnostics, Diagnostic{
			Error:     one.Severity == tfprotov6.DiagnosticSeverityError,
			Attribute: attributeName(one.Attribute),
			Summary:   one.Summary,
			Detail:    one.Detail,
		})
	}
	return diagnostics
}

func bug(summary, detail string) Diagnostics {
	return Diagnostics{{Error: true, Bug: true, Summary: summary, Detail: detail}}
}

func attributeName(path *tftypes.AttributePath) string {
	var steps []string
	for _, step := range path.Steps() {
		steps = append(steps, fmt.Sprint(step))
	}
	return strings.Join(steps, ".")
}
