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
	// minFragment is how many bytes of a secret in a row count as the secret.
	minFragment = 12
	// minEncoded is how many characters of an encoding in a row can be a secret
	// in another encoding.
	minEncoded = 24
	// maxRedacted is how many bytes of a text are searched: more than are shown.
	maxRedacted = 4 << 10
	// maxCode, maxRequestID, maxMessage and maxCause are how many bytes an error
	// shows.
	maxCode, maxRequestID, maxMessage, maxCause = 128, 36, 512, 256

	ellipsis = "…"
)

var (
	// Lengths are checked apart: a counted repetition takes long to compile, at
	// each start of the process.
	codeForm      = regexp.MustCompile(`^[0-9A-Za-z._]+$`)
	requestIDForm = regexp.MustCompile(`^[0-9A-Fa-f-]*$`)
	// encodedForm is base64, also that of URLs and of tickets, hexadecimal and
	// percent encoding.
	encodedForm = regexp.MustCompile(`[0-9A-Za-z+/_*%-]+`)
	urlInText   = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*(://|%3a%2f%2f)[^\s"'<>]+`)
)

// Sanitize makes a text from outside fit for one line: what cannot be printed
// becomes a space, and what exceeds limit bytes is cut.
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

// cutEncoded cuts text where something stands that can be a secret in another
// encoding: a long run of its characters that is in none of the known texts.
func cutEncoded(text string, known []string) string {
	for _, run := range encodedForm.FindAllStringIndex(text, -1) {
		found := text[run[0]:run[1]]
		if len(found) >= minEncoded && !slices.ContainsFunc(known, func(k string) bool { return strings.Contains(k, found) }) {
			return text[:run[0]] + secret.Redacted
		}
	}
	return text
}

// redactor removes secrets from texts: whole ones, parts of them, and the user,
// query and fragment of any URL.
type redactor struct {
	// short are the secrets that have no parts.
	short     []string
	fragments map[string]bool
	// known are the texts that a message may quote: its secrets are redacted.
	known []string
}

func newRedactor(secrets []secret.Text, known ...string) redactor {
	r := redactor{fragments: map[string]bool{}, known: known}
	for _, text := range secrets {
		value := text.Reveal()
		r.known = append(r.known, value)
		if value != "" && len(value) < minFragment {
			r.short = append(r.short, value)
		}
		for start := range len(value) - minFragment + 1 {
			r.fragments[value[start:start+minFragment]] = true
		}
	}
	return r
}

// redact returns text without secrets, cut at maxRedacted bytes and at what may
// be an encoded secret.
func (r redactor) redact(text string) string {
	text = cutEncoded(text, r.known)
	shown := len(text)
	if shown > maxRedacted {
		// The cut can leave the start of a secret, too short to be known as one.
		text = text[:maxRedacted]
		shown = maxRedacted - minFragment + 1
	}
	marked := r.mark(text)
	var kept strings.Builder
	for i := range shown {
		switch {
		case !marked[i]:
			kept.WriteByte(text[i])
		case i == 0 || !marked[i-1]:
			kept.WriteString(secret.Redacted)
		}
	}
	return urlInText.ReplaceAllStringFunc(kept.String(), withoutAccess)
}

// mark returns for each byte of text whether it belongs to a secret.
func (r redactor) mark(text string) []bool {
	marked := make([]bool, len(text))
	cover := func(start, length int) {
		for i := range length {
			marked[start+i] = true
		}
	}
	for start := range len(text) - minFragment + 1 {
		if r.fragments[text[start:start+minFragment]] {
			cover(start, minFragment)
		}
	}
	for _, value := range r.short {
		for start := range len(text) - len(value) + 1 {
			if strings.HasPrefix(text[start:], value) && isWord(text, start, start+len(value)) {
				cover(start, len(value))
			}
		}
	}
	return marked
}

// isWord reports whether text[start:end] does not stand within a word of ASCII
// letters and digits. A short secret, such as "x", is part of many words that
// have nothing to do with it.
func isWord(text string, start, end int) bool {
	inWord := func(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }
	joins := func(i int) bool { return i > 0 && i < len(text) && inWord(text[i-1]) && inWord(text[i]) }
	return !joins(start) && !joins(end)
}

// quotes reports whether text holds a part of a secret. Short secrets do not
// count: they can be in any text.
func (r redactor) quotes(text string) bool {
	r.short = nil
	return slices.Contains(r.mark(text), true)
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
