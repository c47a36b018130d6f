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
	path := filepath.Join(t.TempDir(), "guide.md")
	if err := os.WriteFile(path, []byte("# Guide\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := replaceTables(path, "new\n"); err == nil {
		t.Error("a file without marker lines was accepted")
	}
	if got, _ := os.ReadFile(path); string(got) != "# Guide\n" {
		t.Errorf("the file was changed to %q", got)
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
