package cloudapi

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// ErrNotLoopback means that unencrypted HTTP was configured for a host that is
// not this machine. Requests carry tickets in their bodies.
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
	Scheme string // "https", or "http" for a loopback host
	Host   string // a host name or address in lower case, with an optional port
}

// String returns the endpoint as a URL.
func (e Endpoint) String() string { return e.Scheme + "://" + e.Host }

// tencentHost matches the documented hosts of a site: with and without a region.
// It does not match regions of the financial cloud (ap-shanghai-fsi), which are
// isolated from the others.
var tencentHost = regexp.MustCompile(`^[a-z]+\.(?:[a-z]{2}-[a-z]+\.)?((?:intl\.)?tencentcloudapi\.com)$`)

// Identity returns the identity of the service behind e, which endpoints of one
// service share: the root domain of the site for Tencent's documented hosts, and
// otherwise the host with the port, unless that is the port of HTTPS. All
// loopback hosts are localhost.
func (e Endpoint) Identity() string {
	parsed := url.URL{Host: e.Host}
	name, port := parsed.Hostname(), parsed.Port()
	if port == "" && e.Scheme == "http" {
		port = "80"
	}
	switch {
	case net.ParseIP(name).IsLoopback():
		name = "localhost"
	case strings.Contains(name, ":"):
		name = "[" + name + "]"
	}
	if port != "" && port != "443" {
		return name + ":" + port
	}
	return tencentHost.ReplaceAllString(name, "$1")
}

// NewEndpoint joins a protocol ("HTTPS" or "HTTP", in any case) and a host.
// The error is ErrHost, ErrNotLoopback, or names the valid protocols.
func NewEndpoint(protocol, host string) (Endpoint, error) {
	// The host is part of the signature, for which the service lowers it.
	endpoint := Endpoint{Scheme: strings.ToLower(protocol), Host: strings.ToLower(host)}
	name, valid := withoutPort(endpoint.Host)
	switch {
	case endpoint.Scheme != "https" && endpoint.Scheme != "http":
		return Endpoint{}, errProtocol
	case !valid:
		return Endpoint{}, ErrHost
	case endpoint.Scheme == "http" && name != "localhost" && !net.ParseIP(name).IsLoopback():
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

// hostName is labels of letters, digits and inner hyphens.
var hostName = regexp.MustCompile(`^[a-z0-9]+(-+[a-z0-9]+)*(\.[a-z0-9]+(-+[a-z0-9]+)*)*$`)

// withoutPort returns the name or address of a lower-case host with an optional
// port, or false for anything else.
func withoutPort(host string) (string, bool) {
	parsed, err := url.Parse("https://" + host)
	if err != nil || parsed.Host != host {
		return "", false
	}
	if port := parsed.Port(); port != "" || strings.HasSuffix(host, ":") {
		if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
			return "", false
		}
	}
	name := parsed.Hostname()
	return name, net.ParseIP(name) != nil || hostName.MatchString(name)
}
