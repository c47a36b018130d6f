package streamcheck

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
)

const (
	// maxRequestBytes is how much of one response body is read at most.
	maxRequestBytes = 64 << 10
	// maxHeaderBytes is how long the header of a response is at most.
	maxHeaderBytes = 16 << 10
	// maxRequests is how many requests one look makes at most, redirects
	// included. With their headers and TLS they read less than 2 MiB.
	maxRequests = 16
	// maxRedirects is how many redirects of one request are followed.
	maxRedirects = 5
)

// refusal is a request that this package or the proxy refused. It is an error
// with the content of a Finding.
type refusal struct {
	summary string
	text    string // what follows the subject
}

// Error returns the summary.
func (r *refusal) Error() string { return r.summary }

// refusePrivate returns an error for a host that is a private address, or that
// has a local name if address is invalid.
func refusePrivate(address netip.Addr) error {
	text := "leads to a host with a local name. The host was not contacted. Use a URL that leads to a public host."
	if address.IsValid() {
		text = fmt.Sprintf("leads to %v, which is not a public address. The host was not contacted. Use a public host, unless the service resolves the name to a public address.", address.WithZone(""))
	}
	return &refusal{"private address", text}
}

// guardedDialer returns a dialer that connects to public addresses only. Its
// Control function runs when the address is known and nothing has been sent, so
// no name leads past it.
func guardedDialer() *net.Dialer {
	return &net.Dialer{Control: func(_, address string, _ syscall.RawConn) error {
		target, err := netip.ParseAddrPort(address)
		if err == nil && isPrivate(target.Addr()) {
			return refusePrivate(target.Addr())
		}
		return err
	}}
}

// look is one look at one URL: its HTTP client and the number of its requests.
type look struct {
	client   http.Client
	direct   *http.Transport
	proxied  *http.Transport
	requests int
}

func newLook(checker *Checker) *look {
	l := &look{direct: newTransport(checker.dial)}
	// A proxy may be in the private network.
	l.proxied = newTransport((&net.Dialer{}).DialContext)
	l.proxied.Proxy = func(request *http.Request) (*url.URL, error) { return checker.proxyFor(request.URL) }
	l.client = http.Client{Transport: l, CheckRedirect: checkRedirect}
	return l
}

// newTransport returns an HTTP/1.1 transport. It makes a connection for each
// request, so that none is left.
func newTransport(dial DialFunc) *http.Transport {
	return &http.Transport{
		DialContext: dial,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
			if response.StatusCode != http.StatusOK {
				return &refusal{"not checked", fmt.Sprintf("was not checked: the proxy refused to connect, with HTTP status %d. Allow the connection in the proxy, or set NO_PROXY.", response.StatusCode)}
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
		return nil, &refusal{"not checked", fmt.Sprintf("was not checked completely: the check stopped after %d requests. Test the stream with a player.", maxRequests)}
	}
	if host := request.URL.Hostname(); isUnreachable(host) {
		address, _ := netip.ParseAddr(host)
		return nil, refusePrivate(address)
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
		return &refusal{"redirect to another scheme", "leads to a URL that is not an http or https URL. Use the URL of the stream itself."}
	case len(via) > maxRedirects:
		return &refusal{"too many redirects", fmt.Sprintf("redirects more than %d times. Use the URL of the stream itself.", maxRedirects)}
	}
	return nil
}

// get requests target. The caller closes the body of the response.
func (l *look) get(ctx context.Context, target *url.URL, byteRange string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", "terraform-provider-trtc")
	if byteRange != "" {
		request.Header.Set("Range", byteRange)
	}
	return l.client.Do(request)
}

// handshakeRTMP connects to an RTMP server and completes the handshake. It does
// not request the stream, which would take most of an RTMP client.
func (l *look) handshakeRTMP(ctx context.Context, target *url.URL) []Finding {
	port := target.Port()
	if port == "" {
		port = "1935"
	}
	connection, err := l.direct.DialContext(ctx, "tcp", net.JoinHostPort(target.Hostname(), port))
	if err != nil {
		return []Finding{failedRequest(ctx, "The URL", err)}
	}
	defer func() { _ = connection.Close() }()
	defer context.AfterFunc(ctx, func() { _ = connection.Close() })()
	// C0 is the version. C1 and S1 are a time, zeros and any bytes. C2 repeats S1.
	const version, size = 3, 1536
	hello, reply := [1 + size]byte{version}, [1 + size]byte{}
	_, err = connection.Write(hello[:])
	if err == nil {
		_, err = io.ReadFull(connection, reply[:])
	}
	if err == nil && reply[0] == version {
		_, err = connection.Write(reply[1:])
	}
	switch {
	case ctx.Err() != nil:
		return []Finding{failedRequest(ctx, "The URL", err)}
	case err != nil || reply[0] != version:
		return []Finding{warns("incomplete RTMP handshake", "The URL leads to a server that did not complete the RTMP handshake. Check the host and the port. For an RTMP URL, only the connection and the handshake are checked, not the stream.")}
	}
	return nil
}

// failedRequest returns the finding for a request to subject that failed with err.
// It shows no text of err, because net/http quotes responses in errors.
func failedRequest(ctx context.Context, subject string, err error) Finding {
	if refused, ok := errors.AsType[*refusal](err); ok {
		return warns(refused.summary, "%s %s", subject, refused.text)
	}
	var (
		name        *net.DNSError
		network     net.Error
		certificate *tls.CertificateVerificationError
		alert       tls.AlertError
		record      tls.RecordHeaderError
	)
	socket, isSocket := errors.AsType[*net.OpError](err)
	reason := "" // of the operating system
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		reason = " (" + number.Error() + ")"
	}
	switch {
	case isSocket && socket.Op == "proxyconnect":
		return warns("not checked", "%s was not checked: no connection to the proxy%s. Check HTTP_PROXY and HTTPS_PROXY, or set NO_PROXY.", subject, reason)
	case ctx.Err() != nil, errors.As(err, &network) && network.Timeout():
		return warns("timeout", "%s did not deliver the beginning of a stream in time. Check that the source is live and that the server can be reached.", subject)
	case errors.As(err, &name):
		return warns("unknown host", "%s has a host whose name this machine cannot resolve. Check the name.", subject)
	case errors.As(err, &certificate), errors.As(err, &alert), errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return warns("failed TLS handshake", "%s has a server with which the TLS handshake failed: the certificate is not valid for the host, has expired or is not trusted by this machine, or the server does not use TLS at this port. Check the certificate, the scheme and the port.", subject)
	case isSocket:
		return warns("failed connection", "%s has a server that refused or closed the connection%s. Check the host, the port and the server.", subject, reason)
	default:
		return warns("incomplete HTTP response", "%s did not return a complete HTTP response. Check the scheme, the host and the port. Old SHOUTcast servers respond with ICY instead of HTTP: test such a stream with a player.", subject)
	}
}
