package trtcmock

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// received is the response that a caller on the network receives.
type received struct {
	err         error // of the exchange or of reading the body
	status      int
	length      int64
	contentType string
	location    string
	body        []byte
}

// sendHTTP sends one request over a real connection.
func (s *testServer) sendHTTP(m testRequest) received {
	s.t.Helper()
	front := httptest.NewServer(s)
	defer front.Close()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(m.request(s.t, front.URL+"/", strings.TrimPrefix(front.URL, "http://")))
	if err != nil {
		return received{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return received{
		err: err, status: response.StatusCode, length: response.ContentLength, body: body,
		contentType: response.Header.Get("Content-Type"), location: response.Header.Get("Location"),
	}
}

func TestFault_Kinds(t *testing.T) {
	t.Parallel()
	const injected = "InternalError.DBError"
	tests := map[string]struct {
		fault Fault
		runs  bool
		code  string // in the call log
		check func(received) bool
	}{
		FaultDropBefore: {check: func(r received) bool { return r.err != nil && r.status == 0 }},
		FaultDropAfter:  {runs: true, check: func(r received) bool { return r.err != nil && r.status == 0 }},
		FaultDelay: {fault: Fault{Delay: "1ns"}, runs: true, check: func(r received) bool {
			return r.err == nil && r.status == 200 && bytes.Contains(r.body, []byte(`"TaskId"`))
		}},
		FaultTruncate: {runs: true, check: func(r received) bool {
			return r.err != nil && r.status == 200 && len(r.body) > 10 && int64(len(r.body)) == r.length/2
		}},
		FaultHTML502:      {check: isErrorPage},
		FaultHTML502After: {runs: true, check: isErrorPage},
		FaultStatus500:    {check: func(r received) bool { return r.err == nil && r.status == 500 && len(r.body) == 0 }},
		FaultStatus500After: {runs: true, check: func(r received) bool {
			return r.err == nil && r.status == 500 && len(r.body) == 0
		}},
		FaultNull:        {runs: true, check: isBody("null")},
		FaultEmptyObject: {runs: true, check: isBody(`{"Response":{}}`)},
		FaultHuge: {runs: true, check: func(r received) bool {
			return r.err == nil && r.status == 200 && len(r.body) > 5<<20 && json.Valid(r.body) &&
				bytes.Contains(r.body, []byte(`"TaskId"`))
		}},
		FaultRedirect307: {check: func(r received) bool {
			return r.err == nil && r.status == 307 && strings.HasSuffix(r.location, "/elsewhere")
		}},
		FaultCode:      {fault: Fault{Code: injected}, code: injected, check: isCode(injected, "Injected")},
		FaultCodeAfter: {fault: Fault{Code: injected, Message: "custom text"}, code: injected, runs: true, check: isCode(injected, "custom text")},
	}
	for _, kind := range FaultKinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test, ok := tests[kind]
			if !ok {
				t.Fatal("this kind has no test")
			}
			test.fault.Kind = kind
			s := newTestServer(t, nil)
			if err := s.Inject(test.fault); err != nil {
				t.Fatal(err)
			}
			r := s.sendHTTP(s.newRequest("StartStreamIngest", startWith(nil)))
			if !test.check(r) {
				t.Errorf("status %d, length %d, error %v, location %q, %d bytes: %.200s",
					r.status, r.length, r.err, r.location, len(r.body), r.body)
			}
			call := s.Journal()[0]
			if call.Fault != kind || call.Ran != test.runs || call.Code != test.code || test.fault.Runs() != test.runs {
				t.Errorf("call log %+v", call)
			}
			if started := len(s.Tasks()) == 1; started != test.runs || (call.TaskID != "") != test.runs {
				t.Errorf("started: %v, in the call log %q", started, call.TaskID)
			}
			// The next call is left alone.
			want := map[bool]string{true: "FailedOperation.TaskExist", false: ""}[test.runs]
			s.wantCode(s.call("StartStreamIngest", startWith(nil)), want)
		})
	}
}

func isErrorPage(r received) bool {
	return r.err == nil && r.status == 502 && r.contentType == "text/html" && bytes.HasPrefix(r.body, []byte("<html>"))
}

func isBody(text string) func(received) bool {
	return func(r received) bool { return r.err == nil && r.status == 200 && string(r.body) == text }
}

func isCode(code, message string) func(received) bool {
	return func(r received) bool {
		var a testResponse
		return json.Unmarshal(r.body, &a) == nil && a.code() == code && r.status == 200 &&
			strings.Contains(a.Response.Error.Message, message) && a.Response.TaskID == ""
	}
}

func TestFaultScript(t *testing.T) {
	t.Parallel()
	const d, s = "DescribeStreamIngest", "StopStreamIngest"
	null := func(action string, nth, times int) Fault {
		return Fault{Kind: FaultNull, Action: action, Nth: nth, Times: times}
	}
	empty := func(action string, nth, times int) Fault {
		return Fault{Kind: FaultEmptyObject, Action: action, Nth: nth, Times: times}
	}
	const ok, n, e = "", FaultNull, FaultEmptyObject
	tests := map[string]struct {
		faults []Fault
		calls  []string
		want   []string
	}{
		"next":                   {[]Fault{null(d, 0, 0)}, []string{d, d}, []string{n, ok}},
		"first":                  {[]Fault{null(d, 1, 1)}, []string{d, d}, []string{n, ok}},
		"third":                  {[]Fault{null(d, 3, 0)}, []string{d, d, d, d}, []string{ok, ok, n, ok}},
		"two in a row":           {[]Fault{null(d, 2, 2)}, []string{d, d, d, d}, []string{ok, n, n, ok}},
		"from the second on":     {[]Fault{null(d, 2, -1)}, []string{d, d, d, d}, []string{ok, n, n, n}},
		"other actions pass":     {[]Fault{null(d, 2, 0)}, []string{s, d, s, d}, []string{ok, ok, ok, n}},
		"any action":             {[]Fault{null("", 2, 2)}, []string{s, d, s, d}, []string{ok, n, n, ok}},
		"in order":               {[]Fault{null(d, 0, 0), empty(d, 0, 0)}, []string{d, d, d}, []string{n, e, ok}},
		"each on its own call":   {[]Fault{null(d, 2, 0), empty(d, 1, 0)}, []string{d, d, d}, []string{e, n, ok}},
		"a later one is delayed": {[]Fault{null(d, 1, 2), empty(d, 2, 0)}, []string{d, d, d, d}, []string{n, n, e, ok}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var script faultScript
			script.add(test.faults...)
			for i, action := range test.calls {
				fault, hit := script.next(action)
				if hit != (test.want[i] != ok) || fault.Kind != test.want[i] {
					t.Errorf("call %d: %q, want %q", i+1, fault.Kind, test.want[i])
				}
			}
		})
	}
}

func TestInject_Invalid(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault Fault
		want  string
	}{
		"no kind":           {Fault{}, "kind"},
		"unknown kind":      {Fault{Kind: "drop"}, "kind"},
		"unknown action":    {Fault{Kind: FaultNull, Action: "Start"}, "action"},
		"negative nth":      {Fault{Kind: FaultNull, Nth: -1}, "nth"},
		"times -2":          {Fault{Kind: FaultNull, Times: -2}, "times"},
		"negative delay":    {Fault{Kind: FaultNull, Delay: "-1s"}, "delay"},
		"delay without one": {Fault{Kind: FaultDelay}, "delay"},
		"code without one":  {Fault{Kind: FaultCode}, "code"},
		"code for nothing":  {Fault{Kind: FaultNull, Code: "InternalError"}, "code"},
		"play of a stop":    {Fault{Kind: FaultPlay, Action: "StopStreamIngest", PlayFailures: 1}, "StartStreamIngest"},
		"play of any":       {Fault{Kind: FaultPlay, PlayFailures: 1}, "StartStreamIngest"},
		"no play failures":  {Fault{Kind: FaultPlay, Action: "StartStreamIngest"}, "play_failures"},
		"play for nothing":  {Fault{Kind: FaultNull, Action: "StartStreamIngest", PlayFailures: 1}, "plays"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, nil)
			err := s.Inject(Fault{Kind: FaultNull}, test.fault)
			if err == nil || !strings.HasPrefix(err.Error(), "fault 1: ") || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v", err)
			}
			s.wantCode(s.call("StopStreamIngest", target("x")), "FailedOperation.TaskFinished")
			if call := s.Journal()[0]; call.Fault != "" {
				t.Error("a fault of a refused script hit")
			}
		})
	}
}
