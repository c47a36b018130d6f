package credentials

import (
	"bytes"
	"errors"
	"strings"
	"unicode"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

var (
	errEmptyTokenFile = errors.New("it is empty")
	errTokenForm      = errors.New("it holds neither a token nor JSON with the key web_identity_token")
)

// identityToken is an identity provider's token: a text, or a file that the
// identity provider renews.
type identityToken struct {
	text secret.Text
	path string
}

// read returns the token as it is now. The error is a *TokenFileError.
func (t identityToken) read() (string, error) {
	if !t.text.IsEmpty() {
		return t.text.Reveal(), nil
	}
	content, err := readFile(t.path)
	if err != nil {
		return "", &TokenFileError{Path: t.path, Err: err}
	}
	token, err := parseTokenFile(content)
	if err != nil {
		return "", &TokenFileError{Path: t.path, Err: err}
	}
	return token, nil
}

// parseTokenFile reads a bare token or {"web_identity_token": "…"}.
func parseTokenFile(content []byte) (string, error) {
	content = bytes.TrimSpace(content)
	token := string(content)
	if bytes.HasPrefix(content, []byte("{")) {
		parsed, err := parseObject(content)
		if err != nil {
			return "", errTokenForm
		}
		token, err = parsed.text("web_identity_token")
		if err != nil || token == "" {
			return "", errTokenForm
		}
	}
	switch {
	case token == "":
		return "", errEmptyTokenFile
	case strings.ContainsFunc(token, notInToken):
		return "", errTokenForm
	}
	return token, nil
}

// notInToken tells what no encoded token has, but text files and binary ones do.
func notInToken(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) || r == ' ' }
