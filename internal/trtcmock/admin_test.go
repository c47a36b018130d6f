package trtcmock

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// administer sends one request to /_mock/.
func (b *bench) administerOverHTTP(method, path, body string) (int, string) {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body))
	recorder := httptest.NewRecorder()
	b.ServeHTTP(recorder, r)
	if got := recorder.Header().Get("Content-Type"); got != "application/json" {
		b.t.Errorf("%s %s: content type %q", method, path, got)
	}
	return recorder.Code, recorder.Body.String()
}

func TestAdminLists(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for _, path := range []string{"/_mock/tasks", "/_mock/journal"} {
		if status, body := b.administerOverHTTP(http.MethodGet, path, ""); status != http.StatusOK || body != "[]" {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	id := b.started(nil)
	var tasks []Task
	_, body := b.administerOverHTTP(http.MethodGet, "/_mock/tasks", "")
	if err := json.Unmarshal([]byte(body), &tasks); err != nil || len(tasks) != 1 || tasks[0].ID != id {
		t.Errorf("tasks %s, error %v", body, err)
	}
	var calls []Call
	_, body = b.administerOverHTTP(http.MethodGet, "/_mock/journal", "")
	if err := json.Unmarshal([]byte(body), &calls); err != nil || len(calls) != 1 || calls[0].TaskID != id || !calls[0].Ran {
		t.Errorf("journal %s, error %v", body, err)
	}
	for _, member := range []string{`"action":"StartStreamIngest"`, `"region":"ap-singapore"`, `"code":""`, `"task_id":`, `"time":"2026-11-23T`} {
		if !strings.Contains(body, member) {
			t.Errorf("journal %s has no %s", body, member)
		}
	}
	if status, _ := b.administerOverHTTP(http.MethodPost, "/_mock/reset", ""); status != http.StatusOK || len(b.Journal()) != 0 {
		t.Errorf("reset: %d, journal %+v", status, b.Journal())
	}
}

func TestAdminFinish(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	id := b.started(nil)
	path := "/_mock/tasks/finish?id=" + url.QueryEscape(id)
	for _, want := range []int{http.StatusOK, http.StatusNotFound} {
		if status, body := b.administerOverHTTP(http.MethodPost, path, ""); status != want {
			t.Errorf("%d %s, want %d", status, body, want)
		}
	}
	if got := b.status(id); got != StatusNotExist {
		t.Errorf("status %q", got)
	}
}

func TestAdminFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	status, body := b.administerOverHTTP(http.MethodPost, "/_mock/faults",
		`[{"action":"StopStreamIngest","kind":"code","code":"InternalError","times":2},{"kind":"null","nth":9}]`)
	if status != http.StatusOK || body != `{"injected":2}` {
		t.Fatalf("%d %s", status, body)
	}
	b.wantCode(b.call("DescribeStreamIngest", target("x")), "")
	b.wantCode(b.call("StopStreamIngest", target("x")), "InternalError")
	for name, script := range map[string]string{
		"no JSON":        `kind: null`,
		"no array":       `{"kind":"null"}`,
		"misspelt":       `[{"kind":"null","time":2}]`,
		"invalid":        `[{"kind":"null"},{"kind":"nil"}]`,
		"two arrays":     `[{"kind":"null"}][]`,
		"number as time": `[{"kind":"delay","delay":1}]`,
		"huge":           `[` + strings.Repeat(" ", maxScriptBytes) + `]`,
	} {
		if status, body := b.administerOverHTTP(http.MethodPost, "/_mock/faults", script); status != http.StatusBadRequest ||
			!strings.HasPrefix(body, `{"error":"`) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	b.wantCode(b.call("DescribeStreamIngest", target("x")), "")
}

func TestAdminKnowsNothingElse(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for _, request := range []string{"GET /_mock/", "GET /_mock/faults", "POST /_mock/tasks", "GET /_mock/tasks/finish", "GET /_mock/reset"} {
		method, path, _ := strings.Cut(request, " ")
		if status, _ := b.administerOverHTTP(method, path, ""); status != http.StatusNotFound {
			t.Errorf("%s: %d", request, status)
		}
	}
	if journal := b.Journal(); len(journal) != 0 {
		t.Errorf("administration is in the journal: %+v", journal)
	}
}
