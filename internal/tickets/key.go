package tickets

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// KeyLength is the length of an SDKSecretKey, in characters.
const KeyLength = 64

// ErrEmptyKey says that there is no key: NewKey was given an empty string, or
// the zero Key was used.
var ErrEmptyKey = errors.New("the SDKSecretKey is empty")

// KeyError says that a text is not an SDKSecretKey, without quoting it.
type KeyError struct {
	// Length is how many bytes the text has. A KeyLength here means that some
	// of them are not lower-case hexadecimal digits.
	Length int
}

// Error tells the form of a key and what this one has instead.
func (e *KeyError) Error() string {
	const form = "the SDKSecretKey must be 64 lower-case hexadecimal digits, as the console shows it; "
	if e.Length != KeyLength {
		return fmt.Sprintf("%sthis one is %d bytes long", form, e.Length)
	}
	return form + "this one holds other characters"
}

// Key is an application's SDKSecretKey, which signs its tickets. However it is
// printed, encoded or logged, it shows secret.Redacted. The zero Key is no key.
type Key struct{ text }

// text is embedded for its redaction, under a name that keeps others from
// setting it.
type text = secret.Text

// NewKey returns the key with the given text, taken as it is: its bytes sign,
// not the number that they spell. An empty text gives ErrEmptyKey, one that is
// not KeyLength lower-case hexadecimal digits a *KeyError.
func NewKey(value string) (Key, error) {
	if value == "" {
		return Key{}, ErrEmptyKey
	}
	if len(value) != KeyLength || strings.ContainsFunc(value, isNotLowerHex) {
		return Key{}, &KeyError{Length: len(value)}
	}
	return Key{text: secret.New(value)}, nil
}

// IsZero tells whether k is no key.
func (k Key) IsZero() bool { return k.IsEmpty() }

// newMAC returns the HMAC that signs with k, or ErrEmptyKey.
func (k Key) newMAC() (hash.Hash, error) {
	if k.IsZero() {
		return nil, ErrEmptyKey
	}
	return hmac.New(sha256.New, []byte(k.Reveal())), nil
}

func isNotLowerHex(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'f') }
