package cloudapi

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// ErrNotLoopback says that unencrypted HTTP was asked for with a host that is
// not this machine. A signed request carries tickets in its body, so it
// crosses a network only over HTTPS.
var ErrNotLoopback = errors.New("HTTP without TLS is allowed only to a loopback host such as 127.0.0.1 or localhost")

// ErrHost says that a host or root domain is not the name of a host.
var ErrHost = errors.New("a root domain must be a host name such as intl.tencentcloudapi.com")

// Endpoint is where requests go.
type Endpoint struct {
	// Scheme is "https", or "http" for a loopback host.
	Scheme string
	// Host is a host name or address with an optional port.
	Host string
}

// String returns the endpoint as a URL.
func (e Endpoint) String() string { return e.Scheme + "://" + e.Host }

// NewEndpoint joins a protocol ("HTTPS" or "HTTP", in any case) and a host.
// The error is ErrHost, ErrNotLoopback, or tells what protocol is.
func NewEndpoint(protocol, host string) (Endpoint, error) {
	endpoint := Endpoint{Scheme: strings.ToLower(protocol), Host: host}
	switch {
	case endpoint.Scheme != "https" && endpoint.Scheme != "http":
		return Endpoint{}, errors.New(`the protocol must be "HTTPS" or "HTTP"`)
	case !isHost(host):
		return Endpoint{}, ErrHost
	case endpoint.Scheme == "http" && !isLoopback(host):
		return Endpoint{}, ErrNotLoopback
	}
	return endpoint, nil
}

// ParseEndpoint reads a URL of the form scheme://host[:port]. The errors tell
// the rule that raw breaks and never quote it: it may hold a password.
func ParseEndpoint(raw string) (Endpoint, error) {
	parsed, err := url.Parse(raw)
	if err != nil || parsed.Hostname() == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		return Endpoint{}, errors.New("an endpoint must be a URL such as https://trtc.example.com or http://127.0.0.1:8787")
	}
	if parsed.User != nil || strings.Trim(parsed.Path, "/") != "" || parsed.RawQuery != "" || parsed.Fragment != "" {
		return Endpoint{}, errors.New("an endpoint must have no user, path, query or fragment: only scheme, host and port")
	}
	endpoint, err := NewEndpoint(parsed.Scheme, parsed.Host)
	if err != nil {
		return Endpoint{}, fmt.Errorf("%w; use https:// for any other host", err)
	}
	return endpoint, nil
}

// isHost tells a host with an optional port from anything that would change
// what a URL means.
func isHost(host string) bool {
	parsed, err := url.Parse("https://" + host)
	return err == nil && parsed.Host == host && parsed.Hostname() != "" && !strings.ContainsAny(host, " \t_%")
}

func isLoopback(host string) bool {
	name := host
	if withoutPort, _, err := net.SplitHostPort(host); err == nil {
		name = withoutPort
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	address := net.ParseIP(strings.Trim(name, "[]"))
	return address != nil && address.IsLoopback()
}
