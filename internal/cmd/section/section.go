// Package section writes parts of Markdown files that are otherwise written by
// hand.
package section

import (
	"bytes"
	"errors"
	"os"
)

// ErrNone says that a file lacks the lines around a section.
var ErrNone = errors.New("the file has no place for what is to be written")

// Section is what stands between two lines of a file.
type Section struct {
	// Begin and End are the lines, each with its line break.
	Begin, End string
}

// In returns the section's text in document, or ErrNone.
func (s Section) In(document []byte) ([]byte, error) {
	_, rest, found := bytes.Cut(document, []byte(s.Begin))
	text, _, ended := bytes.Cut(rest, []byte(s.End))
	if !found || !ended {
		return nil, ErrNone
	}
	return text, nil
}

// Write puts text into the file in place of what stands there. The error is
// ErrNone or the file system's.
func (s Section) Write(path string, text []byte) error {
	document, err := os.ReadFile(path) //nolint:gosec // The file that the caller named.
	if err != nil {
		return err
	}
	old, err := s.In(document)
	if err != nil || bytes.Equal(old, text) {
		return err
	}
	begin := bytes.Index(document, []byte(s.Begin)) + len(s.Begin)
	fresh := bytes.Join([][]byte{document[:begin], text, document[begin+len(old):]}, nil)
	return os.WriteFile(path, fresh, 0o644) //nolint:gosec // Documentation, for everybody to read.
}
