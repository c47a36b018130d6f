package cloudapi

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	// minSecret is the length in bytes from which on a secret is found even within
	// a word.
	minSecret = 12
	// minEncoded is the number of characters of an encoding in a row that may be a
	// secret in another encoding, or a part of a secret.
	minEncoded = 24
	// maxCode, maxRequestID, maxMessage and maxCause are the longest texts in bytes
	// that an error shows.
	maxCode, maxRequestID, maxMessage, maxCause = 128, 36, 512, 256

	ellipsis = "…"
)

var (
	// Lengths are checked apart: a counted repetition takes long to compile, at
	// each start of the process.
	codeForm      = regexp.MustCompile(`^[0-9A-Za-z._]+$`)
	requestIDForm = regexp.MustCompile(`^[0-9A-Fa-f-]*$`)
	// encodedForm is base64, even that of URLs and of tickets, hexadecimal and
	// percent encoding.
	encodedForm = regexp.MustCompile(`[0-9A-Za-z+/_*%-]+`)
	urlInText   = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*(://|%3a%2f%2f)[^\s"'<>]+`)
)

// Sanitize returns text as one line of at most limit bytes, with a space for each
// character that cannot be printed.
func Sanitize(text string, limit int) string {
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

// isCode reports whether text has the form of an error code, and no part that
// can be a secret in another encoding. The parts of codes are words.
func isCode(text string) bool {
	return len(text) <= maxCode && codeForm.MatchString(text) &&
		!slices.ContainsFunc(encodedForm.FindAllString(text, -1), func(part string) bool {
			return len(part) >= minEncoded && strings.ContainsAny(part, "0123456789")
		})
}

func isRequestID(text string) bool {
	return len(text) <= maxRequestID && requestIDForm.MatchString(text)
}

// redactor removes secrets from texts of a response. Both lists have the longest
// secret first, because one can contain another.
type redactor struct {
	secrets []string
	// words are secrets that are too short to be found within a word. "x", for
	// example, is part of many words that have nothing to do with it.
	words []string
	known string // what a text may quote, without the secrets
}

func newRedactor(secrets []secret.Text, known ...string) redactor {
	var r redactor
	for _, text := range secrets {
		switch value := text.Reveal(); {
		case len(value) >= minSecret:
			r.secrets = append(r.secrets, value)
		case value != "":
			r.words = append(r.words, value)
		}
	}
	for _, values := range [][]string{r.secrets, r.words} {
		slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
	}
	r.known = r.replace(strings.Join(append(known, secret.Redacted), "\n"))
	return r
}

// redact returns text without secrets and without the parts of URLs that grant
// access. It cuts text where something stands that may be a secret in another
// encoding, or a part of one: a long run of its characters that is not known.
// Words are removed last, because they would divide such a run.
func (r redactor) redact(text string) string {
	text = r.replace(text)
	for _, run := range encodedForm.FindAllStringIndex(text, -1) {
		if found := text[run[0]:run[1]]; len(found) >= minEncoded && !strings.Contains(r.known, found) {
			text = text[:run[0]] + secret.Redacted
			break
		}
	}
	for _, word := range r.words {
		text = replaceWord(text, word)
	}
	return urlInText.ReplaceAllStringFunc(text, withoutAccess)
}

// replace returns text with all secrets but the words redacted.
func (r redactor) replace(text string) string {
	for _, value := range r.secrets {
		text = strings.ReplaceAll(text, value, secret.Redacted)
	}
	return text
}

// replaceWord returns text with word redacted where it is not within another word.
func replaceWord(text, word string) string {
	var kept strings.Builder
	end := 0
	for start := 0; start+len(word) <= len(text); start++ {
		if !strings.HasPrefix(text[start:], word) || !isWord(text, start, start+len(word)) {
			continue
		}
		kept.WriteString(text[end:start] + secret.Redacted)
		end = start + len(word)
		start = end - 1
	}
	return kept.String() + text[end:]
}

// quotes reports whether text contains a secret. Words do not count, because they
// can be part of any text.
func (r redactor) quotes(text string) bool {
	return slices.ContainsFunc(r.secrets, func(value string) bool { return strings.Contains(text, value) })
}

// isWord reports whether text[start:end] is not within a word of ASCII letters and
// digits.
func isWord(text string, start, end int) bool {
	inWord := func(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }
	joins := func(i int) bool { return i > 0 && i < len(text) && inWord(text[i-1]) && inWord(text[i]) }
	return !joins(start) && !joins(end)
}

// withoutAccess returns a URL without the parts that grant access: user, query
// and fragment.
func withoutAccess(address string) string {
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		return secret.Redacted
	}
	if end := strings.IndexAny(rest, "?#"); end >= 0 {
		rest = rest[:end+1] + secret.Redacted
	}
	authority, _, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		rest = secret.Redacted + rest[at:]
	}
	return scheme + "://" + rest
}
