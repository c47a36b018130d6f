package cloudapi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// TestParseEndpoint checks which URLs are endpoints, and that no error quotes its input.
func TestParseEndpoint(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"http://127.0.0.1:8787":         "http://127.0.0.1:8787",
		"http://127.9.9.9/":             "http://127.9.9.9",
		"http://localhost:1":            "http://localhost:1",
		"http://[::1]:65535":            "http://[::1]:65535",
		"http://[::1]":                  "http://[::1]",
		"HTTPS://TRTC.Example.COM:8443": "https://trtc.example.com:8443",
		"https://a--1.b--c.example.com": "https://a--1.b--c.example.com",
	} {
		if got, err := cloudapi.ParseEndpoint(raw); err != nil || got.String() != want {
			t.Errorf("ParseEndpoint(%q) = %v, %v, want %s", raw, got, err, want)
		}
	}
	for _, raw := range []string{
		"", "trtc.example.com", "127.0.0.1:8787", "https://", "https://:443", "https:trtc.example.com", "ftp://127.0.0.1",
		"http://canary.example.com", "http://0.0.0.0:80", "http://localhost.example.com", "http://127.0.0.1.example.com",
		"https://canary@trtc.example.com", "https://user:canary@trtc.example.com",
		"https://trtc.example.com/canary", "https://trtc.example.com?canary=1", "https://trtc.example.com#canary", "https://trtc.example.com /canary",
		"https://canary_1.example.com", "https://canary..example.com", "https://canary-.example.com", "https://canary.example.com-",
		"https://canary.-example.com", "https://canary.example.com.", "https://canary%2f.example.com", "https://canäry.example.com",
		"https://[fe80::1%25canary]", "https://canary\n.example.com",
		"https://trtc.example.com:0", "https://trtc.example.com:65536", "https://trtc.example.com:", "https://trtc.example.com:canary",
	} {
		got, err := cloudapi.ParseEndpoint(raw)
		if err == nil || got != (cloudapi.Endpoint{}) {
			t.Fatalf("ParseEndpoint(%q) = %v, %v, want an error", raw, got, err)
		}
		if plain := strings.HasPrefix(raw, "http://"); errors.Is(err, cloudapi.ErrNotLoopback) != plain || strings.Contains(err.Error(), "canary") {
			t.Errorf("error of %q = %v, want ErrNotLoopback: %t", raw, err, plain)
		}
	}
}

func TestNewEndpoint(t *testing.T) {
	t.Parallel()
	type arguments struct{ protocol, host string }
	for in, want := range map[arguments]string{
		{"hTTp", "LocalHost:80"}:       "http://localhost:80",
		{"https", "[2001:db8::1]:443"}: "https://[2001:db8::1]:443",
	} {
		if got, err := cloudapi.NewEndpoint(in.protocol, in.host); err != nil || got.String() != want {
			t.Errorf("NewEndpoint(%q) = %v, %v, want %s", in, got, err, want)
		}
	}
	for in, want := range map[arguments]error{
		{"HTTP", "trtc.intl.tencentcloudapi.com"}: cloudapi.ErrNotLoopback,
		{"", "localhost"}:                         nil, // an error without a type
		{"gopher", "localhost"}:                   nil,
		{"https", ""}:                             cloudapi.ErrHost,
		{"https", "trtc."}:                        cloudapi.ErrHost,
		{"https", "example.com/a"}:                cloudapi.ErrHost,
		{"https", "trtc.a@example.com"}:           cloudapi.ErrHost,
		{"https", "trtc.example.com#a"}:           cloudapi.ErrHost,
		{"https", "::1"}:                          cloudapi.ErrHost,
	} {
		if _, err := cloudapi.NewEndpoint(in.protocol, in.host); err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("NewEndpoint(%q) = %v, want the error %v", in, err, want)
		}
	}
}

func TestEndpoint_Identity(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"https://trtc.intl.tencentcloudapi.com:443":          "intl.tencentcloudapi.com",
		"https://trtc.ap-singapore.intl.tencentcloudapi.com": "intl.tencentcloudapi.com",
		"https://trtc.tencentcloudapi.com":                   "tencentcloudapi.com",
		"https://TRTC.na-ashburn.TencentCloudAPI.com":        "tencentcloudapi.com",
		"https://trtc.ap-shanghai-fsi.tencentcloudapi.com":   "trtc.ap-shanghai-fsi.tencentcloudapi.com",
		"https://trtc.intl.tencentcloudapi.com:8443":         "trtc.intl.tencentcloudapi.com:8443",
		"https://trtc.tencentcloudapi.com.example.com":       "trtc.tencentcloudapi.com.example.com",
		"https://trtc.nottencentcloudapi.com":                "trtc.nottencentcloudapi.com",
		"https://a.trtc.tencentcloudapi.com":                 "a.trtc.tencentcloudapi.com",
		"https://[2001:db8::1]:8443":                         "[2001:db8::1]:8443",
		"http://127.0.0.1:8787":                              "localhost:8787",
		"https://127.0.0.2:8787":                             "localhost:8787",
		"http://[::1]:8787":                                  "localhost:8787",
		"http://localhost":                                   "localhost:80",
	} {
		parsed, err := cloudapi.ParseEndpoint(endpoint)
		if got := parsed.Identity(); err != nil || got != want {
			t.Errorf("identity of %s = %q, %v, want %q", endpoint, got, err, want)
		}
	}
	if got := (cloudapi.Endpoint{}).Identity(); got != "" {
		t.Errorf("identity of an unknown endpoint = %q", got)
	}
}
