package trtcmock

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTransport(t *testing.T) {
	t.Parallel()
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	tests := map[string]struct {
		change func(*http.Request)
		want   string
	}{
		"GET":   {func(r *http.Request) { r.Method = http.MethodGet }, codeUnsupportedHTTP},
		"path":  {func(r *http.Request) { r.URL.Path = "/elsewhere" }, codeInvalidRequest},
		"query": {func(r *http.Request) { r.URL.RawQuery = "a=b" }, codeInvalidRequest},
		"large body": {func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader(strings.Repeat(" ", maxBodyBytes+1)))
		}, codeSizeExceeded},
		"content type":            {header("Content-Type", "text/plain"), codeInvalidRequest},
		"unknown action":          {header("X-Tc-Action", "PauseStreamIngest"), codeInvalidAction},
		"no version":              {func(r *http.Request) { r.Header.Del("X-Tc-Version") }, codeMissingParameter},
		"other version":           {header("X-Tc-Version", "2018-08-13"), codeNoSuchVersion},
		"no region":               {func(r *http.Request) { r.Header.Del("X-Tc-Region") }, codeMissingParameter},
		"region of no site":       {header("X-Tc-Region", "eu-frankfurt"), codeUnsupportedRegion},
		"region of China":         {header("X-Tc-Region", "ap-beijing"), codeUnsupportedRegion},
		"region of Start only":    {header("X-Tc-Region", "ap-tokyo"), ""},
		"client name":             {header("X-Tc-Requestclient", "SDK_GO_1.3.210: terraform-provider-trtc, 1.0"), ""},
		"client name with slash":  {header("X-Tc-Requestclient", "terraform/1.14"), codeInvalidParameter},
		"client name of 128":      {header("X-Tc-Requestclient", strings.Repeat("x", 128)), ""},
		"client name of 129":      {header("X-Tc-Requestclient", strings.Repeat("x", 129)), codeInvalidParameter},
		"nothing out of ordinary": {func(*http.Request) {}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, nil)
			r := s.newRequest("DescribeStreamIngest", target("unknown")).request(t, "http://"+testHost+"/", testHost)
			test.change(r)
			s.wantCode(s.do(r), test.want)
		})
	}
}

// TestDate checks that a caller can read the mock's clock, even from an error.
func TestDate(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil))
	if got := recorder.Header().Get("Date"); got != testStart().Format(http.TimeFormat) {
		t.Errorf("Date %q", got)
	}
}
