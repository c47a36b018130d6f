package cloudapi

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// idleConnTimeout is shorter than what servers use, so that a request is
// seldom written to a connection that the server is just closing.
const idleConnTimeout = 10 * time.Second

var errEncoding = errors.New("the answer has a content encoding that was not asked for")

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

// presentable is a transport's error without the URL around it.
func presentable(err error, _ bool) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
