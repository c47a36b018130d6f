package trtcclient

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// DefaultAttemptTimeout bounds one attempt when the caller's deadline does not.
const DefaultAttemptTimeout = 30 * time.Second

// CredentialSource provides the key that signs the next request.
type CredentialSource interface {
	// Retrieve returns a credential that is valid now and for as long as a
	// request may wait for its slot. Its error ends the call unsent and is the
	// cause of an Error of class NoCredentials.
	Retrieve(ctx context.Context) (cloudapi.Credential, error)
}

// Config configures a Client.
type Config struct {
	Endpoint    cloudapi.Endpoint // required
	Credentials CredentialSource  // required
	// RequestsPerSecond applies per action and region; 0 means
	// DefaultRequestsPerSecond.
	RequestsPerSecond int
	// API sends the requests; nil means a new one with Clock. Clients that share it
	// correct the clock together.
	API *cloudapi.Client
	// AttemptTimeout bounds connecting, and again the wait for the response, to
	// which a start adds a quarter of a second; 0 means DefaultAttemptTimeout.
	AttemptTimeout time.Duration
	Clock          clock.Clock                    // measures time and waits; nil means the system's
	Observe        func(context.Context, Attempt) // called with every attempt once it ended; nil means no call
}

// Client calls the four stream-ingest actions. It is safe for concurrent use.
type Client struct {
	config  Config
	noticed atomic.Bool

	mu     sync.Mutex
	pacers map[rateKey]*pacer
}

// rateKey identifies requests that the service counts together.
type rateKey struct{ action, region string }

// New returns a Client. It sends nothing.
func New(config Config) *Client {
	config.RequestsPerSecond = cmp.Or(config.RequestsPerSecond, DefaultRequestsPerSecond)
	config.AttemptTimeout = cmp.Or(config.AttemptTimeout, DefaultAttemptTimeout)
	config.Clock = cmp.Or(config.Clock, clock.System())
	if config.Observe == nil {
		config.Observe = func(context.Context, Attempt) {}
	}
	if config.API == nil {
		config.API = cloudapi.NewClient(cloudapi.Config{Clock: config.Clock})
	}
	return &Client{config: config, pacers: map[rateKey]*pacer{}}
}

// Endpoint returns where the client sends its requests.
func (c *Client) Endpoint() cloudapi.Endpoint { return c.config.Endpoint }

// ClockSkew returns by how much the service's clock is ahead of the local one, or
// 0 while no signature was refused for its time. The client stamps its requests
// with the service's time.
func (c *Client) ClockSkew() time.Duration { return c.config.API.ClockSkew() }

// ClockNotice returns ClockSkew, and true the first time it is called after a
// signature was refused for its time.
func (c *Client) ClockNotice() (time.Duration, bool) {
	skew := c.ClockSkew()
	return skew, skew != 0 && !c.noticed.Swap(true)
}

// call is one action under one retry policy.
type call struct {
	client *Client
	action string
	region string
	taskID string
	policy func() policy
	// start marks a StartStreamIngest: its attempts use a connection of their own
	// and, once they are written, run to their own deadline when the caller is
	// canceled: their response must not be lost.
	start      bool
	parameters any
	secrets    []secret.Text // those in parameters
	// prepare sets parameters and secrets, which depend on the clock, before each
	// attempt, and returns the context to observe the attempt with; nil means no
	// call.
	prepare    func(context.Context) context.Context
	onResponse func() // called after every exchange before anything else; nil means no call

	// since is when the first attempt was sent without proof that the service did
	// not run it, or zero; requestID is that of the latest response to such an
	// attempt.
	since     time.Time
	requestID string
}

// do retries the call until it succeeds or the policy gives up. The error is an
// *Error.
func (c *call) do(ctx context.Context, out any) error {
	var retries policy
	var last *Error
	for number := 1; ; number++ {
		failed, ctxErr := c.attempt(ctx, number, out)
		switch {
		case ctxErr != nil:
			return c.withEarlierAttempts(waitEnded(c.action, last, ctxErr))
		case failed == nil:
			return nil
		}
		if retries == nil {
			retries = c.policy()
		}
		delay, again := retries.next(failed.Class)
		// A task that exists after a start that may have run is most likely the
		// one we started, and waiting does not end it.
		again = again && (failed.Class != Conflict || c.since.IsZero())
		if !again || errors.Is(ctx.Err(), context.Canceled) {
			return c.withEarlierAttempts(failed)
		}
		if err := c.wait(ctx, delay); err != nil {
			return c.withEarlierAttempts(waitEnded(c.action, failed, err))
		}
		last = failed
	}
}

// withEarlierAttempts adds to the error of a call whether one of its attempts may
// have run.
func (c *call) withEarlierAttempts(failed *Error) *Error {
	failed.Since = c.since
	failed.MayHaveRun = !c.since.IsZero()
	if failed.MayHaveRun && c.start {
		failed.RequestID = c.requestID
	}
	return failed
}

// wait blocks for d. It returns the context's error if ctx ends first, and returns
// it at once if the deadline is earlier, so that the failure can be reported now.
func (c *call) wait(ctx context.Context, d time.Duration) error {
	clock := c.client.config.Clock
	if deadline, ok := ctx.Deadline(); ok && clock.Now().Add(d).After(deadline) {
		return context.DeadlineExceeded
	}
	return clock.Sleep(ctx, d)
}
