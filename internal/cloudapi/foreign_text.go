package cloudapi

import (
	"errors"
	"regexp"
	"slices"
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

	ellipsis = "…"
)

// tidy makes a text from outside fit for one line: what cannot be printed
// becomes a space, and what exceeds limit bytes is cut.
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
	end := limit - len(ellipsis)
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + ellipsis
}

// requestIDOf returns raw when it has the form of a RequestId, else nothing.
func requestIDOf(raw string) string {
	foreign := func(r rune) bool { return r != '-' && !isLetterOrDigit(r) }
	if len(raw) > maxRequestID || strings.ContainsFunc(raw, foreign) {
		return ""
	}
	return raw
}

// isLetterOrDigit tells ASCII letters and digits from all else.
func isLetterOrDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

var urlInText = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://[^\s"'<>]+`)

// withoutAccess returns a URL without the parts that let somebody in: user,
// query and fragment.
func withoutAccess(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	if end := strings.IndexAny(rest, "?#"); end >= 0 {
		rest = rest[:end+1] + secret.Redacted
	}
	authority, _, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		rest = secret.Redacted + rest[at:]
	}
	return scheme + "://" + rest
}

// redact takes confidential texts out of the service's message, and what lets
// somebody in out of every URL in it, and tidies it.
func redact(err error, confidential []secret.Text) error {
	var refused *APIError
	if !errors.As(err, &refused) {
		return err
	}
	// The longest first: one may be part of another.
	slices.SortFunc(confidential, func(a, b secret.Text) int { return len(b.Reveal()) - len(a.Reveal()) })
	var replacements []string
	for _, text := range confidential {
		if !text.IsEmpty() {
			replacements = append(replacements, text.Reveal(), secret.Redacted)
		}
	}
	message := strings.NewReplacer(replacements...).Replace(refused.Message)
	refused.Message = tidy(urlInText.ReplaceAllStringFunc(message, withoutAccess), maxMessage)
	return err
}
