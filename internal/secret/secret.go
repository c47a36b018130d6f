// Package secret holds values that must never be printed: keys, tokens,
// tickets and URLs that carry tickets.
package secret

import (
	"fmt"
	"unique"
)

// Redacted is printed instead of a secret.
const Redacted = "(redacted)"

// Text is a secret string. Printing or encoding it in any way gives Redacted;
// only Reveal returns the value. Decoding wraps what it reads. Texts of the same
// value are equal. The zero Text is empty.
type Text struct {
	// fmt does not call the methods of a value in an unexported field of
	// another struct; it prints the fields. A handle prints as an address.
	value unique.Handle[string]
}

// New returns a Text that wraps value.
func New(value string) Text {
	if value == "" {
		return Text{}
	}
	return Text{value: unique.Make(value)}
}

// Reveal returns the value. Call it only where the value is sent, parsed or
// compared.
func (t Text) Reveal() string {
	if t.IsEmpty() {
		return ""
	}
	return t.value.Value()
}

// IsEmpty reports whether there is no value.
func (t Text) IsEmpty() bool { return t == Text{} }

// Format writes Redacted for every verb.
func (Text) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte(Redacted)) }

// String returns Redacted.
func (Text) String() string { return Redacted }

// MarshalText returns Redacted, so that no encoder writes the value.
func (Text) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// UnmarshalText makes t wrap text, so that a decoded secret is never a plain string.
func (t *Text) UnmarshalText(text []byte) error {
	*t = New(string(text))
	return nil
}
