package tickets

import "strings"

// consistsOf tells whether every byte of s is an ASCII letter, an ASCII digit
// or one of the bytes of punctuation, which is ASCII.
func consistsOf(s, punctuation string) bool {
	for i := range len(s) {
		if !isLetterOrDigit(s[i]) && strings.IndexByte(punctuation, s[i]) < 0 {
			return false
		}
	}
	return true
}

func isLetterOrDigit(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}
