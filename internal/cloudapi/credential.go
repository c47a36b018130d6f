package cloudapi

import (
	"fmt"
	"log/slog"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// Credential is a Tencent Cloud API key. It redacts itself in every format.
type Credential struct {
	SecretID  string // names the key; it is treated as confidential
	SecretKey secret.Text
	Token     secret.Text // the security token of a temporary key, else empty
}

// String returns a fixed text.
func (Credential) String() string { return "Credential" + secret.Redacted }

// GoString returns a fixed text.
func (c Credential) GoString() string { return c.String() }

// Format writes a fixed text, whatever the verb.
func (c Credential) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte(c.String())) }

// MarshalText returns a fixed text, so that no encoder writes the key.
func (c Credential) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// LogValue returns a fixed text.
func (c Credential) LogValue() slog.Value { return slog.StringValue(c.String()) }

// secrets returns what no error may quote.
func (c Credential) secrets() []secret.Text {
	return []secret.Text{secret.New(c.SecretID), c.SecretKey, c.Token}
}
