package cloudapi_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// tlsServer is a server that counts requests and connections.
type tlsServer struct {
	*httptest.Server

	requests, connections atomic.Int32
	protocol              atomic.Value // of the last request
}

func newTLSServer(t *testing.T, config *tls.Config) *tlsServer {
	t.Helper()
	server := &tlsServer{}
	server.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.requests.Add(1)
		server.protocol.Store(r.Proto)
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, goodResponse)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
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

// transport returns a transport that trusts the server's certificate, and a request to
// the server under the name host.
func (s *tlsServer) transport(t *testing.T, host string) (*http.Transport, cloudapi.Request) {
	t.Helper()
	transport, request := newTransport(t), start()
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(s.Certificate())
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	request.Endpoint = cloudapi.Endpoint{Scheme: "https", Host: net.JoinHostPort(host, port)}
	return transport, request
}

// TestCall_NoTLSConnection checks which hosts get no request, and which of them a retry
// may reach.
func TestCall_NoTLSConnection(t *testing.T) {
	t.Parallel()
	const loopback = "127.0.0.1"
	plainHost := newServer(t, http.NotFound).Endpoint.Host
	keep := func(*http.Transport, *cloudapi.Request) {}
	distrust := func(transport *http.Transport, _ *cloudapi.Request) { transport.TLSClientConfig.RootCAs = nil }
	plain := func(_ *http.Transport, request *cloudapi.Request) { request.Endpoint.Host = plainHost }
	hangUp := func(transport *http.Transport, _ *cloudapi.Request) {
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			go func() {
				_, _ = far.Read(make([]byte, 1<<16))
				_ = far.Close()
			}()
			return near, nil
		}
	}
	for name, c := range map[string]struct {
		host   string
		server *tls.Config
		change func(*http.Transport, *cloudapi.Request)
		reason cloudapi.Reason
		cause  string
	}{
		"unknown authority":           {loopback, nil, distrust, cloudapi.Untrusted, "unknown authority"},
		"certificate of another host": {"localhost", nil, keep, cloudapi.Untrusted, "not localhost"},
		"TLS 1.1":                     {loopback, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, keep, cloudapi.TLSRefused, "protocol version"},
		"no common protocol":          {loopback, &tls.Config{NextProtos: []string{"acme"}}, keep, cloudapi.TLSRefused, "no application protocol"},
		"no TLS":                      {loopback, nil, plain, cloudapi.TLSRefused, "tls: "},
		"closed":                      {loopback, nil, hangUp, cloudapi.NoConnection, "EOF"},
	} {
		for _, fresh := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/fresh %t", name, fresh), func(t *testing.T) {
				t.Parallel()
				server := newTLSServer(t, c.server)
				transport, request := server.transport(t, c.host)
				request.FreshConnection = fresh
				c.change(transport, &request)
				err := call(t, transport, request)
				failed := expectFailure(t, err, cloudapi.NotSent, c.reason, 0)
				if failed.Permanent() != (c.reason != cloudapi.NoConnection) || !strings.Contains(err.Error(), c.cause) {
					t.Errorf("error = %q, permanent %t, want %q named", err, failed.Permanent(), c.cause)
				}
				if got := server.requests.Load(); got != 0 {
					t.Errorf("%d requests arrived", got)
				}
			})
		}
	}
}

// TestCall_FreshConnection checks that a request that must not run twice has a
// connection of its own over HTTP/1.1, and that the others share theirs.
func TestCall_FreshConnection(t *testing.T) {
	t.Parallel()
	for protocol, connections := range map[string]int32{"HTTP/2.0": 1, "HTTP/1.1": 1 + 3} {
		server := newTLSServer(t, nil)
		transport, request := server.transport(t, "127.0.0.1")
		client := newClient(transport)
		for number := range 4 {
			request.FreshConnection = number > 0 && connections > 1
			if _, err := client.Call(t.Context(), permanentKey(), request, &taskOutput{}); err != nil {
				t.Fatal(err)
			}
		}
		if got := server.connections.Load(); got != connections || server.protocol.Load() != protocol {
			t.Errorf("4 calls came over %d connections with %v, want %d with %s", got, server.protocol.Load(), connections, protocol)
		}
	}
}

// TestCall_Denied checks that BeforeWrite is called on a ready connection, and that its
// error keeps the request back, on a new connection and on one that has served a call.
func TestCall_Denied(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*http.Transport, *cloudapi.Request){
		"HTTP/2":   func(*http.Transport, *cloudapi.Request) {},
		"HTTP/1.1": func(transport *http.Transport, _ *cloudapi.Request) { transport.ForceAttemptHTTP2 = false },
		"fresh":    func(_ *http.Transport, request *cloudapi.Request) { request.FreshConnection = true },
	} {
		for cause, reason := range map[error]cloudapi.Reason{context.Canceled: cloudapi.Canceled, context.DeadlineExceeded: cloudapi.TimedOut} {
			t.Run(name+"/"+string(reason), func(t *testing.T) {
				t.Parallel()
				server := newTLSServer(t, nil)
				transport, request := server.transport(t, "127.0.0.1")
				prepare(transport, &request)
				client, denied := newClient(transport), request
				denied.BeforeWrite = func() error { return cause }
				for round := range int32(2) {
					_, err := client.Call(t.Context(), permanentKey(), denied, &taskOutput{})
					if failed := expectFailure(t, err, cloudapi.NotSent, reason, 0); !errors.Is(failed, cause) {
						t.Errorf("error = %v, want %v", err, cause)
					}
					_, err = client.Call(t.Context(), permanentKey(), request, &taskOutput{})
					if got := server.requests.Load(); err != nil || got != round+1 {
						t.Errorf("the call after the denied one = %v, %d requests arrived, want %d", err, got, round+1)
					}
				}
			})
		}
	}
}

// TestCall_DeniedClosesConnection checks that nothing can be written to an HTTP/1.1
// connection of a denied request: its transport writes even if the context has ended.
func TestCall_DeniedClosesConnection(t *testing.T) {
	t.Parallel()
	request := start()
	request.BeforeWrite = func() error { return context.Canceled }
	err := call(t, roundTrip(func(request *http.Request) (*http.Response, error) {
		near, far := net.Pipe()
		defer func() { _ = far.Close() }()
		httptrace.ContextClientTrace(request.Context()).GotConn(httptrace.GotConnInfo{Conn: near})
		if err := near.SetDeadline(time.Now()); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("the connection is open: %v", err)
		}
		return nil, request.Context().Err()
	}), request)
	_ = expectFailure(t, err, cloudapi.NotSent, cloudapi.Canceled, 0)
}

// TestCall_WrittenTwice has a transport that retries by itself.
func TestCall_WrittenTwice(t *testing.T) {
	t.Parallel()
	for _, body := range []string{goodResponse, refusal("InvalidParameter"), ""} {
		err := call(t, roundTrip(func(request *http.Request) (*http.Response, error) {
			if request.GetBody != nil {
				t.Error("the request can be read twice")
			}
			trace := httptrace.ContextClientTrace(request.Context())
			for range 2 {
				trace.GotConn(httptrace.GotConnInfo{})
				trace.WroteHeaders()
			}
			if body == "" {
				return nil, io.EOF
			}
			return response(request, http.StatusOK, strings.NewReader(body)), nil
		}), start())
		status := http.StatusOK
		if body == "" {
			status = 0
		}
		if failed := expectFailure(t, err, cloudapi.Ambiguous, cloudapi.SentTwice, status); !failed.Permanent() {
			t.Errorf("error = %+v, want it permanent", failed)
		}
	}
}
