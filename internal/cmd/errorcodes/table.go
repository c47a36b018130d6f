package main

import (
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// table is the codes as a Markdown table, in the order given.
func table(entries []trtcclient.Explanation) string {
	var text strings.Builder
	text.WriteString("| Code | Cause | Fix | Sent again |\n|---|---|---|---|\n")
	for _, entry := range entries {
		text.WriteString("| `" + entry.Code + "` | " + cell(entry.Summary) + " | " + cell(entry.Advice) + " | " + sentAgain(entry.Class) + " |\n")
	}
	return text.String()
}

// cell is plain text as it stands in a table of Markdown.
func cell(plain string) string {
	return strings.NewReplacer(`\`, `\\`, `|`, `\|`, `<`, `\<`, `*`, `\*`, "`", "\\`", "\n", " ").Replace(plain)
}

// sentAgain tells whether the provider repeats a call of a class by itself.
func sentAgain(class trtcclient.Class) string {
	switch class {
	case trtcclient.NoConnection, trtcclient.ServerFault, trtcclient.Unread, trtcclient.NoCapacity:
		return "yes"
	case trtcclient.Throttled:
		return "yes, more slowly"
	case trtcclient.NoAnswer:
		return "yes, but never a start"
	case trtcclient.Conflict:
		return "for 15 seconds"
	case trtcclient.Rejected, trtcclient.Gone:
		return "no"
	default:
		return "no"
	}
}
