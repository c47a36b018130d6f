package cloudapi

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpproxy"
)

const (
	// connectTimeout bounds dialing and the TLS handshake, each.
	connectTimeout = 10 * time.Second
	// idleConnTimeout is shorter than what servers use, so that a request is
	// seldom written to a connection that the server is just closing.
	idleConnTimeout = 10 * time.Second
	// MaxBodyBytes is the largest answer that is read: 1 MiB.
	MaxBodyBytes = 1 << 20
	// maxHeaderBytes is the largest head of one: 64 KiB.
	maxHeaderBytes = 64 << 10
)

// NewTransport returns a pooled transport fit for many parallel calls to one
// host. It reads the standard proxy variables when it is made.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  proxyOf(*httpproxy.FromEnvironment()),
		OnProxyConnectResponse: checkProxyAnswer,
		DialContext:            (&net.Dialer{Timeout: connectTimeout}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    connectTimeout,
		IdleConnTimeout:        idleConnTimeout,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    64,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ForceAttemptHTTP2:      true,
	}
}

// withoutReuse returns a transport like pooled that speaks HTTP/1.1 only and
// makes a connection for each request. A RoundTripper that is not an
// *http.Transport is returned as it is.
func withoutReuse(pooled http.RoundTripper) http.RoundTripper {
	transport, ok := pooled.(*http.Transport)
	if !ok {
		return pooled
	}
	fresh := transport.Clone()
	fresh.DisableKeepAlives = true
	fresh.ForceAttemptHTTP2 = false
	fresh.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	fresh.Protocols = new(http.Protocols)
	fresh.Protocols.SetHTTP1(true)
	if fresh.TLSClientConfig == nil {
		fresh.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	// A host that speaks only HTTP/2 then refuses the handshake, before anything
	// is written.
	fresh.TLSClientConfig.NextProtos = []string{"http/1.1"}
	return fresh
}

var errProxyVariable = errors.New("HTTPS_PROXY (or HTTP_PROXY) must be a URL such as http://proxy.example.com:3128")

// proxyOf returns the choice of a proxy by config. The library connects
// directly when a variable is not a valid URL, and its errors quote the
// variable, which may hold a password.
func proxyOf(config httpproxy.Config) func(*http.Request) (*url.URL, error) {
	invalid := &url.URL{Scheme: "http", Host: "invalid"}
	for _, variable := range []*string{&config.HTTPProxy, &config.HTTPSProxy} {
		if *variable != "" && !isProxy(*variable) {
			*variable = invalid.String()
		}
	}
	choose := config.ProxyFunc()
	return func(request *http.Request) (*url.URL, error) {
		chosen, err := choose(request.URL)
		if err != nil || (chosen != nil && *chosen == *invalid) {
			return nil, errProxyVariable
		}
		return chosen, nil
	}
}

// isProxy reports whether variable is the URL of a proxy that net/http can use;
// the scheme may be left out.
func isProxy(variable string) bool {
	if !strings.Contains(variable, "://") {
		variable = "http://" + variable
	}
	address, err := url.Parse(variable)
	return err == nil && address.Hostname() != "" && slices.Contains([]string{"http", "https", "socks5", "socks5h"}, address.Scheme)
}

// proxyError is a proxy that does not connect to the host.
type proxyError struct{ status int }

// Error names the HTTP status, not the text with which the proxy explains it.
func (e *proxyError) Error() string {
	return "the proxy refused to connect, with HTTP status " + strconv.Itoa(e.status)
}

func checkProxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return &proxyError{status: answer.StatusCode}
	}
	return nil
}

// exchange is the record of one HTTP round trip, carried in its context.
type exchange struct {
	transport   http.RoundTripper
	beforeWrite func() error
	end         context.CancelFunc // cancels the round trip

	trace    httptrace.ClientTrace
	written  atomic.Bool  // set before the request is written
	requests atomic.Int32 // how often it was written
	unshaken atomic.Bool  // a TLS handshake failed
	denied   error        // that of beforeWrite

	sent []byte // the body of the request

	status int
	date   time.Time
	body   []byte

	// reason is why there is no body to decode, or empty; err may say more.
	reason Reason
	err    error
}

type exchangeKey struct{}

func withExchange(ctx context.Context, record *exchange) (context.Context, context.CancelFunc) {
	// Once there is a connection, writing continues while others wait: a hook
	// after the write could come too late for a deadline that passes just then.
	// Dialing, name resolution and TLS are over before this.
	record.trace.GotConn = record.connected
	record.trace.WroteHeaders = func() { record.requests.Add(1) }
	record.trace.TLSHandshakeDone = func(_ tls.ConnectionState, err error) { record.unshaken.Store(err != nil) }
	record.end = func() {}
	if record.beforeWrite != nil {
		ctx, record.end = context.WithCancel(ctx)
	}
	return httptrace.WithClientTrace(context.WithValue(ctx, exchangeKey{}, record), &record.trace), record.end
}

// connected runs on the goroutine of the round trip, before the request is
// written.
func (e *exchange) connected(info httptrace.GotConnInfo) {
	if e.beforeWrite != nil {
		e.denied = e.beforeWrite()
	}
	if e.denied == nil {
		e.written.Store(true)
		return
	}
	// HTTP/2 writes no request whose context has ended. HTTP/1.1 does, but its
	// connection is this request's alone.
	e.end()
	if secured, ok := info.Conn.(*tls.Conn); info.Conn != nil && (!ok || secured.ConnectionState().NegotiatedProtocol != "h2") {
		_ = info.Conn.Close()
	}
}

// failure describes this exchange. The decoder's own error is left out: it can
// quote the body.
func (e *exchange) failure(request Request, reason Reason, requestID string) *ExchangeError {
	outcome := NotSent
	if e.written.Load() {
		outcome = Ambiguous
	}
	return &ExchangeError{
		Action:    request.Action,
		Host:      request.Endpoint.Host,
		Outcome:   outcome,
		Reason:    reason,
		Status:    e.status,
		RequestID: requestID,
		Err:       e.err,
	}
}

// guard is the RoundTripper below the SDK core. It keeps the answer, within
// bounds, in the exchange of the request.
type guard struct{}

var errKept = errors.New("the exchange has the answer")

// RoundTrip writes request at most once. It always returns an error, so that
// the SDK core parses nothing.
func (guard) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	record, ok := ctx.Value(exchangeKey{}).(*exchange)
	if !ok {
		return nil, errors.New("request without an exchange")
	}
	once := request.WithContext(ctx)
	once.GetBody = nil
	response, err := record.transport.RoundTrip(once)
	if err != nil {
		record.reason, record.err = record.lost(ctx, err)
		return nil, errKept
	}
	defer func() { _ = response.Body.Close() }()
	// An answer proves that the request was written, whatever the trace saw.
	record.written.Store(true)
	record.status = response.StatusCode
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		record.date = date
	}
	record.reason, record.err = record.read(ctx, response)
	return nil, errKept
}

var (
	errEncoding = errors.New("the answer has a content encoding that was not requested")
	errBroken   = errors.New("the exchange with the host broke off")
)

// read keeps the body, or returns why it cannot be decoded.
func (e *exchange) read(ctx context.Context, response *http.Response) (Reason, error) {
	switch {
	case response.StatusCode >= 300 && response.StatusCode < 400:
		return Redirected, nil
	case response.StatusCode < 200:
		// 101 hands over the bare connection, whose end no deadline brings.
		return BadStatus, nil
	case response.Header.Get("Content-Encoding") != "":
		return Unreadable, errEncoding
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxBodyBytes+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return e.lost(ctx, err)
	case err != nil:
		return Unreadable, e.safeCause(err)
	case len(body) > MaxBodyBytes:
		return TooLarge, nil
	}
	e.body = body
	return "", nil
}

// lost returns why a round trip that ended with err gave no answer, and the
// part of err that may be shown.
func (e *exchange) lost(ctx context.Context, err error) (Reason, error) {
	cause := e.safeCause(err)
	switch {
	case e.requests.Load() > 1:
		return SentTwice, cause
	case e.denied != nil && errors.Is(e.denied, context.DeadlineExceeded):
		return TimedOut, e.denied
	case e.denied != nil:
		return Canceled, e.denied
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return TimedOut, cause
	case ctx.Err() != nil:
		return Canceled, cause
	case e.written.Load():
		return ConnectionLost, cause
	default:
		return e.unconnected(err), cause
	}
}

// unconnected returns why there is no connection.
func (e *exchange) unconnected(err error) Reason {
	if errors.Is(err, errProxyVariable) {
		return ProxyInvalid
	}
	if proxy, ok := errors.AsType[*proxyError](err); ok && isSettled(proxy.status) {
		return ProxyRefused
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return Untrusted
	}
	if e.unshaken.Load() && !isNetworkFault(err) {
		return TLSRefused
	}
	return NoConnection
}

// isNetworkFault reports whether a TLS handshake failed for want of a
// connection or of time. What crypto/tls calls a remote or local error is an
// alert.
func isNetworkFault(err error) bool {
	if socket, ok := errors.AsType[*net.OpError](err); ok {
		return socket.Op != "remote error" && socket.Op != "local error"
	}
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout() || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// safeCause keeps a transport's error when its text is made on this side, as it
// is for name resolution, dialing, TLS and sockets. What net/http reports of an
// answer that is not HTTP, the host's or a proxy's, quotes the answer.
func (e *exchange) safeCause(err error) error {
	_, isNetwork := errors.AsType[net.Error](err)
	_, isProxy := errors.AsType[*proxyError](err)
	if !e.written.Load() && (isNetwork || isProxy || e.unshaken.Load()) {
		return err
	}
	if socket, ok := errors.AsType[*net.OpError](err); ok {
		return socket
	}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.ErrUnexpectedEOF, io.EOF, errProxyVariable} {
		if errors.Is(err, known) {
			return known
		}
	}
	return errBroken
}
