package cloudapi

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	// maxCode is longer than any error code.
	maxCode = 128
	// maxRequestID is longer than a RequestId, which is a UUID.
	maxRequestID = 64
	// maxMessage is how many bytes an error shows of a message, and maxCause of
	// a cause.
	maxMessage, maxCause = 512, 256
)

// tidy makes a text from outside fit for one line: what cannot be printed
// becomes a space, and beyond limit bytes it is cut.
func tidy(text string, limit int) string {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text))
	if len(text) <= limit {
		return text
	}
	end := limit
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// requestIDOf returns raw when it has the form of a RequestId, else nothing.
func requestIDOf(raw string) string {
	foreign := func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}
	if len(raw) > maxRequestID || strings.ContainsFunc(raw, foreign) {
		return ""
	}
	return raw
}

// redact takes confidential texts out of the service's message, and tidies it.
func redact(err error, confidential []secret.Text) error {
	var refused *APIError
	if !errors.As(err, &refused) {
		return err
	}
	for _, text := range confidential {
		if !text.IsEmpty() {
			refused.Message = strings.ReplaceAll(refused.Message, text.Reveal(), secret.Redacted)
		}
	}
	refused.Message = tidy(refused.Message, maxMessage)
	return err
}
