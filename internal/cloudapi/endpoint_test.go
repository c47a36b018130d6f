package cloudapi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

func TestParseEndpoint(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		raw, want string // want is empty for an error
		err       error  // nil is any
	}{
		"loopback address":         {raw: "http://127.0.0.1:8787", want: "http://127.0.0.1:8787"},
		"another loopback address": {raw: "http://127.9.9.9", want: "http://127.9.9.9"},
		"loopback name":            {raw: "http://localhost:1", want: "http://localhost:1"},
		"loopback in IPv6":         {raw: "http://[::1]:65535", want: "http://[::1]:65535"},
		"loopback in IPv6, bare":   {raw: "http://[::1]", want: "http://[::1]"},
		"slash":                    {raw: "http://127.0.0.1:8787/", want: "http://127.0.0.1:8787"},
		"TLS":                      {raw: "https://trtc.example.com", want: "https://trtc.example.com"},
		"TLS with a port":          {raw: "https://trtc.example.com:8443", want: "https://trtc.example.com:8443"},
		"capitals":                 {raw: "HTTPS://TRTC.Example.COM", want: "https://trtc.example.com"},
		"plain to another host":    {raw: "http://trtc.example.com", err: cloudapi.ErrNotLoopback},
		"plain to all interfaces":  {raw: "http://0.0.0.0:80", err: cloudapi.ErrNotLoopback},
		"plain to a look-alike":    {raw: "http://localhost.example.com", err: cloudapi.ErrNotLoopback},
		"plain to another look":    {raw: "http://127.0.0.1.example.com", err: cloudapi.ErrNotLoopback},
		"nothing":                  {raw: ""},
		"no scheme":                {raw: "trtc.example.com"},
		"no scheme but a port":     {raw: "127.0.0.1:8787"},
		"no host":                  {raw: "https://"},
		"no host but a port":       {raw: "https://:443"},
		"no authority":             {raw: "https:trtc.example.com"},
		"another scheme":           {raw: "ftp://127.0.0.1"},
		"user":                     {raw: "https://canary@trtc.example.com"},
		"password":                 {raw: "https://user:canary@trtc.example.com"},
		"path":                     {raw: "https://trtc.example.com/canary"},
		"query":                    {raw: "https://trtc.example.com?canary=1"},
		"fragment":                 {raw: "https://trtc.example.com#canary"},
		"white space":              {raw: "https://trtc.example.com /canary"},
		"underscore":               {raw: "https://canary_1.example.com"},
		"empty label":              {raw: "https://canary..example.com"},
		"hyphen at an end":         {raw: "https://canary-.example.com"},
		"hyphen at the last end":   {raw: "https://canary.example.com-"},
		"hyphen at a start":        {raw: "https://canary.-example.com"},
		"dot at the end":           {raw: "https://canary.example.com."},
		"inner hyphens":            {raw: "https://a--1.b--c.example.com", want: "https://a--1.b--c.example.com"},
		"escape":                   {raw: "https://canary%2f.example.com"},
		"not ASCII":                {raw: "https://canäry.example.com"},
		"zone":                     {raw: "https://[fe80::1%25canary]"},
		"port 0":                   {raw: "https://trtc.example.com:0"},
		"port too large":           {raw: "https://trtc.example.com:65536"},
		"no port after the colon":  {raw: "https://trtc.example.com:"},
		"name for a port":          {raw: "https://trtc.example.com:canary"},
		"line break":               {raw: "https://canary\n.example.com"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := cloudapi.ParseEndpoint(c.raw)
			if c.want != "" {
				if err != nil || got.String() != c.want {
					t.Errorf("ParseEndpoint(%q) = %v, %v, want %s", c.raw, got, err, c.want)
				}
				return
			}
			if err == nil || got != (cloudapi.Endpoint{}) {
				t.Fatalf("ParseEndpoint(%q) = %v, %v, want an error", c.raw, got, err)
			}
			if c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("error = %v, want %v", err, c.err)
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error quotes its input: %v", err)
			}
		})
	}
}

func TestNewEndpoint(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		protocol, host string
		want           string // empty for an error
		err            error  // nil is any
	}{
		"default":            {protocol: "HTTPS", host: "trtc.intl.tencentcloudapi.com", want: "https://trtc.intl.tencentcloudapi.com"},
		"any case":           {protocol: "hTTp", host: "LocalHost:80", want: "http://localhost:80"},
		"address":            {protocol: "https", host: "10.0.0.1", want: "https://10.0.0.1"},
		"IPv6":               {protocol: "https", host: "[2001:db8::1]:443", want: "https://[2001:db8::1]:443"},
		"plain":              {protocol: "HTTP", host: "trtc.intl.tencentcloudapi.com", err: cloudapi.ErrNotLoopback},
		"no protocol":        {host: "localhost"},
		"another protocol":   {protocol: "gopher", host: "localhost"},
		"no host":            {protocol: "https", err: cloudapi.ErrHost},
		"no root domain":     {protocol: "https", host: "trtc.", err: cloudapi.ErrHost},
		"URL":                {protocol: "https", host: "https://example.com", err: cloudapi.ErrHost},
		"path":               {protocol: "https", host: "example.com/a", err: cloudapi.ErrHost},
		"user":               {protocol: "https", host: "trtc.a@example.com", err: cloudapi.ErrHost},
		"query":              {protocol: "https", host: "trtc.example.com?a", err: cloudapi.ErrHost},
		"fragment":           {protocol: "https", host: "trtc.example.com#a", err: cloudapi.ErrHost},
		"white space":        {protocol: "https", host: "trtc. example.com", err: cloudapi.ErrHost},
		"IPv6 not bracketed": {protocol: "https", host: "::1", err: cloudapi.ErrHost},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := cloudapi.NewEndpoint(c.protocol, c.host)
			if c.want != "" {
				if err != nil || got.String() != c.want {
					t.Errorf("NewEndpoint(%q, %q) = %v, %v, want %s", c.protocol, c.host, got, err, c.want)
				}
				return
			}
			if err == nil || (c.err != nil && !errors.Is(err, c.err)) {
				t.Errorf("NewEndpoint(%q, %q) = %v, %v, want the error %v", c.protocol, c.host, got, err, c.err)
			}
		})
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"https://trtc.intl.tencentcloudapi.com":              "intl.tencentcloudapi.com",
		"https://trtc.intl.tencentcloudapi.com:443":          "intl.tencentcloudapi.com",
		"https://trtc.ap-singapore.intl.tencentcloudapi.com": "intl.tencentcloudapi.com",
		"https://trtc.tencentcloudapi.com":                   "tencentcloudapi.com",
		"https://trtc.ap-singapore.tencentcloudapi.com":      "tencentcloudapi.com",
		"https://trtc.na-ashburn.tencentcloudapi.com":        "tencentcloudapi.com",
		"https://TRTC.TencentCloudAPI.com":                   "tencentcloudapi.com",
		"https://trtc.ap-shanghai-fsi.tencentcloudapi.com":   "trtc.ap-shanghai-fsi.tencentcloudapi.com",
		"https://trtc.intl.tencentcloudapi.com:8443":         "trtc.intl.tencentcloudapi.com:8443",
		"https://trtc.tencentcloudapi.com.example.com":       "trtc.tencentcloudapi.com.example.com",
		"https://trtc.nottencentcloudapi.com":                "trtc.nottencentcloudapi.com",
		"https://a.trtc.tencentcloudapi.com":                 "a.trtc.tencentcloudapi.com",
		"https://trtc.example.com:443":                       "trtc.example.com",
		"https://trtc.example.com:8443":                      "trtc.example.com:8443",
		"https://[2001:db8::1]":                              "[2001:db8::1]",
		"https://[2001:db8::1]:8443":                         "[2001:db8::1]:8443",
		"http://127.0.0.1:8787":                              "localhost:8787",
		"https://127.0.0.2:8787":                             "localhost:8787",
		"http://localhost:8787":                              "localhost:8787",
		"http://[::1]:8787":                                  "localhost:8787",
		"http://localhost":                                   "localhost:80",
		"https://localhost":                                  "localhost",
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
