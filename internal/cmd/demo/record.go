package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
)

var (
	taskIDForm   = regexp.MustCompile(`ap-singapore/1400000001/([0-9A-Za-z+._-]+)`)
	durationForm = regexp.MustCompile(`after [0-9]+s`)
	timeForm     = regexp.MustCompile(`"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z"`)
)

// normalize replaces the text that differs between runs: the TaskId, durations and
// timestamps.
func normalize(session []byte) []byte {
	session = timeForm.ReplaceAll(session, []byte(`"<timestamp>"`))
	session = durationForm.ReplaceAll(session, []byte("after 0s"))
	for _, match := range taskIDForm.FindAllSubmatch(session, -1) {
		session = bytes.ReplaceAll(session, match[1], []byte("<TaskId>"))
	}
	return session
}

// shown selects the lines of a session that the picture shows.
var shown = regexp.MustCompile(`^(\$ |Terraform v|OpenTofu v|── \d|Plan:|No changes\.|Apply complete!|Destroy complete!|Tasks in progress|      [~] volume|.*: (Creation|Modifications|Destruction) complete|  # .* will be)`)

// drawing returns the main lines of a session as a picture of a terminal. The
// lines appear within 20 seconds where the reader allows animation. Elsewhere,
// and in a renderer without CSS animation, all lines are visible.
func drawing(session []byte) []byte {
	const lineHeight, top = 20, 40
	lines := []string{"$ make demo"}
	for line := range strings.Lines(string(normalize(session))) {
		line = strings.TrimRight(line, "\n")
		if shown.MatchString(line) {
			lines = append(lines, line)
		}
	}
	var out bytes.Buffer
	height := top + lineHeight*len(lines)
	_, _ = fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="840" height="%d" xml:space="preserve" role="img" aria-label="Output of make demo">
<style>
  rect { fill: #1e1e2e }
  text { fill: #cdd6f4; font: 14px ui-monospace, monospace }
  .command { fill: #a6e3a1 }
  .title { fill: #89b4fa }
  @keyframes show { from { opacity: 0 } }
  @media (prefers-reduced-motion: no-preference) { text { animation: show 0.1s backwards } }
</style>
<rect width="840" height="%d" rx="8"/>
`, height, height)
	for i, line := range lines {
		class := ""
		switch {
		case strings.HasPrefix(line, "$ "):
			class = ` class="command"`
		case strings.HasPrefix(line, "── "):
			class = ` class="title"`
		}
		_, _ = fmt.Fprintf(&out, `<text x="20" y="%d"%s style="animation-delay: %.1fs">`, top+lineHeight*i, class, 20*float64(i)/float64(len(lines)))
		_ = xml.EscapeText(&out, []byte(line))
		out.WriteString("</text>\n")
	}
	out.WriteString("</svg>\n")
	return out.Bytes()
}
