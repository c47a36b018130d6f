// Package secret holds values that must never be printed: keys, tokens,
// tickets and URLs that carry tickets.
package secret

import (
	"fmt"
	"log/slog"
	"unique"
)

// Redacted is what a secret shows instead of itself.
const Redacted = "(redacted)"

// Text is a secret string. Every way of printing or encoding it gives
// Redacted; Reveal is the only way to the value. Texts of the same value are
// equal. The zero Text is empty.
type Text struct {
	// fmt calls no method of what sits in an unexported field of another
	// struct: it walks in and prints what it finds. Of a handle that is an
	// address.
	value unique.Handle[string]
}

// New wraps value.
func New(value string) Text {
	if value == "" {
		return Text{}
	}
	return Text{value: unique.Make(value)}
}

// Reveal returns the value itself, to be used where it goes on the wire and
// nowhere else.
func (t Text) Reveal() string {
	if t.IsEmpty() {
		return ""
	}
	return t.value.Value()
}

// IsEmpty tells whether there is no value.
func (t Text) IsEmpty() bool { return t == Text{} }

// Format writes Redacted, whatever the verb.
func (Text) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte(Redacted)) }

// String returns Redacted.
func (Text) String() string { return Redacted }

// GoString returns Redacted.
func (Text) GoString() string { return Redacted }

// MarshalText returns Redacted, so that no encoder writes the value.
func (Text) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// LogValue returns Redacted.
func (Text) LogValue() slog.Value { return slog.StringValue(Redacted) }
