package cloudapi_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// tlsServer is a server that counts what it is sent.
type tlsServer struct {
	*httptest.Server

	requests, connections atomic.Int32
	protocols             sync.Map
}

func newTLSServer(t *testing.T, config *tls.Config) *tlsServer {
	t.Helper()
	server := &tlsServer{}
	server.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.requests.Add(1)
		server.protocols.Store(r.Proto, true)
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, goodAnswer)
	}))
	server.Config.ErrorLog = quiet()
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			server.connections.Add(1)
		}
	}
	server.EnableHTTP2 = true
	server.TLS = config
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// transport returns a transport that trusts the server's certificate, and a
// request to the server under the name host.
func (s *tlsServer) transport(t *testing.T, host string) (*http.Transport, cloudapi.Request) {
	t.Helper()
	transport := cloudapi.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(s.Certificate())
	request := start()
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	request.Endpoint = cloudapi.Endpoint{Scheme: "https", Host: host + ":" + port}
	return transport, request
}

// TestConnectionThatIsNotMade covers the hosts that get no request, and which
// of them a later try may reach.
func TestConnectionThatIsNotMade(t *testing.T) {
	t.Parallel()
	distrust := func(transport *http.Transport) { transport.TLSClientConfig.RootCAs = nil }
	plain := func(transport *http.Transport) {
		dial := transport.DialContext
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			connection, err := dial(ctx, network, address)
			if err == nil {
				_, err = io.WriteString(connection, "GET / HTTP/1.1\r\n\r\n")
			}
			return connection, err
		}
	}
	hangUp := func(transport *http.Transport) {
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			near, _ := net.Pipe()
			return hungUp{near}, nil
		}
	}
	cases := map[string]struct {
		host      string // 127.0.0.1 when empty
		server    *tls.Config
		change    func(*http.Transport)
		reason    cloudapi.Reason
		permanent bool
		cause     string
	}{
		"unknown authority":           {change: distrust, reason: cloudapi.Untrusted, permanent: true, cause: "unknown authority"},
		"certificate of another host": {host: "localhost", reason: cloudapi.Untrusted, permanent: true, cause: "not localhost"},
		"TLS 1.1": {
			server: &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11},
			reason: cloudapi.TLSRefused, permanent: true, cause: "protocol version",
		},
		"no common protocol": {server: &tls.Config{NextProtos: []string{"acme"}}, reason: cloudapi.TLSRefused, permanent: true, cause: "no application protocol"},
		"no TLS":             {change: plain, reason: cloudapi.TLSRefused, permanent: true, cause: "tls: "},
		"nothing":            {change: hangUp, reason: cloudapi.NoConnection, cause: "EOF"},
	}
	for name, c := range cases {
		for kind, fresh := range map[string]bool{"pooled": false, "fresh": true} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				server := newTLSServer(t, c.server)
				host := c.host
				if host == "" {
					host = "127.0.0.1"
				}
				transport, request := server.transport(t, host)
				request.FreshConnection = fresh
				if c.change != nil {
					c.change(transport)
				}
				_, err := inMemory(transport).Call(t.Context(), temporaryKey(), request, &taskAnswer{})
				failed := failure(t, err)
				if failed.Outcome != cloudapi.NotSent || failed.Reason != c.reason || failed.Permanent() != c.permanent {
					t.Errorf("error = %+v, want not sent, %v, permanent %v", failed, c.reason, c.permanent)
				}
				if !strings.Contains(err.Error(), c.cause) {
					t.Errorf("error = %q, want %q named", err, c.cause)
				}
				if got := server.requests.Load(); got != 0 {
					t.Errorf("%d requests reached a host without a proof", got)
				}
			})
		}
	}
}

// hungUp is a connection whose other end is gone.
type hungUp struct{ net.Conn }

func (hungUp) Read([]byte) (int, error)        { return 0, io.EOF }
func (hungUp) Write(bytes []byte) (int, error) { return len(bytes), nil }

// TestFreshConnection checks that a request that must not run twice gets a
// connection of its own over HTTP/1.1, and that the others share theirs.
func TestFreshConnection(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fresh       bool
		protocol    string
		connections int32
	}{
		"pooled": {protocol: "HTTP/2.0", connections: 1},
		"fresh":  {fresh: true, protocol: "HTTP/1.1", connections: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newTLSServer(t, nil)
			transport, request := server.transport(t, "127.0.0.1")
			request.FreshConnection = c.fresh
			client := inMemory(transport)
			for range 3 {
				if _, err := client.Call(t.Context(), permanentKey(), request, &taskAnswer{}); err != nil {
					t.Fatal(err)
				}
			}
			_, spoken := server.protocols.Load(c.protocol)
			if got := server.connections.Load(); got != c.connections || !spoken || server.requests.Load() != 3 {
				t.Errorf("3 calls came over %d connections, want %d, over %s", got, c.connections, c.protocol)
			}
		})
	}
}

// TestDeniedRequestIsNotWritten checks that BeforeWrite is called on a ready
// connection, and that its error keeps every byte of the request back.
func TestDeniedRequestIsNotWritten(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*http.Transport, *cloudapi.Request){
		"HTTP/2":      func(*http.Transport, *cloudapi.Request) {},
		"HTTP/1.1":    func(transport *http.Transport, _ *cloudapi.Request) { transport.ForceAttemptHTTP2 = false },
		"fresh":       func(_ *http.Transport, request *cloudapi.Request) { request.FreshConnection = true },
		"without TLS": func(_ *http.Transport, request *cloudapi.Request) { request.Endpoint.Scheme = "http" },
	} {
		for _, warm := range []bool{false, true} {
			for cause, reason := range map[error]cloudapi.Reason{
				context.Canceled: cloudapi.Canceled, context.DeadlineExceeded: cloudapi.TimedOut,
			} {
				t.Run(name+"/"+string(reason), func(t *testing.T) {
					t.Parallel()
					server := newTLSServer(t, nil)
					transport, request := server.transport(t, "127.0.0.1")
					prepare(transport, &request)
					if request.Endpoint.Scheme == "http" {
						var plain cloudapi.Request
						var client *cloudapi.Client
						client, plain = onServer(t, func(w http.ResponseWriter, _ *http.Request) {
							server.requests.Add(1)
							_, _ = io.WriteString(w, goodAnswer)
						})
						expectDenied(t, client, plain, warm, cause, reason, &server.requests)
						return
					}
					expectDenied(t, inMemory(transport), request, warm, cause, reason, &server.requests)
				})
			}
		}
	}
}

func expectDenied(
	t *testing.T, client *cloudapi.Client, request cloudapi.Request, warm bool, cause error, reason cloudapi.Reason, requests *atomic.Int32,
) {
	t.Helper()
	sent := int32(0)
	if warm {
		sent++
		if _, err := client.Call(t.Context(), permanentKey(), request, &taskAnswer{}); err != nil {
			t.Fatal(err)
		}
	}
	request.BeforeWrite = func() error { return cause }
	_, err := client.Call(t.Context(), permanentKey(), request, &taskAnswer{})
	if failed := failure(t, err); failed.Outcome != cloudapi.NotSent || failed.Reason != reason || !errors.Is(err, cause) {
		t.Errorf("error = %+v, want not sent, %v", failed, reason)
	}
	request.BeforeWrite = func() error { return nil }
	if _, err := client.Call(t.Context(), permanentKey(), request, &taskAnswer{}); err != nil {
		t.Errorf("the call after the denied one = %v", err)
	}
	if got := requests.Load(); got != sent+1 {
		t.Errorf("%d requests arrived, want %d", got, sent+1)
	}
}

// counted is a connection that counts the bytes written to it.
type counted struct {
	net.Conn

	bytes *atomic.Int64
}

func (c counted) Write(bytes []byte) (int, error) {
	n, err := c.Conn.Write(bytes)
	c.bytes.Add(int64(n))
	return n, err
}

// TestDeniedRequestLeavesItsConnectionEmpty tries often: with HTTP/1.1 the end of
// a request's context and its writing race each other.
func TestDeniedRequestLeavesItsConnectionEmpty(t *testing.T) {
	t.Parallel()
	for name, fresh := range map[string]bool{"pooled": false, "fresh": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, request := onServer(t, func(http.ResponseWriter, *http.Request) {})
			var written atomic.Int64
			transport := cloudapi.NewTransport()
			t.Cleanup(transport.CloseIdleConnections)
			dial := transport.DialContext
			transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				connection, err := dial(ctx, network, address)
				return counted{connection, &written}, err
			}
			request.FreshConnection, request.BeforeWrite = fresh, func() error { return context.Canceled }
			client := inMemory(transport)
			var group sync.WaitGroup
			for range 32 {
				group.Go(func() {
					for range 20 {
						if _, err := client.Call(t.Context(), permanentKey(), request, &taskAnswer{}); outcomeOf(err) != cloudapi.NotSent {
							t.Errorf("error = %v, want not sent", err)
						}
					}
				})
			}
			group.Wait()
			transport.CloseIdleConnections()
			if got := written.Load(); got != 0 {
				t.Errorf("%d bytes of denied requests were written", got)
			}
		})
	}
}

// TestRequestWrittenTwiceIsADefect has a transport that sends again on its own.
func TestRequestWrittenTwiceIsADefect(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{"success": goodAnswer, "refusal": refusal("InvalidParameter"), "nothing": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := inMemory(roundTrip(func(r *http.Request) (*http.Response, error) {
				if r.GetBody != nil {
					t.Error("the request can be read twice")
				}
				trace := httptrace.ContextClientTrace(r.Context())
				for range 2 {
					trace.GotConn(httptrace.GotConnInfo{})
					trace.WroteHeaders()
				}
				if answer == "" {
					return nil, io.EOF
				}
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
			}))
			_, err := client.Call(t.Context(), permanentKey(), start(), &taskAnswer{})
			if failed := failure(t, err); failed.Outcome != cloudapi.Ambiguous || failed.Reason != cloudapi.SentTwice || !failed.Permanent() {
				t.Errorf("error = %+v, want ambiguous, sent twice, permanent", failed)
			}
		})
	}
}
