package trtcmock

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The kinds of faults.
const (
	// FaultDropBefore closes the connection; the action did not run.
	FaultDropBefore = "drop_before"
	// FaultDropAfter runs the action, then closes the connection.
	FaultDropAfter = "drop_after"
	// FaultDelay runs the action and answers after Delay.
	FaultDelay = "delay"
	// FaultTruncate runs the action, announces the whole answer, sends half of
	// it and closes the connection.
	FaultTruncate = "truncate"
	// FaultHTML502 is a gateway's error page; the action did not run.
	FaultHTML502 = "html_502"
	// FaultHTML502After is the same page after the action ran.
	FaultHTML502After = "html_502_after"
	// FaultStatus500 is status 500 without a body; the action did not run.
	FaultStatus500 = "status_500"
	// FaultStatus500After is the same after the action ran.
	FaultStatus500After = "status_500_after"
	// FaultNull runs the action and answers the JSON text null.
	FaultNull = "null"
	// FaultEmptyObject runs the action and answers {"Response":{}}.
	FaultEmptyObject = "empty_object"
	// FaultHuge runs the action and pads its answer, still valid, to over 5 MiB.
	FaultHuge = "huge"
	// FaultRedirect307 redirects to /elsewhere; the action did not run.
	FaultRedirect307 = "redirect_307"
	// FaultCode answers Code; the action did not run.
	FaultCode = "code"
	// FaultCodeAfter runs the action, then answers Code.
	FaultCodeAfter = "code_after"
)

const hugeBytes = 5 << 20

// faultKind is what a kind does: let the action run or not, and to the answer.
type faultKind struct {
	runs    bool
	disturb func(reply) reply
}

func faultKinds() map[string]faultKind {
	return map[string]faultKind{
		FaultDropBefore:     {runs: false, disturb: dropped},
		FaultDropAfter:      {runs: true, disturb: dropped},
		FaultDelay:          {runs: true, disturb: unchanged},
		FaultTruncate:       {runs: true, disturb: truncated},
		FaultHTML502:        {runs: false, disturb: badGateway},
		FaultHTML502After:   {runs: true, disturb: badGateway},
		FaultStatus500:      {runs: false, disturb: emptyServerError},
		FaultStatus500After: {runs: true, disturb: emptyServerError},
		FaultNull:           {runs: true, disturb: withBody("null")},
		FaultEmptyObject:    {runs: true, disturb: withBody(`{"Response":{}}`)},
		FaultHuge:           {runs: true, disturb: padded},
		FaultRedirect307:    {runs: false, disturb: redirected},
		FaultCode:           {runs: false, disturb: unchanged},
		FaultCodeAfter:      {runs: true, disturb: unchanged},
	}
}

// FaultKinds returns every kind, sorted.
func FaultKinds() []string { return slices.Sorted(maps.Keys(faultKinds())) }

func (f Fault) answersCode() bool { return f.Kind == FaultCode || f.Kind == FaultCodeAfter }

// disturb does to an answer what the fault says.
func (f Fault) disturb(answer reply) reply {
	after := answer.after + time.Duration(f.Delay)
	answer = faultKinds()[f.Kind].disturb(answer)
	answer.after = after
	return answer
}

func unchanged(answer reply) reply { return answer }

func dropped(answer reply) reply {
	answer.drop = true
	return answer
}

func truncated(answer reply) reply {
	answer.cutAt = len(answer.body) / 2
	return answer
}

func badGateway(reply) reply {
	return newReply(http.StatusBadGateway, "text/html", []byte(
		"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"+
			"<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n"))
}

func emptyServerError(reply) reply { return newReply(http.StatusInternalServerError, "", nil) }

func withBody(text string) func(reply) reply {
	return func(reply) reply { return newReply(http.StatusOK, jsonType, []byte(text)) }
}

// padded puts the padding in front, so that a reader which stops early has seen
// nothing of the answer proper. An answer that is not a JSON object grows by
// white space instead.
func padded(answer reply) reply {
	if inner, ok := bytes.CutPrefix(answer.body, []byte("{")); ok {
		padding := `{"Padding":"` + strings.Repeat("x", hugeBytes) + `",`
		answer.body = append([]byte(padding), inner...)
		return answer
	}
	answer.body = append(bytes.Repeat([]byte(" "), hugeBytes), answer.body...)
	return answer
}

func redirected(reply) reply {
	answer := newReply(http.StatusTemporaryRedirect, "", nil)
	answer.location = "/elsewhere"
	return answer
}
