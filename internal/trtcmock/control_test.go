package trtcmock

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// controlCall sends one control call.
func (s *testServer) controlCall(method, path, body string) (int, string) {
	s.t.Helper()
	return s.controlCallFrom(method, path, body, http.Header{"Host": {"127.0.0.1:8787"}})
}

// controlCallFrom is controlCall with the given headers.
func (s *testServer) controlCallFrom(method, path, body string, header http.Header) (int, string) {
	s.t.Helper()
	// As from a listener on all addresses.
	ctx := context.WithValue(s.t.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 8787})
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	r.Host, r.Header = header.Get("Host"), header
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, r)
	if got := recorder.Header().Get("Content-Type"); got != "application/json" {
		s.t.Errorf("%s %s: content type %q", method, path, got)
	}
	return recorder.Code, recorder.Body.String()
}

// TestControl_WebPages checks that a page in a browser on this machine controls
// nothing, and that whoever names the address of the mock does.
func TestControl_WebPages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header http.Header
		want   int
	}{
		"curl":                    {http.Header{"Host": {"localhost:8787"}}, http.StatusOK},
		"curl, IPv6":              {http.Header{"Host": {"[::1]:8787"}}, http.StatusOK},
		"curl, listen address":    {http.Header{"Host": {"192.0.2.1:8787"}}, http.StatusOK},
		"page of the mock itself": {http.Header{"Host": {"127.0.0.1:8787"}, "Origin": {"http://127.0.0.1:8787"}}, http.StatusOK},
		"page of another site":    {http.Header{"Host": {"127.0.0.1:8787"}, "Origin": {"https://example.com"}}, http.StatusForbidden},
		"marked by the browser":   {http.Header{"Host": {"127.0.0.1:8787"}, "Sec-Fetch-Site": {"cross-site"}}, http.StatusForbidden},
		"page in a file":          {http.Header{"Host": {"127.0.0.1:8787"}, "Origin": {"null"}}, http.StatusForbidden},
		"name of the attacker":    {http.Header{"Host": {"rebound.example.com:8787"}}, http.StatusForbidden},
		"page of that name":       {http.Header{"Host": {"rebound.example.com"}, "Origin": {"http://rebound.example.com"}}, http.StatusForbidden},
		"another address":         {http.Header{"Host": {"192.0.2.2:8787"}}, http.StatusForbidden},
		"no host":                 {http.Header{}, http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, nil)
			s.started(nil)
			status, body := s.controlCallFrom(http.MethodPost, "/_mock/reset", "", test.header)
			if status != test.want || len(s.Tasks()) == 0 != (test.want == http.StatusOK) {
				t.Errorf("%d %s, %d tasks remain, want status %d", status, body, len(s.Tasks()), test.want)
			}
		})
	}
}

func TestControl_Lists(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, path := range []string{"/_mock/tasks", "/_mock/journal"} {
		if status, body := s.controlCall(http.MethodGet, path, ""); status != http.StatusOK || body != "[]" {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	ended, running := s.started(nil), s.started(map[string]any{"RoomId": "2"})
	s.Finish(ended)
	for query, want := range map[string][]string{
		"": {ended, running}, "?status=" + StatusInProgress: {running}, "?status=" + StatusNotExist: {ended},
	} {
		var tasks []Task
		_, body := s.controlCall(http.MethodGet, "/_mock/tasks"+query, "")
		err := json.Unmarshal([]byte(body), &tasks)
		var got []string
		for _, task := range tasks {
			got = append(got, task.ID)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %s, %v, want %q", query, body, err, want)
		}
	}
	if code, body := s.controlCall(http.MethodGet, "/_mock/tasks?status=Running", ""); code != http.StatusBadRequest || !strings.Contains(body, StatusInProgress) {
		t.Errorf("unknown status: %d %s", code, body)
	}
	_, body := s.controlCall(http.MethodGet, "/_mock/journal", "")
	for _, member := range []string{`"action":"StartStreamIngest"`, `"region":"ap-singapore"`, `"code":""`, `"task_id":`, `"time":"2026-11-23T`} {
		if !strings.Contains(body, member) {
			t.Errorf("call log %s has no %s", body, member)
		}
	}
}

func TestControl_Reset(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.RequestsPerSecond = 1 })
	id := s.started(nil)
	temporary := s.as(s.call("AssumeRole", roleParameters(nil)))
	if err := s.Inject(Fault{Kind: FaultNull, Times: -1}); err != nil {
		t.Fatal(err)
	}
	if status, body := s.controlCall(http.MethodPost, "/_mock/reset", ""); status != http.StatusOK || body != `{"reset":true}` {
		t.Errorf("%d %s", status, body)
	}
	if len(s.Journal()) != 0 || len(s.Tasks()) != 0 || len(s.Alive()) != 0 {
		t.Errorf("call log %+v, tasks %+v", s.Journal(), s.Tasks())
	}
	s.wantCode(s.send(temporary), "AuthFailure.SecretIdNotFound")
	if again := s.started(nil); again == id { // neither a fault, nor the rate, nor the task
		t.Errorf("task ID %q again", id)
	}
}

func TestControl_Finish(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	id := s.started(nil)
	path := "/_mock/tasks/finish?id=" + url.QueryEscape(id)
	for _, want := range []int{http.StatusOK, http.StatusNotFound} {
		if status, body := s.controlCall(http.MethodPost, path, ""); status != want {
			t.Errorf("%d %s, want %d", status, body, want)
		}
	}
	if got := s.status(id); got != StatusNotExist {
		t.Errorf("status %q", got)
	}
}

func TestControl_Faults(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	status, body := s.controlCall(http.MethodPost, "/_mock/faults",
		`[{"action":"StopStreamIngest","kind":"code","code":"InternalError","times":2},{"kind":"delay","delay":"1.5ms","nth":9}]`)
	if status != http.StatusOK || body != `{"injected":2}` {
		t.Fatalf("%d %s", status, body)
	}
	s.wantCode(s.call("DescribeStreamIngest", target("x")), "")
	s.wantCode(s.call("StopStreamIngest", target("x")), "InternalError")
	for name, script := range map[string]string{
		"no JSON":        `kind: null`,
		"no array":       `{"kind":"null"}`,
		"misspelled":     `[{"kind":"null","time":2}]`,
		"invalid":        `[{"kind":"null"},{"kind":"nil"}]`,
		"two arrays":     `[{"kind":"null"}][]`,
		"number as time": `[{"kind":"delay","delay":1}]`,
		"no unit":        `[{"kind":"null","delay":"1"}]`,
		"huge":           `[` + strings.Repeat(" ", maxFaultsBytes) + `]`,
	} {
		if status, body := s.controlCall(http.MethodPost, "/_mock/faults", script); status != http.StatusBadRequest ||
			!strings.HasPrefix(body, `{"error":"`) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	for _, want := range []string{`{"removed":2}`, `{"removed":0}`} {
		if status, body := s.controlCall(http.MethodDelete, "/_mock/faults", ""); status != http.StatusOK || body != want {
			t.Errorf("%d %s, want %s", status, body, want)
		}
		s.wantCode(s.call("StopStreamIngest", target("x")), "FailedOperation.TaskFinished")
	}
}

func TestControl_OtherPaths(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, request := range []string{"GET /_mock/", "GET /_mock/faults", "POST /_mock/tasks", "GET /_mock/tasks/finish", "GET /_mock/reset"} {
		method, path, _ := strings.Cut(request, " ")
		if status, _ := s.controlCall(method, path, ""); status != http.StatusNotFound {
			t.Errorf("%s: %d", request, status)
		}
	}
	if calls := s.Journal(); len(calls) != 0 {
		t.Errorf("administration is in the call log: %+v", calls)
	}
}
