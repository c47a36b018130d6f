package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReplaceTables(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "guide.md")
	before, after := "# Guide\n\n<!-- written by make bench-full -->\n\n", "\n<!-- end of the measurements -->\n\nMore.\n"
	if err := os.WriteFile(path, []byte(before+"old and longer\n"+after), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := replaceTables(path, "new\n"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if want := before + "new\n" + after; string(got) != want || err != nil {
		t.Errorf("file = %q, %v; want %q", got, err, want)
	}
}

func TestReplaceTablesWithoutMarkers(t *testing.T) {
	t.Parallel()
	for _, document := range []string{"# Guide\n", "<!-- written by make bench-full -->\n\nNo end.\n", "No begin.\n\n<!-- end of the measurements -->\n"} {
		path := filepath.Join(t.TempDir(), "guide.md")
		if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := replaceTables(path, "new\n"); err == nil {
			t.Errorf("%q was accepted", document)
		}
		if got, _ := os.ReadFile(path); string(got) != document {
			t.Errorf("%q was changed to %q", document, got)
		}
	}
}

// TestGuideHasMarkers protects the lines that make bench-full needs.
func TestGuideHasMarkers(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates/guides/performance.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "guide.md")
	if err := os.WriteFile(path, guide, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := replaceTables(path, ""); err != nil {
		t.Error(err)
	}
}
