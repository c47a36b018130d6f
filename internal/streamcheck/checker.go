// Package streamcheck reports why a stream URL probably cannot be played.
// InspectURL judges the URL alone. A Checker requests the URL and judges what
// the server delivers: the container by its first bytes, and the codecs.
//
// A Finding contains nothing that a server sent, except numbers, IP addresses
// and names from the tables of this package. So a server cannot make a Finding
// repeat the query, the user or the path of a URL.
package streamcheck

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net"
	"net/url"
	"slices"
	"sync"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
)

// Finding is one reason why a stream may not play.
type Finding struct {
	// Summary names the reason in a few words.
	Summary string
	// Fails reports whether the finding holds wherever the URL is requested
	// from. Other findings depend on the viewpoint.
	Fails bool
	// Text says what was found and what to do. It does not say where Look looked
	// from.
	Text string
}

// fails returns a finding that holds from anywhere.
func fails(summary, format string, args ...any) Finding {
	return Finding{Summary: summary, Fails: true, Text: fmt.Sprintf(format, args...)}
}

// warns returns a finding that depends on the viewpoint.
func warns(summary, format string, args ...any) Finding {
	return Finding{Summary: summary, Text: fmt.Sprintf(format, args...)}
}

const (
	// maxLook is how long one look takes at most.
	maxLook = 10 * time.Second
	// maxLooking is how long a Checker looks at URLs at most, in all.
	maxLooking = 30 * time.Second
)

// DialFunc connects to an address, as net.Dialer.DialContext does.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Options configure a Checker.
type Options struct {
	Clock clock.Clock
	// Proxies replaces the proxy variables of the environment. RTMP uses no
	// proxy.
	Proxies *httpproxy.Config
	// Dial replaces the connections that use no proxy. The default refuses
	// private addresses; a replacement is responsible for that. Names of hosts
	// and literal addresses in URLs are checked with any Dial.
	Dial DialFunc
}

// Checker looks at URLs. Make one for each walk: it looks once at each URL and
// at most 30 seconds in all. It is safe for concurrent use.
type Checker struct {
	clock    clock.Clock
	dial     DialFunc
	proxyFor func(*url.URL) (*url.URL, error)

	mu sync.Mutex
	// looks has the hash of each URL, which has a fixed size and can be printed.
	looks map[[sha256.Size]byte]*sharedLook
	// running is how many looks are in progress; they began at since. Earlier
	// ones took spent.
	running int
	since   time.Time
	spent   time.Duration
}

// sharedLook is the look at one URL. Its findings are set before done is closed.
type sharedLook struct {
	done     chan struct{}
	findings []Finding
}

// New returns a Checker.
func New(options Options) *Checker {
	if options.Dial == nil {
		options.Dial = guardedDialer().DialContext
	}
	if options.Proxies == nil {
		options.Proxies = httpproxy.FromEnvironment()
	}
	return &Checker{
		clock:    options.Clock,
		dial:     options.Dial,
		proxyFor: options.Proxies.ProxyFunc(),
		looks:    map[[sha256.Size]byte]*sharedLook{},
	}
}

// Look requests address, unless this Checker has already done so, and returns
// what it found. A look has its own deadline of 10 seconds; if ctx ends first,
// the look goes on for other callers. Look returns nil without a request if
// InspectURL reports that the service cannot reach the host. For an RTMP URL, it
// checks only the connection and the handshake.
func (c *Checker) Look(ctx context.Context, address string) []Finding {
	target, err := url.Parse(address)
	if err != nil || target.Hostname() == "" || isUnreachable(target.Hostname()) {
		return nil
	}
	shared := c.share(ctx, target, address)
	if shared == nil {
		return []Finding{warns("not checked", "The stream URL was not checked, because this run has spent %v on checks of stream URLs.", maxLooking)}
	}
	select {
	case <-shared.done:
		return slices.Clone(shared.findings)
	case <-ctx.Done():
		return []Finding{warns("not checked", "The stream URL was not checked, because the run was canceled.")}
	}
}

// share returns the look at address, which it starts if there is none yet. It
// returns nil if there is no time left.
func (c *Checker) share(ctx context.Context, target *url.URL, address string) *sharedLook {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := sha256.Sum256([]byte(address))
	if shared, ok := c.looks[key]; ok {
		return shared
	}
	left := maxLooking - c.spent
	if c.running > 0 {
		left -= c.clock.Now().Sub(c.since)
	}
	if left <= 0 {
		return nil
	}
	if c.running == 0 {
		c.since = c.clock.Now()
	}
	c.running++
	shared := &sharedLook{done: make(chan struct{})}
	c.looks[key] = shared
	go func() {
		defer close(shared.done)
		shared.findings = c.look(context.WithoutCancel(ctx), target, min(maxLook, left))
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.running--; c.running == 0 {
			c.spent += c.clock.Now().Sub(c.since)
		}
	}()
	return shared
}

// look returns what target delivers within timeout.
func (c *Checker) look(ctx context.Context, target *url.URL, timeout time.Duration) (found []Finding) {
	// Parsers read data from unknown servers. They are fuzzed, but an undetected
	// fault in a parser must not end the provider, which may be starting a task.
	defer func() {
		if recover() != nil {
			found = []Finding{warns("not checked", "The stream URL was not checked: the check ended with an internal error. Please report it to the developers of the provider, with the format of the stream.")}
		}
	}()
	ctx, cancel := c.clock.WithTimeout(ctx, timeout)
	defer cancel()
	l := newLook(c)
	switch target.Scheme {
	case "http", "https":
		return l.inspect(ctx, target, "The URL", 0)
	case "rtmp":
		return l.handshakeRTMP(ctx, target)
	}
	return nil
}
