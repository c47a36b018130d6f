package tickets

import (
	"errors"
	"fmt"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// KeyLength is the length of an SDKSecretKey, in characters.
const KeyLength = 64

// ErrEmptyKey means that there is no key: NewKey was given an empty string, or
// the zero Key was used.
var ErrEmptyKey = errors.New("the SDKSecretKey is empty")

// KeyError means that a text is not an SDKSecretKey. It does not quote the
// text.
type KeyError struct {
	// Length is the length of the text in bytes. KeyLength means that some of
	// them are not lower-case hexadecimal digits.
	Length int
}

// Error returns the form of a key and how the text differs from it.
func (e *KeyError) Error() string {
	const form = "the SDKSecretKey must be 64 lower-case hexadecimal digits, as the console shows it; "
	if e.Length != KeyLength {
		return fmt.Sprintf("%sthis one is %d bytes long", form, e.Length)
	}
	return form + "this one holds other characters"
}

// Key is an application's SDKSecretKey, which signs its tickets. However it is
// printed, encoded or logged, it shows secret.Redacted. The zero Key is not a key.
type Key struct{ keyText }

// keyText is embedded for its redaction, under a name that other packages cannot
// set.
type keyText = secret.Text

// NewKey returns the key with the given text, whose bytes sign. The error is
// ErrEmptyKey for an empty text, and a *KeyError for one that is not KeyLength
// lower-case hexadecimal digits.
func NewKey(value string) (Key, error) {
	if value == "" {
		return Key{}, ErrEmptyKey
	}
	if len(value) != KeyLength || strings.Trim(value, "0123456789abcdef") != "" {
		return Key{}, &KeyError{Length: len(value)}
	}
	return Key{keyText: secret.New(value)}, nil
}
