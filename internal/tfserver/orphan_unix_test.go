//go:build unix

package tfserver

import (
	"os"
	"path/filepath"
	"testing"
)

func TestHungUp(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	reader, read := pipe(t)
	gone, unread := pipe(t)
	_ = gone.Close()
	for name, test := range map[string]struct {
		output *os.File
		want   bool
	}{
		"a file": {file, false}, "the null device": {null, false}, "a pipe": {read, false}, "a pipe without a reader": {unread, true},
	} {
		if got := hungUp(int(test.output.Fd())); got != test.want {
			t.Errorf("%s: %t, want %t", name, got, test.want)
		}
		_ = test.output.Close()
	}
	_ = reader.Close()
}

func pipe(t *testing.T) (reader, writer *os.File) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return reader, writer
}
