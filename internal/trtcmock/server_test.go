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
		"GET":   {func(r *http.Request) { r.Method = http.MethodGet }, "UnsupportedProtocol"},
		"path":  {func(r *http.Request) { r.URL.Path = "/elsewhere" }, "InvalidRequest"},
		"query": {func(r *http.Request) { r.URL.RawQuery = "a=b" }, "InvalidRequest"},
		"large body": {func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader(strings.Repeat(" ", maxBodyBytes+1)))
		}, "RequestSizeLimitExceeded"},
		"content type":            {header("Content-Type", "text/plain"), "InvalidRequest"},
		"unknown action":          {header("X-Tc-Action", "PauseStreamIngest"), "InvalidAction"},
		"no version":              {func(r *http.Request) { r.Header.Del("X-Tc-Version") }, "MissingParameter"},
		"other version":           {header("X-Tc-Version", "2018-08-13"), "NoSuchVersion"},
		"no region":               {func(r *http.Request) { r.Header.Del("X-Tc-Region") }, "MissingParameter"},
		"region of no site":       {header("X-Tc-Region", "eu-frankfurt"), "UnsupportedRegion"},
		"region of China":         {header("X-Tc-Region", "ap-beijing"), "UnsupportedRegion"},
		"region of Start only":    {header("X-Tc-Region", "ap-tokyo"), ""},
		"client name":             {header("X-Tc-Requestclient", "SDK_GO_1.3.210: terraform-provider-trtc, 1.0"), ""},
		"client name with slash":  {header("X-Tc-Requestclient", "terraform/1.14"), "InvalidParameter"},
		"client name of 128":      {header("X-Tc-Requestclient", strings.Repeat("x", 128)), ""},
		"client name of 129":      {header("X-Tc-Requestclient", strings.Repeat("x", 129)), "InvalidParameter"},
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
