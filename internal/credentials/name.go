package credentials

import "strings"

// The marks that STS documents for names besides letters and digits.
const (
	sessionNameMarks = "_+=,.@-"
	externalIDMarks  = "_+=,.@:/-"
)

// isName tells whether STS takes text as a name: 2 to 128 ASCII letters, digits
// and marks.
func isName(text, marks string) bool {
	const fewest, most = 2, 128
	foreign := func(char rune) bool {
		isLetterOrDigit := 'a' <= char && char <= 'z' || 'A' <= char && char <= 'Z' || '0' <= char && char <= '9'
		return !isLetterOrDigit && !strings.ContainsRune(marks, char)
	}
	return fewest <= len(text) && len(text) <= most && !strings.ContainsFunc(text, foreign)
}
