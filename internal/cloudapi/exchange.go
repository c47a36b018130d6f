package cloudapi

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpguts"
)

// exchange is one HTTP round trip: what was written, and the response within
// bounds.
type exchange struct {
	beforeWrite func() error
	end         context.CancelFunc // cancels the round trip

	written  atomic.Bool  // set before the request is written
	requests atomic.Int32 // how often it was written
	unshaken atomic.Bool  // a TLS handshake failed
	denied   error        // that of beforeWrite

	sent []byte // the body of the request

	status int
	date   time.Time
	body   []byte
}

// send writes message at most once and reads the response. Without a body to
// decode it returns the reason, and an error that may say more.
func (e *exchange) send(ctx context.Context, transport http.RoundTripper, message *http.Request) (Reason, error) {
	for name, values := range message.Header {
		if slices.ContainsFunc(values, func(value string) bool { return !httpguts.ValidHeaderFieldValue(value) }) {
			return NotEncodable, fmt.Errorf("its header %s would contain a line break or another control character", name)
		}
	}
	ctx, e.end = context.WithCancel(ctx)
	defer e.end()
	// Once there is a connection, writing continues while others wait: a hook
	// after the write could come too late for a deadline that passes just then.
	// Dialing, name resolution and TLS are over before this.
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:          e.connected,
		WroteHeaders:     func() { e.requests.Add(1) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) { e.unshaken.Store(err != nil) },
	})
	response, err := transport.RoundTrip(message.WithContext(ctx))
	if err != nil {
		return e.lost(ctx, err)
	}
	defer func() { _ = response.Body.Close() }()
	// A response proves that the request was written, whatever the trace saw.
	e.written.Store(true)
	e.status = response.StatusCode
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		e.date = date
	}
	return e.read(ctx, response)
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

// failure returns the error of this exchange. The decoder's own error is left
// out: it can quote the body.
func (e *exchange) failure(request Request, reason Reason, err error) *ExchangeError {
	outcome := NotSent
	if e.written.Load() {
		outcome = Ambiguous
	}
	return &ExchangeError{
		Action:  request.Action,
		Host:    request.Endpoint.Host,
		Outcome: outcome,
		Reason:  reason,
		Status:  e.status,
		Err:     err,
	}
}

var (
	errEncoding = errors.New("the response has a content encoding that was not requested")
	errBroken   = errors.New("what arrived is not an HTTP response, or was cut short")
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
		return Unreadable, e.cause(err)
	case len(body) > MaxBodyBytes:
		return TooLarge, nil
	}
	e.body = body
	return "", nil
}

// lost returns why a round trip that ended with err has no response, and the
// part of err that may be shown.
func (e *exchange) lost(ctx context.Context, err error) (Reason, error) {
	cause := e.cause(err)
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
		return e.connectFailure(err), cause
	}
}

// connectFailure returns the reason that no connection was made.
func (e *exchange) connectFailure(err error) Reason {
	if errors.Is(err, errProxyVariable) || isPlainProxy(err) {
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

// isPlainProxy reports whether a proxy, whose URL requires TLS, does not speak TLS.
func isPlainProxy(err error) bool {
	connecting, ok := errors.AsType[*net.OpError](err)
	_, isPlain := errors.AsType[tls.RecordHeaderError](err)
	return ok && isPlain && connecting.Op == "proxyconnect"
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

// cause returns the part of err that may be shown. Before the request is written,
// the errors of name resolution, dialing and TLS quote no response.
func (e *exchange) cause(err error) error {
	if isPlainProxy(err) {
		return errPlainProxy
	}
	_, isNetwork := errors.AsType[net.Error](err)
	_, isProxy := errors.AsType[*proxyError](err)
	if !e.written.Load() && (isNetwork || isProxy || e.unshaken.Load()) {
		return err
	}
	return SafeCause(err)
}

// SafeCause returns the part of a transport's error that quotes no response. An
// error of net/http about a response that is not HTTP quotes the response.
func SafeCause(err error) error {
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
