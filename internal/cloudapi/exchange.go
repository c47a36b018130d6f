package cloudapi

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"
)

// MaxBodyBytes is the largest answer that is read: 1 MiB.
const MaxBodyBytes = 1 << 20

// idleConnTimeout is shorter than what servers use, so that a request is
// seldom written to a connection that the server is just closing.
const idleConnTimeout = 10 * time.Second

// NewTransport returns a pooled transport fit for many parallel calls to one
// host. It keeps the standard proxy variables.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   10 * time.Second,
		IdleConnTimeout:       idleConnTimeout,
		MaxIdleConns:          64,
		MaxIdleConnsPerHost:   64,
		ForceAttemptHTTP2:     true,
		ExpectContinueTimeout: time.Second,
	}
}

// exchange is the record of one HTTP round trip, carried in its context.
type exchange struct {
	written atomic.Bool
	status  int
	body    []byte
	reason  Reason
	err     error
}

type exchangeKey struct{}

func withExchange(ctx context.Context, record *exchange) context.Context {
	trace := &httptrace.ClientTrace{
		// Once there is a connection, writing goes on beside whoever waits: a
		// hook after the write could come too late for a deadline that passes
		// just then. Dialling, name resolution and TLS are over before this.
		GotConn: func(httptrace.GotConnInfo) { record.written.Store(true) },
	}
	return httptrace.WithClientTrace(context.WithValue(ctx, exchangeKey{}, record), trace)
}

func (e *exchange) fail(reason Reason, err error) error {
	e.reason = reason
	if err == nil {
		err = errors.New(reason.String())
	}
	e.err = err
	return err
}

// guard is the RoundTripper below the SDK core: it reads the answer within
// bounds into the exchange, and gives the SDK an empty object to parse.
type guard struct{ next http.RoundTripper }

func (g guard) RoundTrip(request *http.Request) (*http.Response, error) {
	record, ok := request.Context().Value(exchangeKey{}).(*exchange)
	if !ok {
		return nil, errors.New("request without an exchange")
	}
	response, err := g.next.RoundTrip(request)
	if err != nil {
		return nil, record.fail(transportReason(request.Context(), record), err)
	}
	defer func() { _ = response.Body.Close() }()
	// An answer proves that the request was written, whatever the trace saw.
	record.written.Store(true)
	record.status = response.StatusCode
	if err := record.read(request.Context(), response); err != nil {
		return nil, err
	}
	return parsedElsewhere(request), nil
}

func (e *exchange) read(ctx context.Context, response *http.Response) error {
	if response.StatusCode >= 300 && response.StatusCode < 400 {
		return e.fail(Redirected, nil)
	}
	if encoding := response.Header.Get("Content-Encoding"); encoding != "" {
		return e.fail(Unreadable, errors.New("content encoding not asked for"))
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxBodyBytes+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return e.fail(transportReason(ctx, e), err)
	case err != nil:
		return e.fail(Unreadable, err)
	case len(body) > MaxBodyBytes:
		return e.fail(TooLarge, nil)
	}
	e.body = body
	return nil
}

func transportReason(ctx context.Context, record *exchange) Reason {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return Cancelled
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return TimedOut
	case record.written.Load():
		return ConnectionLost
	default:
		return NoConnection
	}
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
