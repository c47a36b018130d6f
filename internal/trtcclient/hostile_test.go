package trtcclient_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// lostRepeats is how many times a call that may run twice is sent again when
// its answers are lost.
const lostRepeats = 7

// TestHostileAnswers gives each action each answer, each time it asks.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	for name, hostile := range hostileAnswers {
		for action, run := range actions {
			t.Run(name+"/"+action, func(t *testing.T) {
				t.Parallel()
				var requests, elsewhere atomic.Int32
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
					if r.URL.Path != "/" {
						elsewhere.Add(1)
						return
					}
					requests.Add(1)
					hostile.serve(t, w)
				}))
				t.Cleanup(server.Close)
				var attempts []trtcclient.Attempt
				client := clientOf(t, server.URL, watch(&attempts))

				err := run(t.Context(), client)
				expectVerdict(t, err, action, hostile.want)
				want := 1
				if hostile.want.repeated && action != startAction {
					want += lostRepeats
				}
				if got := int(requests.Load()); got != want || len(attempts) != want {
					t.Errorf("%d requests arrived in %d attempts, want %d", got, len(attempts), want)
				}
				if elsewhere.Load() != 0 {
					t.Errorf("%d requests followed a redirect", elsewhere.Load())
				}
				expectClean(t, err)
				expectClean(t, attempts)
			})
		}
	}
}

// clientOf returns a client of the server at url, on a clock of its own.
func clientOf(t *testing.T, url string, changes ...func(*trtcclient.Config)) *trtcclient.Client {
	t.Helper()
	endpoint, err := cloudapi.ParseEndpoint(url)
	if err != nil {
		t.Fatal(err)
	}
	transport := cloudapi.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	config := trtcclient.Config{Endpoint: endpoint, Credentials: canaryKeys(), Transport: transport, Clock: clocktest.New(fakeStart)}
	for _, change := range changes {
		change(&config)
	}
	return trtcclient.New(config)
}

func expectVerdict(t *testing.T, err error, action string, want verdict) {
	t.Helper()
	if answered := err == nil; answered != (want.outcome == cloudapi.Answered) || errors.Is(err, errWrongAnswer) {
		t.Fatalf("error = %v, want the outcome %v", err, want.outcome)
	}
	if err == nil {
		return
	}
	if got := failure(t, err); got.Action != action || got.MayHaveRun != (want.outcome == cloudapi.Ambiguous) {
		t.Errorf("error = %+v, want the outcome %v", got, want.outcome)
	}
	var failed *cloudapi.ExchangeError
	// A reset can overtake the head before it: then there is no status.
	if errors.As(err, &failed) && want.status >= 0 && (failed.Outcome != want.outcome || failed.Reason != want.reason || failed.Status != want.status) {
		t.Errorf("error = %+v, want reason %v and status %d", failed, want.reason, want.status)
	}
	if want.code != "" && !trtcclient.IsError(err, want.code) {
		t.Errorf("error = %v, want code %s", err, want.code)
	}
}

// expectClean checks that no form of value, or of an error that it wraps,
// holds a part of a body or a secret, and that errors are short.
func expectClean(t *testing.T, value any) {
	t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		if shown := fmt.Sprintf(verb, value); strings.Contains(shown, "canary") {
			t.Errorf("%T in %s shows what it must not: %.400s", value, verb, shown)
		}
	}
	err, ok := value.(error)
	if !ok {
		return
	}
	if len(err.Error()) >= 1<<10 {
		t.Errorf("%T has a text of %d bytes: %.200s", err, len(err.Error()), err)
	}
	switch wrapping := value.(type) {
	case interface{ Unwrap() error }:
		expectClean(t, wrapping.Unwrap())
	case interface{ Unwrap() []error }:
		for _, wrapped := range wrapping.Unwrap() {
			expectClean(t, wrapped)
		}
	}
}

// TestBodyThatNeverEnds lets the deadline of each attempt pass in the body.
func TestBodyThatNeverEnds(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := newService(t, written(trickle))
				err := run(t.Context(), service.client())
				expectVerdict(t, err, action, lost(cloudapi.TimedOut, http.StatusOK))
				want := 1 + lostRepeats
				if action == startAction {
					want = 1
				}
				if got := len(service.requests()); got != want {
					t.Errorf("%d requests were sent, want %d", got, want)
				}
				expectClean(t, err)
			})
		})
	}
}

// trickle answers with a body whose end does not come.
func trickle(request *http.Request) (*http.Response, error) {
	body := io.MultiReader(strings.NewReader(goodAnswer[:40]), stuck{request.Context()})
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body), Request: request}, nil
}

// stuck is a reader that waits for the end of its context.
type stuck struct{ context.Context }

func (s stuck) Read([]byte) (int, error) {
	<-s.Done()
	return 0, s.Err()
}

// canaryBody is part of every hostile answer that has room for it.
const canaryBody = "canary-answer-body"

// verdict is how a client must judge an answer.
type verdict struct {
	outcome cloudapi.Outcome
	reason  cloudapi.Reason // of an outcome without an answer
	status  int             // of an outcome without an answer
	code    string          // of a refusal
	// repeated says that calls which may run twice are sent again.
	repeated bool
}

func lost(reason cloudapi.Reason, status int) verdict {
	return verdict{outcome: cloudapi.Ambiguous, reason: reason, status: status, repeated: true}
}

func permanent(reason cloudapi.Reason, status int) verdict {
	return verdict{outcome: cloudapi.Ambiguous, reason: reason, status: status}
}

func unreadable() verdict { return lost(cloudapi.Unreadable, http.StatusOK) }

func answered() verdict { return verdict{outcome: cloudapi.Answered} }

// hostileAnswers are what a host, or something on the way to it, can answer.
var hostileAnswers = map[string]struct {
	serve func(*testing.T, http.ResponseWriter)
	want  verdict
}{
	"redirect 301": {serve: redirect(301), want: permanent(cloudapi.Redirected, 301)},
	"redirect 302": {serve: redirect(302), want: permanent(cloudapi.Redirected, 302)},
	"redirect 303": {serve: redirect(303), want: permanent(cloudapi.Redirected, 303)},
	"redirect 307": {serve: redirect(307), want: permanent(cloudapi.Redirected, 307)},
	"redirect 308": {serve: redirect(308), want: permanent(cloudapi.Redirected, 308)},

	"body of 5 MiB":          {serve: text(200, goodAnswer+strings.Repeat(" ", 5<<20)), want: lost(cloudapi.TooLarge, 200)},
	"error of 5 MiB":         {serve: text(502, strings.Repeat(canaryBody, 5<<20/len(canaryBody))), want: lost(cloudapi.TooLarge, 502)},
	"bomb of gzip":           {serve: packed(goodAnswer + strings.Repeat(" ", 5<<20)), want: lost(cloudapi.TooLarge, 200)},
	"gzip":                   {serve: packed(goodAnswer), want: answered()},
	"gzip that is none":      {serve: encoded("gzip", goodAnswer), want: unreadable()},
	"deflate":                {serve: encoded("deflate", goodAnswer), want: unreadable()},
	"unknown encoding":       {serve: encoded(canaryBody, goodAnswer), want: unreadable()},
	"head of 5 MiB":          {serve: raw("HTTP/1.1 200 OK\r\nX: " + strings.Repeat(canaryBody, 5<<20/len(canaryBody)) + "\r\n\r\n"), want: lost(cloudapi.ConnectionLost, 0)},
	"null":                   {serve: text(200, "null"), want: unreadable()},
	"list":                   {serve: text(200, "[]"), want: unreadable()},
	"text":                   {serve: text(200, `""`), want: unreadable()},
	"empty":                  {serve: text(200, ""), want: unreadable()},
	"half of the JSON":       {serve: text(200, goodAnswer[:len(goodAnswer)/2]), want: unreadable()},
	"garbage behind":         {serve: text(200, goodAnswer+canaryBody), want: unreadable()},
	"nested deeply":          {serve: text(200, strings.Repeat(`{"Response":`, 11000)), want: unreadable()},
	"Response null":          {serve: text(200, `{"Response":null}`), want: unreadable()},
	"Response empty":         {serve: text(200, `{"Response":{}}`), want: unreadable()},
	"Response a list":        {serve: text(200, `{"Response":[]}`), want: unreadable()},
	"fields of wrong types":  {serve: text(200, `{"Response":{"TaskId":1,"Status":{},"RequestId":[]}}`), want: unreadable()},
	"RequestId a number":     {serve: text(200, `{"Response":{"TaskId":"task-1","Status":"InProgress","RequestId":1}}`), want: unreadable()},
	"fields that are empty":  {serve: text(200, `{"Response":{"TaskId":"","Status":"","RequestId":""}}`), want: unreadable()},
	"fields that are null":   {serve: text(200, `{"Response":{"TaskId":null,"Status":null,"RequestId":null}}`), want: unreadable()},
	"fields not in UTF-8":    {serve: text(200, "{\"Response\":{\"TaskId\":\"\xff\",\"Status\":\"\xff\",\"RequestId\":\"\xff\"}}"), want: unreadable()},
	"Error null":             {serve: text(200, `{"Response":{"Error":null,`+goodAnswer[len(`{"Response":{`):]), want: answered()},
	"Error without Code":     {serve: text(200, `{"Response":{"Error":{"Message":"`+canaryBody+`"},`+goodAnswer[len(`{"Response":{`):]), want: unreadable()},
	"Error a text":           {serve: text(200, `{"Response":{"Error":"`+canaryBody+`","RequestId":"r"}}`), want: unreadable()},
	"Code endless":           {serve: text(200, refusal(strings.Repeat("a.", 1<<12))), want: unreadable()},
	"duplicate keys":         {serve: text(200, `{"Response":{"TaskId":"x","Status":"x"},`+goodAnswer[1:]), want: answered()},
	"Error and then success": {serve: text(200, `{"Response":{"Error":{"Code":"UnsupportedRegion"},`+goodAnswer[len(`{"Response":{`):]), want: verdict{outcome: cloudapi.Refused, code: "UnsupportedRegion"}},
	"secrets in the message": {serve: text(200, echoing), want: verdict{outcome: cloudapi.Refused, code: "InvalidParameter"}},
	"events":                 {serve: events, want: answered()},

	"204":                {serve: text(204, ""), want: lost(cloudapi.BadStatus, 204)},
	"404":                {serve: text(404, "<html>"+canaryBody), want: permanent(cloudapi.BadStatus, 404)},
	"429":                {serve: text(429, canaryBody), want: lost(cloudapi.BadStatus, 429)},
	"500 without a body": {serve: text(500, ""), want: lost(cloudapi.BadStatus, 500)},
	"502 in HTML":        {serve: text(502, "<html>"+canaryBody), want: lost(cloudapi.BadStatus, 502)},
	"503 with a success": {serve: text(503, goodAnswer), want: lost(cloudapi.BadStatus, 503)},
	"500 with a code":    {serve: text(500, refusal("UnsupportedRegion")), want: verdict{outcome: cloudapi.Refused, code: "UnsupportedRegion"}},
	"100 and 103 before": {serve: raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + response(goodAnswer)), want: answered()},
	"103 without an end": {serve: raw(strings.Repeat("HTTP/1.1 103 Early Hints\r\nX: "+canaryBody+"\r\n\r\n", 9000)), want: lost(cloudapi.ConnectionLost, 0)},
	"101":                {serve: raw("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"), want: lost(cloudapi.BadStatus, 101)},
	"no HTTP":            {serve: raw(canaryBody + "\r\n" + canaryBody), want: lost(cloudapi.ConnectionLost, 0)},
	"HTTP 0.9":           {serve: raw(goodAnswer), want: lost(cloudapi.ConnectionLost, 0)},
	"HTTP of no version": {serve: raw("HTTP/9.9 " + canaryBody + "\r\n\r\n"), want: lost(cloudapi.ConnectionLost, 0)},
	"header of no form":  {serve: raw("HTTP/1.1 200 OK\r\n" + canaryBody + "\r\n\r\n"), want: lost(cloudapi.ConnectionLost, 0)},
	"body cut":           {serve: raw("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + goodAnswer), want: unreadable()},
	"chunks cut":         {serve: raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(goodAnswer)), want: unreadable()},
	"chunks of no form":  {serve: raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + canaryBody + "\r\n"), want: unreadable()},
	"closed at once":     {serve: raw(""), want: lost(cloudapi.ConnectionLost, 0)},
	"reset at once":      {serve: resetting(""), want: lost(cloudapi.ConnectionLost, 0)},
	"reset in the body":  {serve: resetting("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"), want: verdict{outcome: cloudapi.Ambiguous, repeated: true, status: -1}},
}

// echoing is a message that quotes what every request carries, and the URL of
// the task.
const echoing = `{"Response":{"Error":{"Code":"InvalidParameter","Message":"` + canaryID + " " + canaryToken + " '" +
	canaryURL + `' is wrong"},"RequestId":"` + canaryToken + `_"}}`

func redirect(status int) func(*testing.T, http.ResponseWriter) {
	return func(_ *testing.T, w http.ResponseWriter) {
		w.Header().Set("Location", "/elsewhere?"+canaryBody)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, goodAnswer)
	}
}

func text(status int, body string) func(*testing.T, http.ResponseWriter) {
	return func(_ *testing.T, w http.ResponseWriter) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func encoded(encoding, body string) func(*testing.T, http.ResponseWriter) {
	return func(_ *testing.T, w http.ResponseWriter) {
		w.Header().Set("Content-Encoding", encoding)
		_, _ = io.WriteString(w, body)
	}
}

func packed(body string) func(*testing.T, http.ResponseWriter) {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = io.WriteString(writer, body)
	_ = writer.Close()
	return encoded("gzip", packed.String())
}

func events(_ *testing.T, w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, goodAnswer)
}

func response(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func chunk(body string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(body), body) }

// raw writes bytes of its own making and closes the connection.
func raw(answer string) func(*testing.T, http.ResponseWriter) {
	return func(t *testing.T, w http.ResponseWriter) {
		t.Helper()
		_ = takeOver(t, w, answer).Close()
	}
}

// resetting is raw, but resets the connection.
func resetting(answer string) func(*testing.T, http.ResponseWriter) {
	return func(t *testing.T, w http.ResponseWriter) {
		t.Helper()
		connection := takeOver(t, w, answer)
		if socket, ok := connection.(*net.TCPConn); ok {
			_ = socket.SetLinger(0)
		}
		_ = connection.Close()
	}
}

func takeOver(t *testing.T, w http.ResponseWriter, answer string) net.Conn {
	t.Helper()
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Fatalf("the connection cannot be taken over: %v", err)
	}
	// The client may hang up before it has read everything.
	_, _ = io.WriteString(connection, answer)
	return connection
}
