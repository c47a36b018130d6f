package main

import (
	"strings"

	"github.com/trtc-community/terraform-provider-trtc/internal/provider"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// errorCodes returns the codes as a Markdown table, in the order given, with an
// empty line before and after it. An advice that several codes have is printed
// for the first one.
func errorCodes(entries []provider.ErrorCode) string {
	var text strings.Builder
	text.WriteString("\n| Code | Cause | Fix | Retried |\n|---|---|---|---|\n")
	first := map[string]string{} // the code that each advice is printed for
	for _, entry := range entries {
		advice := cell(entry.Advice)
		if code, repeated := first[advice]; repeated {
			advice = "As for `" + code + "`."
		} else {
			first[advice] = entry.Code
		}
		text.WriteString("| `" + entry.Code + "` | " + cell(entry.Summary) + " | " + advice + " | " + retried(trtcclient.ClassOfCode(entry.Code)) + " |\n")
	}
	return text.String() + "\n"
}

// cell escapes plain text for a cell of a Markdown table.
func cell(plain string) string {
	return strings.NewReplacer(`\`, `\\`, `|`, `\|`, `<`, `\<`, `*`, `\*`, "`", "\\`", "\n", " ").Replace(plain)
}

// retried returns the table cell that says whether the provider retries a call that
// failed with a code of the class.
func retried(class trtcclient.Class) string {
	switch class {
	case trtcclient.ServerFault, trtcclient.Unread, trtcclient.NoCapacity:
		return "yes"
	case trtcclient.Throttled:
		return "yes, with a lower rate"
	case trtcclient.NoAnswer:
		return "yes, except starts"
	case trtcclient.Conflict:
		return "for 15 seconds"
	default:
		return "no"
	}
}
