package main

import (
	"bytes"
	"errors"
	"os"
	"regexp"
)

// The recorded session stands between these lines of a Markdown file.
const (
	recordBegin = "<!-- recorded by make record -->\n"
	recordEnd   = "<!-- end of the record -->\n"
)

var (
	taskIDForm   = regexp.MustCompile(`ap-singapore/1400000001/([0-9A-Za-z+._-]+)`)
	durationForm = regexp.MustCompile(`after [0-9]+s`)

	errNoRecord = errors.New("the file has no place for the record")
)

// settle takes out of a session what differs from run to run: the task's ID
// and how many seconds an operation took.
func settle(session []byte) []byte {
	session = durationForm.ReplaceAll(session, []byte("after 0s"))
	for _, match := range taskIDForm.FindAllSubmatch(session, -1) {
		session = bytes.ReplaceAll(session, match[1], []byte("<TaskId>"))
	}
	return session
}

// recorded returns the session that stands in document.
func recorded(document []byte) ([]byte, error) {
	_, rest, found := bytes.Cut(document, []byte(recordBegin))
	record, _, ended := bytes.Cut(rest, []byte(recordEnd))
	if !found || !ended {
		return nil, errNoRecord
	}
	return record, nil
}

// block is a settled session as it stands in a document.
func block(session []byte) []byte {
	var text bytes.Buffer
	text.WriteString("```console\n$ make demo\n")
	text.Write(bytes.TrimSpace(settle(session)))
	text.WriteString("\n```\n")
	return text.Bytes()
}

// record puts the session into the file in place of the one that stands there.
func record(path string, session []byte) error {
	document, err := os.ReadFile(path) //nolint:gosec // The file that the caller named.
	if err != nil {
		return err
	}
	old, err := recorded(document)
	if err != nil {
		return err
	}
	begin := bytes.Index(document, []byte(recordBegin)) + len(recordBegin)
	fresh := append(bytes.Clone(document[:begin]), block(session)...)
	fresh = append(fresh, document[begin+len(old):]...)
	return os.WriteFile(path, fresh, 0o644) //nolint:gosec // Documentation, for everybody to read.
}
