package cloudapi

import (
	"regexp"
	"slices"
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const (
	// minFragment is how many bytes of a secret in a row count as the secret.
	minFragment = 12
	// maxRedacted is how much of a text is looked at: more than is ever shown.
	maxRedacted = 4 << 10
)

// redactor takes secrets out of texts: whole ones, parts of them, and what
// lets somebody in from any URL.
type redactor struct {
	// short are the secrets that have no parts.
	short     []string
	fragments map[string]bool
}

func newRedactor(confidential []secret.Text) redactor {
	r := redactor{fragments: map[string]bool{}}
	for _, text := range confidential {
		value := text.Reveal()
		if value != "" && len(value) < minFragment {
			r.short = append(r.short, value)
		}
		for start := range len(value) - minFragment + 1 {
			r.fragments[value[start:start+minFragment]] = true
		}
	}
	return r
}

// redact returns text without secrets, cut where it is longer than anybody
// would show.
func (r redactor) redact(text string) string {
	shown := len(text)
	if shown > maxRedacted {
		// The cut can leave the start of a secret, too short to be known as one.
		text = text[:maxRedacted]
		shown = maxRedacted - minFragment + 1
	}
	marked := r.mark(text)
	return urlInText.ReplaceAllStringFunc(withoutMarked(text[:shown], marked), withoutAccess)
}

// mark tells for each byte of text whether it belongs to a secret.
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
			if strings.HasPrefix(text[start:], value) {
				cover(start, len(value))
			}
		}
	}
	return marked
}

// quotes tells whether text holds a part of a secret. Short secrets do not
// count: they can be in any text.
func (r redactor) quotes(text string) bool {
	r.short = nil
	return slices.Contains(r.mark(text), true)
}

func withoutMarked(text string, marked []bool) string {
	var kept strings.Builder
	for i := range len(text) {
		switch {
		case !marked[i]:
			kept.WriteByte(text[i])
		case i == 0 || !marked[i-1]:
			kept.WriteString(secret.Redacted)
		}
	}
	return kept.String()
}

var urlInText = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*(://|%3a%2f%2f)[^\s"'<>]+`)

// withoutAccess returns a URL without the parts that let somebody in: user,
// query and fragment.
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
