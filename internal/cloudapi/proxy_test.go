package cloudapi_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// TestProxyThatDoesNotConnect lets a proxy answer in its own words.
func TestProxyThatDoesNotConnect(t *testing.T) {
	t.Parallel()
	long := canaryBody + strings.Repeat("x", 8<<10)
	cases := map[string]struct {
		answer string
		reason cloudapi.Reason
		named  string
	}{
		"407":     {answer: "HTTP/1.1 407 " + canaryBody + "\r\nContent-Length: 0\r\n\r\n", reason: cloudapi.ProxyRefused, named: "407"},
		"403":     {answer: "HTTP/1.1 403 " + canaryBody + "\r\nContent-Length: 0\r\n\r\n", reason: cloudapi.ProxyRefused, named: "403"},
		"503":     {answer: "HTTP/1.1 503 " + canaryBody + "\r\nContent-Length: 0\r\n\r\n", reason: cloudapi.NoConnection, named: "503"},
		"no HTTP": {answer: long + "\r\n\r\n", reason: cloudapi.NoConnection, named: "not an HTTP response"},
		"no status": {
			answer: "HTTP/1.1 " + long + "\r\n\r\n", reason: cloudapi.NoConnection, named: "not an HTTP response",
		},
		"no header": {
			answer: "HTTP/1.1 200 OK\r\n" + long + "\r\n\r\n", reason: cloudapi.NoConnection, named: "not an HTTP response",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodConnect || r.Header.Get("Authorization") != "" {
					t.Errorf("the proxy got %s with %v, want CONNECT without a signature", r.Method, r.Header)
				}
				raw(t, w, c.answer)
			}))
			t.Cleanup(proxy.Close)
			transport := cloudapi.NewTransport()
			t.Cleanup(transport.CloseIdleConnections)
			transport.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
			for _, fresh := range []bool{false, true} {
				request := start()
				request.FreshConnection = fresh
				_, err := inMemory(transport).Call(t.Context(), temporaryKey(), request, &taskAnswer{})
				if failed := failure(t, err); failed.Outcome != cloudapi.NotSent || failed.Reason != c.reason {
					t.Errorf("error = %+v, want not sent, %v", failed, c.reason)
				}
				if !strings.Contains(err.Error(), c.named) {
					t.Errorf("error = %q, want %q named", err, c.named)
				}
				for err := err; err != nil; err = errors.Unwrap(err) {
					if strings.Contains(err.Error(), "canary") || len(err.Error()) > 1<<10 {
						t.Errorf("%T quotes the proxy, or too much: %.300s", err, err)
					}
				}
			}
		})
	}
}

func TestProxyThatConnectsIsUsed(t *testing.T) {
	t.Parallel()
	for name, fresh := range map[string]bool{"pooled": false, "fresh": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var tunnels atomic.Int32
			server := newTLSServer(t, nil)
			transport, request := server.transport(t, "127.0.0.1")
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				tunnels.Add(1)
				tunnel(t, w, r.Host)
			}))
			t.Cleanup(proxy.Close)
			transport.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
			request.FreshConnection = fresh
			_, err := inMemory(transport).Call(t.Context(), permanentKey(), request, &taskAnswer{})
			if err != nil || server.requests.Load() != 1 || tunnels.Load() != 1 {
				t.Errorf("Call = %v with %d requests through %d tunnels, want success with one", err, server.requests.Load(), tunnels.Load())
			}
			transport.CloseIdleConnections()
		})
	}
}

// tunnel joins the client to host until one of them closes the connection.
func tunnel(t *testing.T, w http.ResponseWriter, host string) {
	t.Helper()
	far, err := net.Dial("tcp", host)
	if err != nil {
		t.Error(err)
		return
	}
	near, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.WriteString(near, "HTTP/1.1 200 OK\r\n\r\n")
	var group sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		group.Go(func() {
			_, _ = io.Copy(way[0], way[1])
			_ = way[0].Close()
		})
	}
	group.Wait()
}

// TestPlainProxyWithTLSURL has an https:// URL for a proxy without TLS.
func TestPlainProxyWithTLSURL(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(proxy.Close)
	transport := cloudapi.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	transport.Proxy = func(*http.Request) (*url.URL, error) {
		return url.Parse(strings.Replace(proxy.URL, "http:", "https:", 1))
	}
	for _, fresh := range []bool{false, true} {
		request := start()
		request.FreshConnection = fresh
		_, err := inMemory(transport).Call(t.Context(), permanentKey(), request, &taskAnswer{})
		if failed := failure(t, err); failed.Outcome != cloudapi.NotSent || failed.Reason != cloudapi.ProxyInvalid || !failed.Permanent() {
			t.Errorf("error = %+v, want not sent, proxy invalid, permanent", failed)
		}
		if !strings.Contains(err.Error(), "must begin with http://") {
			t.Errorf("error = %q, want the scheme named", err)
		}
	}
}

// TestProxyVariables sets what NewTransport reads.
func TestProxyVariables(t *testing.T) {
	const direct, refused = "direct", "refused"
	for name, c := range map[string]struct{ variable, except, want string }{
		"unset":                 {want: direct},
		"URL":                   {variable: "http://proxy.example.com:3128", want: "http://proxy.example.com:3128"},
		"without a scheme":      {variable: "proxy.example.com:3128", want: "http://proxy.example.com:3128"},
		"SOCKS":                 {variable: "socks5://proxy.example.com", want: "socks5://proxy.example.com"},
		"white space":           {variable: " http://proxy.example.com:3128\n", want: "http://proxy.example.com:3128"},
		"at sign in a password": {variable: "http://user:p@s@proxy.example.com", want: "http://user:p%40s@proxy.example.com"},
		"encoded password":      {variable: "http://user:p%23s%2F@proxy.example.com", want: "http://user:p%23s%2F@proxy.example.com"},
		"hash in a password":    {variable: "http://user:canary#1@proxy.example.com", want: refused},
		"hash after digits":     {variable: "http://canary:12#34@proxy.example.com", want: refused},
		"slash after digits":    {variable: "http://canary:12/34@proxy.example.com", want: refused},
		"question mark, digits": {variable: "http://canary:12?34@proxy.example.com", want: refused},
		"percent in a password": {variable: "http://user:canary%@proxy.example.com", want: refused},
		"path":                  {variable: "http://proxy.example.com:3128/", want: "http://proxy.example.com:3128/"},
		"host excepted":         {variable: "http://proxy.example.com:3128", except: "tencentcloudapi.com", want: direct},
		"broken escape":         {variable: "http://user:canary@%zz", want: refused},
		"broken port":           {variable: "http://proxy.example.com:canary", want: refused},
		"no host":               {variable: "http://", want: refused},
		"unsupported scheme":    {variable: "canary://proxy.example.com", want: refused},
		"broken, host excepted": {variable: "http://canary:%zz@", except: "*", want: direct},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("HTTPS_PROXY", c.variable)
			t.Setenv("NO_PROXY", c.except)
			transport := cloudapi.NewTransport()
			chosen, err := transport.Proxy(&http.Request{URL: &url.URL{Scheme: "https", Host: "trtc.intl.tencentcloudapi.com"}})
			got := direct
			switch {
			case err != nil:
				got = refused
			case chosen != nil:
				got = chosen.String()
			}
			if got != c.want {
				t.Errorf("proxy = %s, %v, want %s", got, err, c.want)
			}
			if c.want != refused {
				return
			}
			for _, fresh := range []bool{false, true} {
				request := start()
				request.FreshConnection = fresh
				_, err := inMemory(transport).Call(t.Context(), permanentKey(), request, &taskAnswer{})
				if failed := failure(t, err); failed.Outcome != cloudapi.NotSent || failed.Reason != cloudapi.ProxyInvalid || !failed.Permanent() {
					t.Errorf("error = %+v, want not sent, proxy invalid, permanent", failed)
				}
				if !strings.Contains(err.Error(), "HTTPS_PROXY") || !strings.Contains(err.Error(), "percent-encoded") || strings.Contains(err.Error(), "canary") {
					t.Errorf("error = %q, want the variable named and not quoted", err)
				}
			}
		})
	}
}
