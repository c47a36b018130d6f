package main

import (
	"bytes"
	"regexp"
)

var (
	taskIDForm   = regexp.MustCompile(`ap-singapore/1400000001/([0-9A-Za-z+._-]+)`)
	durationForm = regexp.MustCompile(`after [0-9]+s`)
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

// block is a settled session as it stands in a document.
func block(session []byte) []byte {
	var text bytes.Buffer
	text.WriteString("```console\n$ make demo\n")
	text.Write(bytes.TrimSpace(settle(session)))
	text.WriteString("\n```\n")
	return text.Bytes()
}
