package streamcheck

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"sync/atomic"
	"syscall"
)

const (
	// maxRequestBytes is how much of one response body is read at most.
	maxRequestBytes = 64 << 10
	// maxHeaderBytes is how long the header of a response is at most.
	maxHeaderBytes = 16 << 10
	// maxLookBytes is how much is read at most in one look, TLS included.
	maxLookBytes = 2 << 20
	// maxRequests is how many requests one look makes at most, redirects
	// included.
	maxRequests = maxLookBytes / maxRequestBytes
	// maxRedirects is how many redirects of one request are followed.
	maxRedirects = 5

	userAgent = "terraform-provider-trtc"
)

var (
	errRedirects      = errors.New("too many redirects")
	errRedirectScheme = errors.New("a URL of another scheme than http or https")
	errTooLarge       = errors.New("the limit of bytes or requests is reached")
)

// proxyError is a proxy that does not connect to the host.
type proxyError struct{ status int }

// Error leaves out the status text, which is the proxy's.
func (e *proxyError) Error() string { return "the proxy refused to connect" }

// look is one look at one URL: its HTTP client and what is left of its limits.
type look struct {
	client   http.Client
	direct   *http.Transport
	proxied  *http.Transport
	requests int
	// read is how many bytes were read. icy reports whether the last response
	// began with "ICY ", as those of old SHOUTcast servers do, and
	// handshakeFailed whether TLS failed. Goroutines of net/http set them.
	read            atomic.Int64
	icy             atomic.Bool
	handshakeFailed atomic.Bool
}

func newLook(checker *Checker) *look {
	l := &look{}
	l.direct = l.transport(checker.dial)
	// A proxy may be in the private network.
	l.proxied = l.transport((&net.Dialer{}).DialContext)
	l.proxied.Proxy = func(request *http.Request) (*url.URL, error) { return checker.proxyFor(request.URL) }
	l.client = http.Client{Transport: l, CheckRedirect: checkRedirect}
	return l
}

// transport returns an HTTP/1.1 transport whose connections count what they
// read. It makes a connection for each request, so that none is left.
func (l *look) transport(dial DialFunc) *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			connection, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &meteredConn{Conn: connection, look: l, first: true}, nil
		},
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
			if response.StatusCode != http.StatusOK {
				return &proxyError{status: response.StatusCode}
			}
			return nil
		},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		MaxResponseHeaderBytes: maxHeaderBytes,
		DisableKeepAlives:      true,
		DisableCompression:     true,
	}
}

// RoundTrip sends a request, which may follow a redirect, directly or through
// the proxy. It refuses hosts that the service cannot reach: a direct
// connection to a private address is refused when it is made, but a proxy would
// resolve such a name or connect to such an address.
func (l *look) RoundTrip(request *http.Request) (*http.Response, error) {
	if l.requests++; l.requests > maxRequests {
		return nil, errTooLarge
	}
	if host := request.URL.Hostname(); isUnreachable(host) {
		address, _ := netip.ParseAddr(host)
		return nil, &privateError{address: address}
	}
	proxy, err := l.proxied.Proxy(request)
	switch {
	case err != nil:
		return nil, err
	case proxy != nil:
		return l.proxied.RoundTrip(request)
	default:
		return l.direct.RoundTrip(request)
	}
}

// checkRedirect removes what a redirect must not pass on: the query, which
// net/http puts into Referer, and the user of a URL that names another host.
func checkRedirect(request *http.Request, via []*http.Request) error {
	request.Header.Del("Referer")
	if request.URL.Host != via[0].URL.Host {
		request.URL.User = nil
	}
	switch {
	case request.URL.Scheme != "http" && request.URL.Scheme != "https":
		return errRedirectScheme
	case len(via) > maxRedirects:
		return errRedirects
	}
	return nil
}

// get requests target. The caller closes the body of the response.
func (l *look) get(ctx context.Context, target *url.URL, byteRange string) (*http.Response, error) {
	l.icy.Store(false)
	l.handshakeFailed.Store(false)
	trace := &httptrace.ClientTrace{TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
		l.handshakeFailed.Store(err != nil)
	}}
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", userAgent)
	if byteRange != "" {
		request.Header.Set("Range", byteRange)
	}
	return l.client.Do(request)
}

// meteredConn is a connection that counts what it reads for the limit of its
// look.
type meteredConn struct {
	net.Conn

	look  *look
	first bool
}

// Read reads from the connection until the limit is reached.
func (c *meteredConn) Read(buffer []byte) (int, error) {
	left := maxLookBytes - c.look.read.Load()
	if left <= 0 {
		return 0, errTooLarge
	}
	n, err := c.Conn.Read(buffer[:min(int64(len(buffer)), left)])
	c.look.read.Add(int64(n))
	if c.first && n > 0 {
		c.first = false
		c.look.icy.Store(n >= 4 && string(buffer[:4]) == "ICY ")
	}
	return n, err
}

// unanswered returns the finding for a request to subject that failed with err.
// It shows no text of err, because net/http quotes responses in errors.
func (l *look) unanswered(ctx context.Context, subject string, err error) Finding {
	var network net.Error
	if private, ok := errors.AsType[*privateError](err); ok {
		return private.finding(subject)
	}
	socket, isSocket := errors.AsType[*net.OpError](err)
	if isSocket && socket.Op == "proxyconnect" {
		return warns(Proxy, "%s was not checked: no connection to the proxy%s. Check HTTP_PROXY and HTTPS_PROXY, or set NO_PROXY.", subject, reason(err))
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok && ctx.Err() == nil {
		return warns(DNS, "%s has a host whose name this machine cannot resolve. Check the name.", subject)
	}
	if proxy, ok := errors.AsType[*proxyError](err); ok {
		return warns(Proxy, "%s was not checked: the proxy refused to connect, with HTTP status %d. Allow the connection in the proxy, or set NO_PROXY.", subject, proxy.status)
	}
	switch {
	case errors.Is(err, errRedirectScheme):
		return warns(RedirectScheme, "%s leads to a URL that is not an http or https URL. Use the URL of the stream itself.", subject)
	case errors.Is(err, errRedirects):
		return warns(Redirects, "%s redirects more than %d times. Use the URL of the stream itself.", subject, maxRedirects)
	case errors.Is(err, errTooLarge):
		return warns(TooLarge, "%s was not checked completely: the check stopped after %d requests or %d MiB. Test the stream with a player.", subject, maxRequests, maxLookBytes>>20)
	case ctx.Err() != nil, errors.As(err, &network) && network.Timeout():
		return warns(Timeout, "%s did not deliver the beginning of a stream in time. Check that the source is live and that the server can be reached.", subject)
	case l.icy.Load():
		return warns(ICY, "%s returned a response that begins with ICY instead of HTTP, as old SHOUTcast servers do. Test the stream with a player, or use a server that speaks HTTP.", subject)
	case l.handshakeFailed.Load():
		return warns(TLS, "%s has a server with which the TLS handshake failed: the certificate is not valid for the host, has expired or is not trusted by this machine, or the server does not use TLS at this port. Check the certificate, the scheme and the port.", subject)
	case isSocket:
		return warns(Connection, "%s has a server that refused or closed the connection%s. Check the host, the port and the server.", subject, reason(err))
	default:
		return warns(BadResponse, "%s did not return a complete HTTP response. Check the scheme, the host and the port.", subject)
	}
}

// reason returns the operating system's text for a failed connection, or an
// empty text.
func reason(err error) string {
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return " (" + number.Error() + ")"
	}
	return ""
}

// finding describes the refused connection.
func (e *privateError) finding(subject string) Finding {
	if !e.address.IsValid() {
		return warns(PrivateAddress, "%s leads to a host with a local name. The host was not contacted. Use a URL that leads to a public host.", subject)
	}
	return warns(PrivateAddress, "%s leads to %v, which is not a public address. The host was not contacted. Use a public host, unless the service resolves the name to a public address.", subject, e.address.WithZone(""))
}
