package trtcmock

import (
	"net/http"
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
		"GET":                     {func(r *http.Request) { r.Method = http.MethodGet }, codeUnsupportedHTTP},
		"path":                    {func(r *http.Request) { r.URL.Path = "/elsewhere" }, codeInvalidRequest},
		"query":                   {func(r *http.Request) { r.URL.RawQuery = "a=b" }, codeInvalidRequest},
		"content type":            {header("Content-Type", "text/plain"), codeInvalidRequest},
		"unknown action":          {header("X-Tc-Action", "PauseStreamIngest"), codeInvalidAction},
		"no version":              {func(r *http.Request) { r.Header.Del("X-Tc-Version") }, codeMissingParameter},
		"other version":           {header("X-Tc-Version", "2018-08-13"), codeNoSuchVersion},
		"no region":               {func(r *http.Request) { r.Header.Del("X-Tc-Region") }, codeMissingParameter},
		"region of no site":       {header("X-Tc-Region", "eu-frankfurt"), codeUnsupportedPlace},
		"region of China":         {header("X-Tc-Region", "ap-beijing"), codeUnsupportedPlace},
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
			b := newBench(t, nil)
			r := b.message("DescribeStreamIngest", target("unknown")).request(t, "http://"+testHost+"/", testHost)
			test.change(r)
			b.wantCode(b.do(r), test.want)
		})
	}
}

func TestNoActionIsNotJournalled(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.wantCode(b.send(b.message("", nil)), codeInvalidAction)
	if journal := b.Journal(); len(journal) != 0 {
		t.Errorf("journal %+v", journal)
	}
}

func TestBodyTooLarge(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	m := b.message("DescribeStreamIngest", nil)
	m.body = []byte(`{"TaskId":"` + strings.Repeat("x", maxBodyBytes) + `"}`)
	b.wantCode(b.send(m), codeSizeExceeded)
}

func TestChinaRegions(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.China = true })
	m := b.message("DescribeStreamIngest", target("unknown"))
	for region, want := range map[string]string{"ap-beijing": "", "ap-singapore": "", "ap-tokyo": codeUnsupportedPlace} {
		m.region = region
		b.wantCode(b.send(m), want)
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	seen := map[string]bool{}
	for range 20 {
		id := b.call("DescribeStreamIngest", target("unknown")).Response.RequestID
		if len(id) != 36 || id[14] != '4' || seen[id] {
			t.Fatalf("request id %q", id)
		}
		seen[id] = true
	}
	for _, call := range b.Journal() {
		if !seen[call.RequestID] {
			t.Errorf("the journal has request id %q, which was not answered", call.RequestID)
		}
	}
}
