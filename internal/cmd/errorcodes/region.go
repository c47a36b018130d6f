package main

import (
	"bytes"
	"errors"
	"os"
)

// The table stands between these lines.
const (
	begin = "<!-- written by make generate -->\n\n"
	end   = "\n<!-- end of what make generate writes -->\n"
)

var errNoRegion = errors.New("the file has no place for the table")

// region returns the text between the two lines, and where it begins.
func region(document []byte) (text []byte, start int, err error) {
	start = bytes.Index(document, []byte(begin))
	if start < 0 {
		return nil, 0, errNoRegion
	}
	start += len(begin)
	text, _, found := bytes.Cut(document[start:], []byte(end))
	if !found {
		return nil, 0, errNoRegion
	}
	return text, start, nil
}

// write puts text into the file in place of what stands between the lines.
func write(path, text string) error {
	document, err := os.ReadFile(path) //nolint:gosec // The file that the caller named.
	if err != nil {
		return err
	}
	old, start, err := region(document)
	if err != nil || string(old) == text {
		return err
	}
	fresh := append(bytes.Clone(document[:start]), text...)
	fresh = append(fresh, document[start+len(old):]...)
	return os.WriteFile(path, fresh, 0o644) //nolint:gosec // Documentation, for everybody to read.
}
