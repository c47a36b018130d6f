package cloudapi

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// ErrNotLoopback means that unencrypted HTTP was configured for a host that is
// not this machine. A signed request carries tickets in its body, so it
// crosses a network only over HTTPS.
var ErrNotLoopback = errors.New("HTTP without TLS is allowed only to a loopback host such as 127.0.0.1 or localhost")

// ErrHost means that a host or root domain is not the name of a host.
var ErrHost = errors.New("a root domain must be a host name such as intl.tencentcloudapi.com")

var (
	errProtocol     = errors.New(`the protocol must be "HTTPS" or "HTTP"`)
	errEndpointForm = errors.New("an endpoint must be a URL such as https://trtc.example.com or http://127.0.0.1:8787")
	errEndpointRest = errors.New("an endpoint must have no user, path, query or fragment: only scheme, host and port")
)

// Endpoint is where requests go.
type Endpoint struct {
	// Scheme is "https", or "http" for a loopback host.
	Scheme string
	// Host is a host name or address in lower case, with an optional port.
	Host string
}

// String returns the endpoint as a URL.
func (e Endpoint) String() string { return e.Scheme + "://" + e.Host }

// NewEndpoint joins a protocol ("HTTPS" or "HTTP", in any case) and a host.
// The error is ErrHost, ErrNotLoopback, or names the valid protocols.
func NewEndpoint(protocol, host string) (Endpoint, error) {
	// The host is part of the signature, for which the service lowers it.
	endpoint := Endpoint{Scheme: strings.ToLower(protocol), Host: strings.ToLower(host)}
	switch {
	case endpoint.Scheme != "https" && endpoint.Scheme != "http":
		return Endpoint{}, errProtocol
	case !isHost(endpoint.Host):
		return Endpoint{}, ErrHost
	case endpoint.Scheme == "http" && !isLoopback(endpoint.Host):
		return Endpoint{}, ErrNotLoopback
	}
	return endpoint, nil
}

// ParseEndpoint reads a URL of the form scheme://host[:port]. The errors name
// the rule that raw breaks and never quote it: it may hold a password.
func ParseEndpoint(raw string) (Endpoint, error) {
	parsed, err := url.Parse(raw)
	if err != nil || parsed.Hostname() == "" {
		return Endpoint{}, errEndpointForm
	}
	if parsed.User != nil || strings.Trim(parsed.Path, "/") != "" || parsed.RawQuery != "" || parsed.Fragment != "" {
		return Endpoint{}, errEndpointRest
	}
	endpoint, err := NewEndpoint(parsed.Scheme, parsed.Host)
	switch {
	case errors.Is(err, ErrNotLoopback):
		return Endpoint{}, fmt.Errorf("%w; use https:// for any other host", err)
	case err != nil:
		return Endpoint{}, errEndpointForm
	}
	return endpoint, nil
}

// isHost reports whether host is a lower-case host with an optional port, and
// nothing that would change the meaning of a URL.
func isHost(host string) bool {
	parsed, err := url.Parse("https://" + host)
	if err != nil || parsed.Host != host || parsed.Hostname() == "" {
		return false
	}
	if port := parsed.Port(); port != "" || strings.HasSuffix(host, ":") {
		if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
			return false
		}
	}
	return net.ParseIP(parsed.Hostname()) != nil || isHostName(parsed.Hostname())
}

// isHostName reports whether every label of name is made of letters, digits and
// inner hyphens.
func isHostName(name string) bool {
	foreign := func(r rune) bool { return r != '-' && !isLetterOrDigit(r) }
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || strings.Trim(label, "-") != label || strings.ContainsFunc(label, foreign) {
			return false
		}
	}
	return true
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
