package cloudapi_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// through makes transport use a proxy, whose URL has a scheme.
func through(t *testing.T, transport *http.Transport, scheme string, proxy http.HandlerFunc) *http.Transport {
	t.Helper()
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	transport.Proxy = http.ProxyURL(&url.URL{Scheme: scheme, Host: server.Listener.Addr().String()})
	return transport
}

// expectProxyFailure makes a call on a pooled and on a fresh connection, and checks
// that both fail before anything is sent, and that their errors name texts.
func expectProxyFailure(t *testing.T, transport http.RoundTripper, reason cloudapi.Reason, texts ...string) {
	t.Helper()
	for _, fresh := range []bool{false, true} {
		request := start()
		request.FreshConnection = fresh
		err := call(t, transport, request)
		if failed := expectFailure(t, err, cloudapi.NotSent, reason, 0); failed.Permanent() != (reason != cloudapi.NoConnection) {
			t.Errorf("error = %+v is permanent: %t", failed, failed.Permanent())
		}
		for _, text := range texts {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("error = %q, want %q named", err, text)
			}
		}
	}
}

// TestProxy_DoesNotConnect lets a proxy respond in its own words.
func TestProxy_DoesNotConnect(t *testing.T) {
	t.Parallel()
	long := canaryBody + strings.Repeat("x", 8<<10) + "\r\n\r\n"
	for response, want := range map[string]struct {
		reason cloudapi.Reason
		text   string
	}{
		"HTTP/1.1 407 " + canaryBody + "\r\nContent-Length: 0\r\n\r\n": {cloudapi.ProxyRefused, "407"},
		"HTTP/1.1 403 " + canaryBody + "\r\nContent-Length: 0\r\n\r\n": {cloudapi.ProxyRefused, "403"},
		"HTTP/1.1 503 " + canaryBody + "\r\nContent-Length: 0\r\n\r\n": {cloudapi.NoConnection, "503"},
		long:                         {cloudapi.NoConnection, "not an HTTP response"},
		"HTTP/1.1 " + long:           {cloudapi.NoConnection, "not an HTTP response"},
		"HTTP/1.1 200 OK\r\n" + long: {cloudapi.NoConnection, "not an HTTP response"},
	} {
		expectProxyFailure(t, through(t, newTransport(t), "http", func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodConnect || r.Header.Get("Authorization") != "" {
				t.Errorf("the proxy got %s with %v, want CONNECT without a signature", r.Method, r.Header)
			}
			raw(t, w, response, nil)
		}), want.reason, want.text)
	}
	// A URL with https needs a proxy that speaks TLS.
	expectProxyFailure(t, through(t, newTransport(t), "https", http.NotFound), cloudapi.ProxyInvalid, "must begin with http://")
}

// tunnel joins the client to host until the client closes the connection.
func tunnel(t *testing.T, w http.ResponseWriter, host string) {
	t.Helper()
	near, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = near.Close() }()
	far, err := net.Dial("tcp", host)
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.WriteString(near, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		_, _ = io.Copy(far, near)
		_ = far.Close()
	}()
	_, _ = io.Copy(near, far)
}

func TestProxy_Connects(t *testing.T) {
	t.Parallel()
	for _, fresh := range []bool{false, true} {
		var tunnels atomic.Int32
		server := newTLSServer(t, nil)
		transport, request := server.transport(t, "127.0.0.1")
		through(t, transport, "http", func(w http.ResponseWriter, r *http.Request) {
			tunnels.Add(1)
			tunnel(t, w, r.Host)
		})
		request.FreshConnection = fresh
		if err := call(t, transport, request); err != nil || server.requests.Load() != 1 || tunnels.Load() != 1 {
			t.Errorf("Call = %v with %d requests through %d tunnels, want success with one", err, server.requests.Load(), tunnels.Load())
		}
		transport.CloseIdleConnections()
	}
}

// TestProxy_Variables sets the variables that NewTransport reads.
func TestProxy_Variables(t *testing.T) {
	const direct, refused, proxy = "direct", "refused", "http://proxy.example.com:3128"
	for name, c := range map[string]struct{ variable, except, want string }{
		"unset":                 {"", "", direct},
		"URL":                   {proxy, "", proxy},
		"without a scheme":      {"proxy.example.com:3128", "", proxy},
		"SOCKS":                 {"socks5://proxy.example.com", "", "socks5://proxy.example.com"},
		"white space":           {" " + proxy + "\n", "", proxy},
		"host excepted":         {proxy, "tencentcloudapi.com", direct},
		"broken, host excepted": {"http://canary:%zz@", "*", direct},
		"at sign in a password": {"http://user:p@s@proxy.example.com", "", "http://user:p%40s@proxy.example.com"},
		"encoded password":      {"http://user:p%23s%2F@proxy.example.com", "", "http://user:p%23s%2F@proxy.example.com"},
		"hash after digits":     {"http://canary:12#34@proxy.example.com", "", refused},
		"slash after digits":    {"http://canary:12/34@proxy.example.com", "", refused},
		"question mark, digits": {"http://canary:12?34@proxy.example.com", "", refused},
		"percent in a password": {"http://user:canary%@proxy.example.com", "", refused},
		"broken port":           {"http://proxy.example.com:canary", "", refused},
		"unsupported scheme":    {"canary://proxy.example.com", "", refused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("HTTPS_PROXY", c.variable)
			t.Setenv("NO_PROXY", c.except)
			transport, got := newTransport(t), direct
			chosen, err := transport.Proxy(&http.Request{URL: &url.URL{Scheme: "https", Host: "trtc.intl.tencentcloudapi.com"}})
			switch {
			case err != nil:
				got = refused
				expectProxyFailure(t, transport, cloudapi.ProxyInvalid, "HTTPS_PROXY", "percent-encoded")
			case chosen != nil:
				got = chosen.String()
			}
			if got != c.want {
				t.Errorf("proxy = %s, %v, want %s", got, err, c.want)
			}
		})
	}
}
