package cloudapi_test

import (
	"crypto/tls"
	"crypto/x509"
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

// overTLS starts a TLS server that counts requests. It returns a transport that
// may trust its certificate, and a request to it under the name host.
func overTLS(t *testing.T, host string, trusted bool, requests *atomic.Int32) (*http.Transport, cloudapi.Request) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		_, _ = io.WriteString(w, goodAnswer)
	}))
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	t.Cleanup(server.Close)
	transport := cloudapi.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	if trusted {
		transport.TLSClientConfig.RootCAs = x509.NewCertPool()
		transport.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	}
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	request := start()
	request.Endpoint = cloudapi.Endpoint{Scheme: "https", Host: host + ":" + address.Port()}
	return transport, request
}

func TestHostMustProveItsName(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		host    string
		trusted bool
		want    cloudapi.Outcome
	}{
		"trusted certificate of the host": {host: "127.0.0.1", trusted: true, want: cloudapi.Answered},
		"unknown authority":               {host: "127.0.0.1", want: cloudapi.NotSent},
		"certificate of another host":     {host: "localhost", trusted: true, want: cloudapi.NotSent},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			transport, request := overTLS(t, c.host, c.trusted, &requests)
			_, err := inMemory(transport).Call(t.Context(), temporaryKey(), request, &taskAnswer{})
			if got := cloudapi.OutcomeOf(err); got != c.want {
				t.Fatalf("outcome = %v, want %v: %v", got, c.want, err)
			}
			if c.want == cloudapi.Answered {
				return
			}
			if failed := failure(t, err); failed.Reason != cloudapi.NoConnection || !strings.Contains(err.Error(), "certificate") {
				t.Errorf("error = %v, want no connection, and the certificate named", err)
			}
			if requests.Load() != 0 {
				t.Errorf("%d requests reached a host without a proof", requests.Load())
			}
		})
	}
}

func TestTLSIsNotSpokenInPlain(t *testing.T) {
	t.Parallel()
	caller, request := onServer(t, func(http.ResponseWriter, *http.Request) { t.Error("a request arrived") })
	request.Endpoint.Scheme = "https"
	_, err := caller.Call(t.Context(), temporaryKey(), request, &taskAnswer{})
	if failed := failure(t, err); failed.Outcome != cloudapi.NotSent || failed.Reason != cloudapi.NoConnection || !errors.As(err, &tls.RecordHeaderError{}) {
		t.Errorf("error = %v, want not sent, no connection, no TLS", err)
	}
}

func TestProxyThatRefusesIsNamed(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Header.Get("Authorization") != "" {
			t.Errorf("the proxy got %s with %v, want CONNECT without a signature", r.Method, r.Header)
		}
		raw(t, w, "HTTP/1.1 407 "+canaryBody+"\r\nContent-Length: 0\r\n\r\n")
	}))
	t.Cleanup(proxy.Close)
	transport := cloudapi.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	transport.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	_, err := inMemory(transport).Call(t.Context(), temporaryKey(), start(), &taskAnswer{})
	failed := failure(t, err)
	if failed.Outcome != cloudapi.NotSent || failed.Reason != cloudapi.NoConnection {
		t.Errorf("error = %+v, want not sent, no connection", failed)
	}
	if text := err.Error(); !strings.Contains(text, "proxy") || !strings.Contains(text, "407") || strings.Contains(text, canaryBody) {
		t.Errorf("error = %q, want the proxy and its status named, and not quoted", text)
	}
}

func TestProxyThatConnectsIsUsed(t *testing.T) {
	t.Parallel()
	var requests, tunnels atomic.Int32
	transport, request := overTLS(t, "127.0.0.1", true, &requests)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tunnels.Add(1)
		tunnel(t, w, r.Host)
	}))
	t.Cleanup(proxy.Close)
	transport.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	_, err := inMemory(transport).Call(t.Context(), permanentKey(), request, &taskAnswer{})
	if err != nil || requests.Load() != 1 || tunnels.Load() != 1 {
		t.Errorf("Call = %v with %d requests through %d tunnels, want success with one", err, requests.Load(), tunnels.Load())
	}
	transport.CloseIdleConnections()
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
