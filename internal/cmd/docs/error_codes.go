package main

import (
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// errorCodes returns the codes as a Markdown list, in the order given, with an
// empty line before and after it. Codes with the same explanation are one entry,
// at the place of the first code. For an advice of several lines, the entry refers
// to the error.
func errorCodes(entries []provider.ErrorCode) string {
	type explanation struct{ summary, advice, retried string }
	var explanations []explanation
	codes := map[explanation][]string{}
	for _, entry := range entries {
		key := explanation{entry.Summary, entry.Advice, retried(trtcclient.ClassOfCode(entry.Code))}
		if codes[key] == nil {
			explanations = append(explanations, key)
		}
		codes[key] = append(codes[key], "`"+entry.Code+"`")
	}
	var text strings.Builder
	text.WriteString("\n")
	for _, key := range explanations {
		advice := escape(key.advice)
		if strings.Contains(advice, "\n") {
			advice = "The error lists what to check."
		}
		text.WriteString("- " + strings.Join(codes[key], ", ") + key.retried + ": **" + escape(key.summary) + "**. " + advice + "\n")
	}
	return text.String() + "\n"
}

// escape escapes the characters of plain text that have a meaning in a Markdown list.
func escape(plain string) string {
	return strings.NewReplacer(`\`, `\\`, `<`, `\<`, `*`, `\*`, "`", "\\`").Replace(plain)
}

// retried returns the note of a code of the class: whether the provider retries a
// call that failed with it. It is empty for a code that is not retried.
func retried(class trtcclient.Class) string {
	switch class {
	case trtcclient.ServerFault, trtcclient.Unread, trtcclient.NoCapacity:
		return " (retried)"
	case trtcclient.Throttled:
		return " (retried at a lower rate)"
	case trtcclient.NoAnswer:
		return " (retried, except starts)"
	case trtcclient.Conflict:
		return " (retried for 15 seconds)"
	default:
		return ""
	}
}
