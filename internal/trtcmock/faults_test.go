package trtcmock

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// heard is what a caller on the network gets to know.
type heard struct {
	err         error // of the exchange or of reading the body
	status      int
	length      int64
	contentType string
	location    string
	body        []byte
}

// listen sends one request over a real connection.
func (b *bench) listen(m message) heard {
	b.t.Helper()
	front := httptest.NewServer(b)
	defer front.Close()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(m.request(b.t, front.URL+"/", strings.TrimPrefix(front.URL, "http://")))
	if err != nil {
		return heard{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return heard{
		err: err, status: response.StatusCode, length: response.ContentLength, body: body,
		contentType: response.Header.Get("Content-Type"), location: response.Header.Get("Location"),
	}
}

func TestFaultKinds(t *testing.T) {
	t.Parallel()
	const injected = "InternalError.DBError"
	tests := map[string]struct {
		fault Fault
		runs  bool
		code  string // in the journal
		check func(heard) bool
	}{
		FaultDropBefore: {check: func(h heard) bool { return h.err != nil && h.status == 0 }},
		FaultDropAfter:  {runs: true, check: func(h heard) bool { return h.err != nil && h.status == 0 }},
		FaultDelay: {fault: Fault{Delay: 1}, runs: true, check: func(h heard) bool {
			return h.err == nil && h.status == 200 && bytes.Contains(h.body, []byte(`"TaskId"`))
		}},
		FaultTruncate: {runs: true, check: func(h heard) bool {
			return h.err != nil && h.status == 200 && len(h.body) > 10 && int64(len(h.body)) == h.length/2
		}},
		FaultHTML502:      {check: isErrorPage},
		FaultHTML502After: {runs: true, check: isErrorPage},
		FaultStatus500:    {check: func(h heard) bool { return h.err == nil && h.status == 500 && len(h.body) == 0 }},
		FaultStatus500After: {runs: true, check: func(h heard) bool {
			return h.err == nil && h.status == 500 && len(h.body) == 0
		}},
		FaultNull:        {runs: true, check: isBody("null")},
		FaultEmptyObject: {runs: true, check: isBody(`{"Response":{}}`)},
		FaultHuge: {runs: true, check: func(h heard) bool {
			return h.err == nil && h.status == 200 && len(h.body) > 5<<20 && json.Valid(h.body) &&
				bytes.Contains(h.body, []byte(`"TaskId"`))
		}},
		FaultRedirect307: {check: func(h heard) bool {
			return h.err == nil && h.status == 307 && strings.HasSuffix(h.location, "/elsewhere")
		}},
		FaultCode:      {fault: Fault{Code: injected}, code: injected, check: isCode(injected, "told to")},
		FaultCodeAfter: {fault: Fault{Code: injected, Message: "by hand"}, code: injected, runs: true, check: isCode(injected, "by hand")},
	}
	for _, kind := range FaultKinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test, ok := tests[kind]
			if !ok {
				t.Fatal("this kind has no test")
			}
			test.fault.Kind = kind
			b := newBench(t, nil)
			if err := b.Inject(test.fault); err != nil {
				t.Fatal(err)
			}
			h := b.listen(b.message("StartStreamIngest", startParametersWith(nil)))
			if !test.check(h) {
				t.Errorf("status %d, length %d, error %v, location %q, %d bytes: %.200s",
					h.status, h.length, h.err, h.location, len(h.body), h.body)
			}
			call := b.Journal()[0]
			if call.Fault != kind || call.Ran != test.runs || call.Code != test.code || test.fault.Runs() != test.runs {
				t.Errorf("journal %+v", call)
			}
			if started := len(b.Tasks()) == 1; started != test.runs || (call.TaskID != "") != test.runs {
				t.Errorf("started: %v, in the journal %q", started, call.TaskID)
			}
			// The next call is left alone.
			want := map[bool]string{true: codeTaskExist, false: ""}[test.runs]
			b.wantCode(b.call("StartStreamIngest", startParametersWith(nil)), want)
		})
	}
}

func isErrorPage(h heard) bool {
	return h.err == nil && h.status == 502 && h.contentType == "text/html" && bytes.HasPrefix(h.body, []byte("<html>"))
}

func isBody(text string) func(heard) bool {
	return func(h heard) bool { return h.err == nil && h.status == 200 && string(h.body) == text }
}

func isCode(code, message string) func(heard) bool {
	return func(h heard) bool {
		var a answer
		return json.Unmarshal(h.body, &a) == nil && a.code() == code && h.status == 200 &&
			strings.Contains(a.Response.Error.Message, message) && a.Response.TaskID == ""
	}
}

func TestRunsOfACallThatFails(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	if err := b.Inject(Fault{Kind: FaultNull}); err != nil {
		t.Fatal(err)
	}
	b.listen(b.message("StopStreamIngest", target("unknown")))
	if call := b.Journal()[0]; call.Ran || call.Code != codeTaskFinished || call.Fault != FaultNull {
		t.Errorf("journal %+v", call)
	}
}

func TestFollowedRedirectIsSeen(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	m := b.message("StopStreamIngest", target("unknown"))
	b.wantCode(b.do(m.request(t, "http://"+testHost+"/elsewhere", testHost)), codeInvalidRequest)
	if journal := b.Journal(); len(journal) != 1 || journal[0].Code != codeInvalidRequest {
		t.Errorf("journal %+v", journal)
	}
}

func TestNoHijack(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	if err := b.Inject(Fault{Kind: FaultDropAfter}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // a panic value, compared by net/http itself
			t.Errorf("panic %v", got)
		}
	}()
	r := b.message("StopStreamIngest", target("unknown")).request(t, "http://"+testHost+"/", testHost)
	b.ServeHTTP(httptest.NewRecorder(), r)
	t.Error("the handler returned")
}

func TestFaultKindsAreSorted(t *testing.T) {
	t.Parallel()
	if kinds := FaultKinds(); len(kinds) != 14 || !slices.IsSorted(kinds) {
		t.Errorf("kinds %q", kinds)
	}
}
