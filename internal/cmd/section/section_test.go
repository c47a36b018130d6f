package section_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cmd/section"
)

func lines() section.Section { return section.Section{Begin: "<begin>\n", End: "<end>\n"} }

func written(t *testing.T, document string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	failed := lines().Write(path, []byte("new\n"))
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(got), failed
}

func TestWrite(t *testing.T) {
	t.Parallel()
	got, err := written(t, "before\n<begin>\nold and longer\n<end>\nafter\n")
	if want := "before\n<begin>\nnew\n<end>\nafter\n"; got != want || err != nil {
		t.Errorf("file = %q, %v; want %q", got, err, want)
	}
}

func TestWriteFindsNoPlace(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]string{
		"neither line": "text\n",
		"no end":       "<begin>\ntext\n",
		"end only":     "text\n<end>\n",
		"end first":    "<end>\n<begin>\n",
	} {
		if got, err := written(t, document); !errors.Is(err, section.ErrNone) || got != document {
			t.Errorf("%s: file = %q, %v; want it untouched and ErrNone", name, got, err)
		}
	}
}
