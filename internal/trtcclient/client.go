package trtcclient

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

const (
	service = "trtc"
	version = "2019-07-22"

	// DefaultAttemptTimeout bounds one exchange when the caller's deadline does
	// not: 30 seconds.
	DefaultAttemptTimeout = 30 * time.Second
)

// CredentialSource gives the key that signs the next request.
type CredentialSource interface {
	// Retrieve returns a credential that is valid now and for as long as a
	// request may wait for its turn. Its errors end the call unsent and reach
	// the caller in a CredentialError.
	Retrieve(ctx context.Context) (cloudapi.Credential, error)
}

// Config is what a Client needs.
type Config struct {
	// Endpoint is the host of the API. Required.
	Endpoint cloudapi.Endpoint
	// Credentials gives the keys. Required.
	Credentials CredentialSource
	// RequestsPerSecond holds per action and region; 0 means
	// DefaultRequestsPerSecond.
	RequestsPerSecond float64
	// UserAgent names the program to the service.
	UserAgent string
	// AttemptTimeout bounds each exchange; 0 means DefaultAttemptTimeout.
	AttemptTimeout time.Duration
	// Transport carries the requests; nil means a pooled one.
	Transport http.RoundTripper
	// Clock tells the time and waits; nil means the system's.
	Clock clock.Clock
	// Observe is told of every attempt; nil means nobody is.
	Observe func(context.Context, Attempt)
}

// Client calls the four stream-ingest actions. It is safe for concurrent use.
type Client struct {
	config Config
	caller *cloudapi.Caller

	mu     sync.Mutex
	pacers map[lane]*pacer
}

// lane is what the service counts requests by.
type lane struct{ action, region string }

// New returns a Client. It sends nothing.
func New(config Config) *Client {
	if config.RequestsPerSecond == 0 {
		config.RequestsPerSecond = DefaultRequestsPerSecond
	}
	if config.AttemptTimeout == 0 {
		config.AttemptTimeout = DefaultAttemptTimeout
	}
	if config.Clock == nil {
		config.Clock = clock.System()
	}
	if config.Observe == nil {
		config.Observe = func(context.Context, Attempt) {}
	}
	return &Client{
		config: config,
		caller: cloudapi.NewCaller(cloudapi.Config{
			Transport: config.Transport,
			Clock:     config.Clock,
			UserAgent: config.UserAgent,
		}),
		pacers: map[lane]*pacer{},
	}
}

// Format writes where the client sends its requests, whatever the verb: its
// configuration leads to keys.
func (c *Client) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "client of %s", c.config.Endpoint)
}

// Endpoint returns where the client sends its requests.
func (c *Client) Endpoint() cloudapi.Endpoint { return c.config.Endpoint }

func (c *Client) pacer(key lane) *pacer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.pacers[key]; !ok {
		c.pacers[key] = newPacer(c.config.RequestsPerSecond, c.config.Clock)
	}
	return c.pacers[key]
}
