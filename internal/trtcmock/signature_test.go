package trtcmock

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestSignature_PublishedExample checks the vendor's own example of signature v3.
func TestSignature_PublishedExample(t *testing.T) {
	t.Parallel()
	const body = `{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://cvm.tencentcloudapi.com/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	claim, err := parseAuthorization("TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, " +
		"SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168")
	if err != nil {
		t.Fatal(err)
	}
	const exampleKey = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
	if err := verifySignature(r, []byte(body), time.Unix(1551113065, 0), "cvm", exampleKey, claim); err != nil {
		t.Error(err)
	}
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	replaced := func(old, by string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, by, 1))
		}
	}
	tests := map[string]struct {
		before func(*testRequest)
		after  func(*http.Request)
		want   string
	}{
		"valid":                     {want: ""},
		"299 s late":                {before: func(m *testRequest) { m.timestamp = m.timestamp.Add(-299 * time.Second) }},
		"300 s late":                {before: func(m *testRequest) { m.timestamp = m.timestamp.Add(-300 * time.Second) }},
		"301 s late":                {before: func(m *testRequest) { m.timestamp = m.timestamp.Add(-301 * time.Second) }, want: "AuthFailure.SignatureExpire"},
		"301 s early":               {before: func(m *testRequest) { m.timestamp = m.timestamp.Add(301 * time.Second) }, want: "AuthFailure.SignatureExpire"},
		"no timestamp":              {after: func(r *http.Request) { r.Header.Del("X-TC-Timestamp") }, want: "MissingParameter"},
		"timestamp in milliseconds": {after: func(r *http.Request) { r.Header.Set("X-TC-Timestamp", r.Header.Get("X-TC-Timestamp")+"000") }, want: "AuthFailure.SignatureExpire"},
		"timestamp as date":         {after: func(r *http.Request) { r.Header.Set("X-TC-Timestamp", "2026-11-23") }, want: "InvalidParameter"},
		"other timestamp than signed": {after: func(r *http.Request) {
			r.Header.Set("X-TC-Timestamp", "1795425560")
		}, want: "AuthFailure.SignatureFailure"},
		"unsigned":                 {after: func(r *http.Request) { r.Header.Del("Authorization") }, want: "AuthFailure.InvalidAuthorization"},
		"skipped":                  {after: func(r *http.Request) { r.Header.Set("Authorization", "SKIP") }, want: "AuthFailure.InvalidAuthorization"},
		"other algorithm":          {after: replaced("TC3-HMAC-SHA256", "TC2-HMAC-SHA256"), want: "AuthFailure.InvalidAuthorization"},
		"no blank after the comma": {after: replaced(", Signed", ",Signed"), want: "AuthFailure.InvalidAuthorization"},
		"more signed headers":      {after: replaced("content-type;host", "content-type;host;x-tc-action"), want: "AuthFailure.InvalidAuthorization"},
		"signature in capitals":    {after: replaced("Signature=", "Signature=A"), want: "AuthFailure.InvalidAuthorization"},
		"trailing text":            {after: func(r *http.Request) { r.Header.Set("Authorization", r.Header.Get("Authorization")+" ") }, want: "AuthFailure.InvalidAuthorization"},
		"unknown secret id":        {before: func(m *testRequest) { m.secretID = "AKIDother" }, want: "AuthFailure.SecretIdNotFound"},
		"wrong secret key":         {before: func(m *testRequest) { m.secretKey += "x" }, want: "AuthFailure.SignatureFailure"},
		"other service":            {before: func(m *testRequest) { m.service = "sts" }, want: "AuthFailure.SignatureFailure"},
		"yesterday's scope":        {before: func(m *testRequest) { m.scopeDate = "2026-11-22" }, want: "AuthFailure.SignatureFailure"},
		"scope text of yesterday":  {after: replaced("/2026-11-23/", "/2026-11-22/"), want: "AuthFailure.SignatureFailure"},
		"scope text of sts":        {after: replaced("/trtc/", "/sts/"), want: "AuthFailure.SignatureFailure"},
		"other body":               {after: func(r *http.Request) { r.Body = http.NoBody }, want: "AuthFailure.SignatureFailure"},
		"other host":               {after: func(r *http.Request) { r.Host = "127.0.0.1:8787" }, want: "AuthFailure.SignatureFailure"},
		"token with long-lived key": {
			before: func(m *testRequest) { m.token = "canary-token" }, want: "AuthFailure.TokenFailure",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, nil)
			m := s.newRequest("DescribeStreamIngest", target("unknown"))
			if test.before != nil {
				test.before(&m)
			}
			r := m.request(t, "http://"+testHost+"/", testHost)
			if test.after != nil {
				test.after(r)
			}
			s.wantCode(s.do(r), test.want)
			calls := s.Journal()
			if len(calls) != 1 || calls[0].Code != test.want || calls[0].Ran != (test.want == "") {
				t.Errorf("call log %+v", calls)
			}
		})
	}
}

// TestSignature_NodeSDK has a recorded request of the official Node.js SDK,
// version 4.1.313, whose endpoint is the mock's address.
func TestSignature_NodeSDK(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"127.0.0.1:18787": "FailedOperation.TaskFinished", "127.0.0.1:8787": "FailedOperation.TaskFinished", "127.0.0.1": "FailedOperation.TaskFinished",
		"127.0.0.2:18787": "AuthFailure.SignatureFailure", testHost: "AuthFailure.SignatureFailure",
	} {
		s := newTestServer(t, func(o *Options) {
			o.Credentials = map[string]string{"AKIDmock": "mock-secret-key"}
			o.Now = func() time.Time { return time.Unix(1795525303, 0) }
		})
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(`{"SdkAppId":1400000001,"TaskId":"a+b"}`))
		r.Host = host
		for name, value := range map[string]string{
			"X-TC-TraceId": "ce172b1b-87cc-4afa-94d0-0dd550ca2830", "X-TC-Action": "StopStreamIngest", "X-TC-Region": "ap-singapore",
			"X-TC-Timestamp": "1795525303", "X-TC-Version": "2019-07-22", "X-TC-RequestClient": "SDK_NODEJS_4.1.313",
			"Content-Type": "application/json",
			"Authorization": "TC3-HMAC-SHA256 Credential=AKIDmock/2026-11-24/127/tc3_request, " +
				"SignedHeaders=content-type;host, Signature=2ca8c99da4f7bfb60908ac2b90e46b05151238548302a8350de9b76992107c2d",
		} {
			r.Header.Set(name, value)
		}
		if got := s.do(r).code(); got != want {
			t.Errorf("host %s: code %q, want %q", host, got, want)
		}
	}
}

func TestSignature_Host(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ host, service, signed, want string }{
		{"127.0.0.1:8787", "trtc", "127.0.0.1:8787", ""},
		{"127.0.0.1:8787", "trtc", "127.0.0.1", ""},
		{"[::1]:8787", "trtc", "[::1]", ""},
		{"localhost:8787", "localhost:8787", "localhost", ""},
		{"127.0.0.1:8787", "trtc", "127.0.0.1:8788", "AuthFailure.SignatureFailure"},
		{"127.0.0.1:8787", "sts", "127.0.0.1:8787", "AuthFailure.SignatureFailure"},
		{testHost + ":443", "trtc", testHost, ""},
		{"cvm.tencentcloudapi.com", "cvm", "cvm.tencentcloudapi.com", "AuthFailure.SignatureFailure"},
	} {
		s := newTestServer(t, nil)
		m := s.newRequest("DescribeStreamIngest", target("unknown"))
		m.service = test.service
		r := m.request(t, "http://"+testHost+"/", test.signed)
		r.Host = test.host
		if got := s.do(r).code(); got != test.want {
			t.Errorf("%+v: code %q", test, got)
		}
	}
}

func TestSignature_UTC(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 11, 24, 7, 59, 0, 0, time.FixedZone("UTC+8", 8*60*60)) // still the 23rd in UTC
	s := newTestServer(t, nil)
	m := s.newRequest("DescribeStreamIngest", nil)
	m.timestamp = late
	for date, accepted := range map[string]bool{"2026-11-23": true, "2026-11-24": false} {
		m.scopeDate = date
		r := m.request(t, "http://"+testHost+"/", testHost)
		claim, err := parseAuthorization(r.Header.Get("Authorization"))
		if err != nil {
			t.Fatal(err)
		}
		if err := verifySignature(r, m.body, late, "trtc", testSecretKey, claim); (err == nil) != accepted {
			t.Errorf("%s: error %v", date, err)
		}
	}
}

func TestSignature_Token(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) { o.Tokens = map[string]string{testSecretID: "canary-token"} })
	m := s.newRequest("DescribeStreamIngest", target("unknown"))
	for token, want := range map[string]string{"canary-token": "", "": "AuthFailure.TokenFailure", "other": "AuthFailure.TokenFailure"} {
		m.token = token
		s.wantCode(s.send(m), want)
	}
}
