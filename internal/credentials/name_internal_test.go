package credentials

import (
	"strings"
	"testing"
)

func TestIsName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"":                         false,
		"x":                        false,
		"x1":                       true,
		"_+=,.@-":                  true,
		"a:b":                      false,
		"a b":                      false,
		"ab\n":                     false,
		"äöü":                      false,
		"a\xff":                    false,
		strings.Repeat("Zz09", 32): true,
		strings.Repeat("z", 129):   false,
	} {
		if got := isName(text, sessionNameMarks); got != want {
			t.Errorf("%q is a name: %t, want %t", text, got, want)
		}
	}
}
