package cloudapi

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"
)

const (
	// connectTimeout bounds dialing and the TLS handshake, each.
	connectTimeout = 10 * time.Second
	// idleConnTimeout is shorter than what servers use, so that a request is
	// seldom written to a connection that the server is just closing.
	idleConnTimeout = 10 * time.Second
	// MaxBodyBytes is the largest response that is read: 1 MiB.
	MaxBodyBytes = 1 << 20
	// maxHeaderBytes is the largest head of a response: 64 KiB.
	maxHeaderBytes = 64 << 10
)

// NewTransport returns a pooled transport fit for many parallel calls to one
// host. It reads the standard proxy variables when it is made.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  proxyOf(*httpproxy.FromEnvironment()),
		OnProxyConnectResponse: checkProxyResponse,
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

var (
	errProxyVariable = errors.New("HTTPS_PROXY (or HTTP_PROXY) must be a URL such as http://proxy.example.com:3128; " +
		"in its user name and password, characters other than letters, digits and -._~ must be percent-encoded, such as # as %23")
	errPlainProxy = errors.New("the proxy does not speak TLS: HTTPS_PROXY (or HTTP_PROXY) must begin with http:// and not with https://")
)

// proxyOf returns the choice of a proxy by config. The library connects
// directly when a variable is not a valid URL, and its errors quote the
// variable, which may hold a password.
func proxyOf(config httpproxy.Config) func(*http.Request) (*url.URL, error) {
	invalid := &url.URL{Scheme: "http", Host: "invalid"}
	for _, variable := range []*string{&config.HTTPProxy, &config.HTTPSProxy} {
		*variable = strings.TrimSpace(*variable)
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
	if err != nil || strings.Contains(address.Path+address.RawQuery+address.Fragment, "@") {
		return false // A character of the password ended the host.
	}
	return address.Hostname() != "" && slices.Contains([]string{"http", "https", "socks5", "socks5h"}, address.Scheme)
}

// proxyError is the refusal of a proxy to connect to the host.
type proxyError struct{ status int }

// Error names the HTTP status, not the text with which the proxy explains it.
func (e *proxyError) Error() string {
	return "the proxy refused to connect, with HTTP status " + strconv.Itoa(e.status)
}

func checkProxyResponse(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode != http.StatusOK {
		return &proxyError{status: response.StatusCode}
	}
	return nil
}
