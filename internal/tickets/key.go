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

// Key is an application's SDKSecretKey, which signs its tickets. However it is
// printed, encoded or logged, it shows secret.Redacted. The zero Key is not a key.
type Key struct{ keyText }

// keyText is embedded for its redaction, under a name that other packages cannot
// set.
type keyText = secret.Text

// NewKey returns the key with the given text, whose bytes sign. The error is
// ErrEmptyKey for an empty text, and a *RuleError for one that is not KeyLength
// lower-case hexadecimal digits.
func NewKey(value string) (Key, error) {
	const rule = "must be 64 lower-case hexadecimal digits, as the TRTC console shows them; this value "
	switch {
	case value == "":
		return Key{}, ErrEmptyKey
	case len(value) != KeyLength:
		return Key{}, &RuleError{FieldKey, rule + fmt.Sprintf("is %d bytes long", len(value))}
	case strings.Trim(value, "0123456789abcdef") != "":
		return Key{}, &RuleError{FieldKey, rule + "contains other characters"}
	}
	return Key{keyText: secret.New(value)}, nil
}
