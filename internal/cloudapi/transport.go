package cloudapi

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	// connectTimeout bounds dialling and the TLS handshake, each.
	connectTimeout = 10 * time.Second
	// idleConnTimeout is shorter than what servers use, so that a request is
	// seldom written to a connection that the server is just closing.
	idleConnTimeout = 10 * time.Second
	// maxHeaderBytes bounds the head of an answer as MaxBodyBytes does its body.
	maxHeaderBytes = 64 << 10
)

// NewTransport returns a pooled transport fit for many parallel calls to one
// host. It keeps the standard proxy variables.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  quotingNothing(http.ProxyFromEnvironment),
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

var errProxyVariable = errors.New("a proxy variable such as HTTPS_PROXY holds no valid URL")

// quotingNothing is choose, but for its error: that one quotes the variable,
// which may hold a password.
func quotingNothing(choose func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(request *http.Request) (*url.URL, error) {
		chosen, err := choose(request)
		if err != nil {
			return nil, errProxyVariable
		}
		return chosen, nil
	}
}

// proxyError is a proxy that would not connect to the host.
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
