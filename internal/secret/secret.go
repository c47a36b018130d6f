// Package secret holds values that must never be printed: keys, tokens,
// tickets and URLs that carry tickets.
package secret

import (
	"fmt"
	"log/slog"
)

// Redacted is what a secret shows instead of itself.
const Redacted = "(redacted)"

// Text is a secret string. Every way of printing or encoding it gives
// Redacted; Reveal is the only way to the value. The zero Text is empty.
type Text struct{ value string }

// New wraps value.
func New(value string) Text { return Text{value: value} }

// Reveal returns the value itself, to be used where it goes on the wire and
// nowhere else.
func (t Text) Reveal() string { return t.value }

// IsEmpty tells whether there is no value.
func (t Text) IsEmpty() bool { return t.value == "" }

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
