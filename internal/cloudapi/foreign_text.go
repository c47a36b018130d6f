package cloudapi

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxCode is longer than any error code.
	maxCode = 128
	// maxRequestID is longer than a RequestId.
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

// isCode tells whether text has the form of an error code.
func isCode(text string) bool {
	foreign := func(r rune) bool { return r != '.' && r != '_' && !isLetterOrDigit(r) }
	return text != "" && len(text) <= maxCode && !strings.ContainsFunc(text, foreign)
}

// requestIDOf returns raw when it has the form of a RequestId, which is a UUID,
// else nothing: it goes into logs, and a host could put anything there.
func requestIDOf(raw string) string {
	if len(raw) > maxRequestID || strings.Trim(raw, "0123456789abcdefABCDEF-") != "" {
		return ""
	}
	return raw
}

// isLetterOrDigit tells ASCII letters and digits from all else.
func isLetterOrDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
