package cloudapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
)

// MaxBodyBytes is the largest answer that is read: 1 MiB.
const MaxBodyBytes = 1 << 20

// exchange is the record of one HTTP round trip, carried in its context.
type exchange struct {
	trace   httptrace.ClientTrace
	written atomic.Bool
	status  int
	body    []byte

	// failed is set when there is no body to decode, for reason and, when there
	// is more to say, err.
	failed bool
	reason Reason
	err    error
}

type exchangeKey struct{}

func withExchange(ctx context.Context, record *exchange) context.Context {
	// Once there is a connection, writing goes on beside whoever waits: a hook
	// after the write could come too late for a deadline that passes just then.
	// Dialling, name resolution and TLS are over before this.
	record.trace.GotConn = func(httptrace.GotConnInfo) { record.written.Store(true) }
	return httptrace.WithClientTrace(context.WithValue(ctx, exchangeKey{}, record), &record.trace)
}

// fail notes why there is no answer. The error that it returns is for the SDK
// core, which only needs one.
func (e *exchange) fail(reason Reason, cause error) error {
	e.failed, e.reason, e.err = true, reason, cause
	return errNoAnswer
}

var errNoAnswer = errors.New("no readable answer")

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
		return nil, record.fail(transportReason(request.Context(), record), presentable(err, record.written.Load()))
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
		return e.fail(transportReason(ctx, e), presentable(err, true))
	case err != nil:
		return e.fail(Unreadable, presentable(err, true))
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
