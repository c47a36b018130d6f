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
	// maxHeaderBytes bounds the head of an answer as MaxBodyBytes does its body.
	maxHeaderBytes = 64 << 10
	// MaxBodyBytes is the largest answer that is read: 1 MiB.
	MaxBodyBytes = 1 << 20
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
	if err != nil || address.Hostname() == "" {
		return false
	}
	switch address.Scheme {
	case "http", "https", "socks5", "socks5h":
		return true
	default:
		return false
	}
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
	// end cancels the round trip.
	end context.CancelFunc

	trace httptrace.ClientTrace
	// written is set before the request is written, and requests counts how
	// often it was.
	written  atomic.Bool
	requests atomic.Int32
	// unshaken is set when a TLS handshake failed.
	unshaken atomic.Bool
	// denied is the error of beforeWrite.
	denied error

	status int
	date   time.Time
	body   []byte

	// failed is set when there is no body to decode, for reason and, when there
	// is more to say, err.
	failed bool
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

// fail notes why there is no answer. The error that it returns is for the SDK
// core, which only needs one.
func (e *exchange) fail(reason Reason, cause error) error {
	e.failed, e.reason, e.err = true, reason, cause
	return errNoAnswer
}

var errNoAnswer = errors.New("no readable answer")

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

// guard is the RoundTripper below the SDK core: it reads the answer within
// bounds into the exchange, and gives the SDK an empty object to parse.
type guard struct{}

// RoundTrip writes request at most once.
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
		return nil, record.fail(record.lost(ctx, err))
	}
	defer func() { _ = response.Body.Close() }()
	// An answer proves that the request was written, whatever the trace saw.
	record.written.Store(true)
	record.status = response.StatusCode
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		record.date = date
	}
	if err := record.read(ctx, response); err != nil {
		return nil, err
	}
	return parsedElsewhere(request), nil
}

func (e *exchange) read(ctx context.Context, response *http.Response) error {
	switch {
	case response.StatusCode >= 300 && response.StatusCode < 400:
		return e.fail(Redirected, nil)
	case response.StatusCode < 200:
		// 101 hands over the bare connection, whose end no deadline brings.
		return e.fail(BadStatus, nil)
	case response.Header.Get("Content-Encoding") != "":
		return e.fail(Unreadable, errEncoding)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxBodyBytes+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return e.fail(e.lost(ctx, err))
	case err != nil:
		return e.fail(Unreadable, e.safeCause(err))
	case len(body) > MaxBodyBytes:
		return e.fail(TooLarge, nil)
	}
	e.body = body
	return nil
}

// parsedElsewhere is what the SDK core sees of every answer. With this content
// type it does not look for errors in the body.
func parsedElsewhere(request *http.Request) *http.Response {
	return &http.Response{
		Status:     "200 OK",
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/octet-stream"}},
		Body:       io.NopCloser(strings.NewReader("{}")),
		Request:    request,
	}
}

var (
	errEncoding = errors.New("the answer has a content encoding that was not requested")
	errBroken   = errors.New("the exchange with the host broke off")
)

// lost returns why a round trip that ended with err gave no answer, and the
// part of err that may be shown.
func (e *exchange) lost(ctx context.Context, err error) (Reason, error) {
	switch {
	case e.requests.Load() > 1:
		return SentTwice, e.safeCause(err)
	case e.denied != nil && errors.Is(e.denied, context.DeadlineExceeded):
		return TimedOut, e.denied
	case e.denied != nil:
		return Canceled, e.denied
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return TimedOut, e.safeCause(err)
	case ctx.Err() != nil:
		return Canceled, e.safeCause(err)
	case e.written.Load():
		return ConnectionLost, e.safeCause(err)
	default:
		return e.unconnected(err), e.safeCause(err)
	}
}

// unconnected returns why there is no connection.
func (e *exchange) unconnected(err error) Reason {
	var proxy *proxyError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errProxyVariable):
		return ProxyInvalid
	case errors.As(err, &proxy) && isSettled(proxy.status):
		return ProxyRefused
	case errors.As(err, &certificate):
		return Untrusted
	case e.unshaken.Load() && !isNetworkFault(err):
		return TLSRefused
	default:
		return NoConnection
	}
}

// isNetworkFault reports whether a TLS handshake failed for want of a
// connection or of time. What crypto/tls calls a remote or local error is an
// alert.
func isNetworkFault(err error) bool {
	var socket *net.OpError
	var timeout net.Error
	switch {
	case errors.As(err, &socket):
		return socket.Op != "remote error" && socket.Op != "local error"
	case errors.As(err, &timeout) && timeout.Timeout():
		return true
	default:
		return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	}
}

// safeCause keeps a transport's error when its text is made on this side, as it
// is for name resolution, dialing, TLS and sockets. What net/http reports of an
// answer that is not HTTP, the host's or a proxy's, quotes the answer.
func (e *exchange) safeCause(err error) error {
	var network net.Error
	var socket *net.OpError
	var proxy *proxyError
	switch written := e.written.Load(); {
	case !written && (errors.As(err, &network) || errors.As(err, &proxy) || e.unshaken.Load()):
		return err
	case errors.As(err, &socket):
		return socket
	}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.ErrUnexpectedEOF, io.EOF, errProxyVariable} {
		if errors.Is(err, known) {
			return known
		}
	}
	return errBroken
}
