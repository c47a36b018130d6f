package cloudapi_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// bodies are bodies of responses, with the outcome of the call.
var bodies = map[string]struct {
	status  int
	body    string
	outcome cloudapi.Outcome
	reason  cloudapi.Reason // if ambiguous
	code    string          // if refused
}{
	"success":              {200, goodResponse, cloudapi.Answered, "", ""},
	"white space around":   {200, " \r\n\t" + goodResponse + "\n", cloudapi.Answered, "", ""},
	"null error":           {200, `{"Response":{"Error":null,"TaskId":"t","RequestId":"r"}}`, cloudapi.Answered, "", ""},
	"extra fields":         {200, `{"a":1,"Response":{"TaskId":"a","b":{"c":[]}}}`, cloudapi.Answered, "", ""},
	"largest":              {200, goodResponse + strings.Repeat(" ", cloudapi.MaxBodyBytes-len(goodResponse)), cloudapi.Answered, "", ""},
	"one byte too large":   {200, goodResponse + strings.Repeat(" ", cloudapi.MaxBodyBytes-len(goodResponse)+1), cloudapi.Ambiguous, cloudapi.TooLarge, ""},
	"code":                 {200, refusal("FailedOperation.TaskExist"), cloudapi.Refused, "", "FailedOperation.TaskExist"},
	"code with status 500": {500, refusal("InternalError"), cloudapi.Refused, "", "InternalError"},
	"code and TaskId":      {200, `{"Response":{"Error":{"Code":"X.Y"},"TaskId":"t"}}`, cloudapi.Refused, "", "X.Y"},
	"code of 128 bytes":    {200, refusal(strings.Repeat("a", 128)), cloudapi.Refused, "", strings.Repeat("a", 128)},
	"code of 129 bytes":    {200, refusal(strings.Repeat("a", 129)), cloudapi.Ambiguous, cloudapi.Unreadable, ""},
	"code with line break": {200, refusal(`a\nb`), cloudapi.Ambiguous, cloudapi.Unreadable, ""},
	"error without code":   {200, `{"Response":{"Error":{"Message":"m"},"TaskId":"t","RequestId":"r"}}`, cloudapi.Ambiguous, cloudapi.Unreadable, ""},
	"success, status 500":  {500, goodResponse, cloudapi.Ambiguous, cloudapi.BadStatus, ""},
	"empty, status 204":    {204, "", cloudapi.Ambiguous, cloudapi.BadStatus, ""},
	"page, status 502":     {502, "<html>" + canaryBody, cloudapi.Ambiguous, cloudapi.BadStatus, ""},
	"empty":                {200, "", cloudapi.Ambiguous, cloudapi.Unreadable, ""},
	"null":                 {200, "null", cloudapi.Ambiguous, cloudapi.Unreadable, ""},
	"Response null":        {200, `{"Response":null}`, cloudapi.Ambiguous, cloudapi.Unreadable, ""},
	"Response empty":       {200, `{"Response":{}}`, cloudapi.Ambiguous, cloudapi.Unreadable, ""},
	"TaskId not in UTF-8":  {200, "{\"Response\":{\"TaskId\":\"\xff\"}}", cloudapi.Ambiguous, cloudapi.Unreadable, ""},
	"cut short":            {200, goodResponse[:len(goodResponse)-2], cloudapi.Ambiguous, cloudapi.Unreadable, ""},
	"garbage at the end":   {200, goodResponse + canaryBody, cloudapi.Ambiguous, cloudapi.Unreadable, ""},
}

func TestCall_Body(t *testing.T) {
	t.Parallel()
	for name, c := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := call(t, respond(c.status, c.body), start())
			if got := outcomeOf(err); got != c.outcome {
				t.Fatalf("outcome = %v, want %v: %v", got, c.outcome, err)
			}
			if c.outcome == cloudapi.Ambiguous {
				_ = expectFailure(t, err, c.outcome, c.reason, c.status)
			}
			if refused, ok := errors.AsType[*cloudapi.APIError](err); ok && (refused.Code != c.code || refused.Action != "StartStreamIngest") {
				t.Errorf("error = %+v, want code %s", refused, c.code)
			}
		})
	}
	// An output without requirements.
	for body, want := range map[string]cloudapi.Outcome{`{"Response":{}}`: cloudapi.Answered, `{}`: cloudapi.Ambiguous} {
		_, err := newClient(respond(http.StatusOK, body)).Call(t.Context(), permanentKey(), start(), &struct{}{})
		if got := outcomeOf(err); got != want {
			t.Errorf("outcome of %s = %v, want %v: %v", body, got, want, err)
		}
	}
}

func FuzzCall_Body(f *testing.F) {
	for _, c := range bodies {
		if len(c.body) < 1<<12 {
			f.Add(c.status, c.body)
		}
	}
	f.Add(-1, "\x00")
	f.Fuzz(func(t *testing.T, status int, body string) {
		var out taskOutput
		requestID, err := newClient(respond(status, body)).Call(context.Background(), temporaryKey(), start(), &out)
		if len(requestID) > 64 || err != nil && len(err.Error()) > 1<<10 {
			t.Errorf("RequestId = %q, error of %d bytes", requestID, len(err.Error()))
		}
		switch outcome := outcomeOf(err); {
		case outcome == cloudapi.Answered && (status != http.StatusOK || out.TaskID == ""):
			t.Errorf("status %d and TaskId %q count as success", status, out.TaskID)
		case outcome == cloudapi.NotSent, outcome == "unknown":
			t.Errorf("outcome = %v of a request that was written", outcome)
		}
	})
}

func TestCall_RequestID(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, want string }{
		"success":           {goodResponse, goodID},
		"refusal":           {`{"Response":{"Error":{"Code":"X"},"RequestId":"` + goodID + `"}}`, goodID},
		"no fields":         {`{"Response":{"RequestId":"` + goodID + `"}}`, goodID},
		"none":              {`{"Response":{"Error":{"Code":"X"}}}`, ""},
		"another form":      {`{"Response":{"TaskId":"t","RequestId":"req_7/é"}}`, "req_7/é"},
		"with a line break": {`{"Response":{"Error":{"Code":"X"},"RequestId":"a\nb\u202e"}}`, "a b"},
		"long":              {`{"Response":{"TaskId":"t","RequestId":"` + strings.Repeat("a", 37) + `"}}`, "(redacted)"},
		"with a secret":     {`{"Response":{"TaskId":"t","RequestId":"` + canaryKey + `"}}`, "(redacted)"},
	} {
		got, err := newClient(respond(http.StatusOK, c.body)).Call(t.Context(), permanentKey(), start(), &taskOutput{})
		if got != c.want {
			t.Errorf("%s: RequestId = %q, want %q", name, got, c.want)
		}
		if _, refused := errors.AsType[*cloudapi.APIError](err); refused && strings.Contains(err.Error(), "RequestId") != (c.want != "") {
			t.Errorf("%s: error = %q, want the RequestId named if there is one", name, err)
		}
	}
}

// TestCall_RawResponse sends responses that only a real connection can show.
func TestCall_RawResponse(t *testing.T) {
	t.Parallel()
	const ok, chunked = "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
	long := canaryBody + strings.Repeat("x", 8<<10)
	complete := fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(goodResponse), goodResponse)
	type exchange struct {
		response string
		reason   cloudapi.Reason // none of a success
		status   int
	}
	cases := map[string]exchange{
		"gzip":               {ok + "Content-Encoding: gzip\r\n\r\n" + packed(goodResponse), "", 0},
		"too large in gzip":  {ok + "Content-Encoding: gzip\r\n\r\n" + packed(strings.Repeat(" ", 4<<20)), cloudapi.TooLarge, 200},
		"no gzip":            {ok + "Content-Encoding: gzip\r\n" + complete, cloudapi.Unreadable, 200},
		"deflate":            {ok + "Content-Encoding: deflate\r\n" + complete, cloudapi.Unreadable, 200},
		"unknown encoding":   {ok + "Content-Encoding: canary\r\n" + complete, cloudapi.Unreadable, 200},
		"100 and 103 before": {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + ok + complete, "", 0},
		"endless 103":        {strings.Repeat("HTTP/1.1 103 Early Hints\r\nX: "+canaryBody+"\r\n\r\n", 9000), cloudapi.ConnectionLost, 0},
		"large head":         {ok + "X: " + strings.Repeat(canaryBody, 20<<10) + "\r\n" + complete, cloudapi.ConnectionLost, 0},
		"closed":             {"", cloudapi.ConnectionLost, 0},
		"no HTTP":            {long + "\r\n\r\n", cloudapi.ConnectionLost, 0},
		"no header":          {ok + long + "\r\n\r\n", cloudapi.ConnectionLost, 0},
		"body cut":           {ok + "Content-Length: 999\r\n\r\n" + goodResponse, cloudapi.Unreadable, 200},
		"no chunk":           {chunked + "\r\n" + long + "\r\n\r\n", cloudapi.Unreadable, 200},
		"no trailer":         {chunked + "Trailer: A\r\n\r\n0\r\n" + long + "\r\n\r\n", cloudapi.Unreadable, 200},
	}
	for _, status := range []int{300, 301, 302, 303, 304, 307, 308} {
		head := fmt.Sprintf("HTTP/1.1 %d Moved\r\nLocation: /%s\r\nContent-Length: 0\r\n\r\n", status, canaryBody)
		cases[fmt.Sprint("redirect ", status)] = exchange{head, cloudapi.Redirected, status}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			request := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				raw(t, w, c.response, nil)
			})
			err := call(t, newTransport(t), request)
			if c.reason != "" {
				_ = expectFailure(t, err, cloudapi.Ambiguous, c.reason, c.status)
			} else if err != nil {
				t.Error(err)
			}
			if got := requests.Load(); got != 1 {
				t.Errorf("%d requests arrived, want 1", got)
			}
		})
	}
}

func packed(body string) string {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = io.WriteString(writer, body)
	_ = writer.Close()
	return packed.String()
}

// TestCall_SwitchedProtocol keeps a connection open after a response with status 101:
// a client that reads from it waits without end.
func TestCall_SwitchedProtocol(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	request := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		raw(t, w, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", over)
	})
	defer close(over)
	_ = expectFailure(t, call(t, newTransport(t), request), cloudapi.Ambiguous, cloudapi.BadStatus, 101)
}
