package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSection(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ document, input, want string }{
		"replaced":     {"before\n<!-- a b -->\nold and longer\n<!-- c -->\nafter\n", "new\n", "before\n<!-- a b -->\nnew\n<!-- c -->\nafter\n"},
		"no input":     {"<!-- a b -->\nold\n<!-- c -->\n", "", ""},
		"neither line": {"text\n", "new\n", ""},
		"no end":       {"<!-- a b -->\ntext\n", "new\n", ""},
		"end only":     {"text\n<!-- c -->\n", "new\n", ""},
		"end first":    {"<!-- c -->\n<!-- a b -->\n", "new\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "page.md")
			if err := os.WriteFile(path, []byte(c.document), 0o600); err != nil {
				t.Fatal(err)
			}
			err := run(t.Context(), []string{"section", path, "a b", "c"}, strings.NewReader(c.input), nil)
			got, readErr := os.ReadFile(path)
			want := c.want
			if want == "" {
				want = c.document
			}
			if readErr != nil || string(got) != want || (err != nil) != (c.want == "") {
				t.Errorf("file %q, error %v, %v; want %q", got, err, readErr, want)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"schema"}, {"error-codes", "x"}, {"section", "x"}, {"other"}} {
		if err := run(t.Context(), args, strings.NewReader(""), &bytes.Buffer{}); !errors.Is(err, errUsage) {
			t.Errorf("%v: error %v", args, err)
		}
	}
}
