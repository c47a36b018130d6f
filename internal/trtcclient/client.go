package trtcclient

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/sharedlimit"
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

// Config is what a Client needs.
type Config struct {
	Endpoint    cloudapi.Endpoint // required
	Credentials CredentialSource  // required
	// RequestsPerSecond applies per action and region; 0 means
	// DefaultRequestsPerSecond.
	RequestsPerSecond float64
	// LimitDir is the directory of the files through which processes share the
	// limit; only the user may have write access. Empty means that each process
	// has the limit to itself.
	LimitDir  string
	UserAgent string // names the program to the service
	// AttemptTimeout bounds connecting, and again the wait for the answer; 0
	// means DefaultAttemptTimeout.
	AttemptTimeout time.Duration
	// Transport carries the requests; nil means a pooled one. Starts use a copy
	// of an *http.Transport that makes a connection for each request.
	Transport http.RoundTripper
	Clock     clock.Clock                    // measures time and waits; nil means the system's
	Observe   func(context.Context, Attempt) // called with every attempt once it ended; nil means no call
}

// Attempt is what an observer is shown of one attempt: it has no field that
// could hold a secret.
type Attempt struct {
	Action     string
	Region     string
	Host       string
	TaskID     string // which the call names, or empty
	Number     int    // counts the attempts of one call, from 1
	Outcome    cloudapi.Outcome
	MayHaveRun bool          // the service may have run it although it was not answered with success
	Code       string        // the service's error code, or empty
	Fault      string        // why there was no answer, in words, or empty
	RequestID  string        // the answer's, or empty
	Waited     time.Duration // on pacing
	Took       time.Duration // from connecting to the outcome, without Waited
}

// Client calls the four stream-ingest actions. It is safe for concurrent use.
type Client struct {
	config  Config
	api     *cloudapi.Client
	noticed atomic.Bool

	mu     sync.Mutex
	pacers map[rateKey]*pacer
}

// rateKey is what the service counts requests by.
type rateKey struct{ action, region string }

// New returns a Client. It sends nothing.
func New(config Config) *Client {
	config.RequestsPerSecond = cmp.Or(config.RequestsPerSecond, DefaultRequestsPerSecond)
	config.AttemptTimeout = cmp.Or(config.AttemptTimeout, DefaultAttemptTimeout)
	config.Clock = cmp.Or(config.Clock, clock.System())
	if config.Observe == nil {
		config.Observe = func(context.Context, Attempt) {}
	}
	return &Client{
		config: config,
		api: cloudapi.NewClient(cloudapi.Config{
			Transport: config.Transport,
			Clock:     config.Clock,
			UserAgent: config.UserAgent,
		}),
		pacers: map[rateKey]*pacer{},
	}
}

// Format writes where the client sends its requests, whatever the verb: its
// configuration leads to keys.
func (c *Client) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "client of %s", c.config.Endpoint)
}

// Endpoint returns where the client sends its requests.
func (c *Client) Endpoint() cloudapi.Endpoint { return c.config.Endpoint }

// ClockNotice returns by how much the service's clock is ahead of the local
// one, and true the first time it is called after a signature was refused for
// its time; the client stamps its requests with the service's time from then
// on.
func (c *Client) ClockNotice() (time.Duration, bool) {
	skew := c.api.ClockSkew()
	return skew, skew != 0 && !c.noticed.Swap(true)
}

// pacer returns the pacer of a key. credential is that of the request for which
// it is asked.
func (c *Client) pacer(key rateKey, credential cloudapi.Credential) *pacer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.pacers[key]; !ok {
		c.pacers[key] = newPacer(c.config.RequestsPerSecond, c.config.Clock, c.sharedLimit(key, credential))
	}
	return c.pacers[key]
}

// sharedLimit returns the limit that processes share, or nil. It is the
// service's limit, or the configured one if that is higher: of processes with
// a lower one, several fit. Temporary keys differ in each process, so they
// share none.
func (c *Client) sharedLimit(key rateKey, credential cloudapi.Credential) *sharedlimit.Limit {
	if c.config.LimitDir == "" || !credential.Token.IsEmpty() {
		return nil
	}
	name := sha256.Sum256([]byte(strings.Join([]string{c.config.Endpoint.Identity(), credential.SecretID, key.action, key.region}, "\x00")))
	most := max(DefaultRequestsPerSecond, int(c.config.RequestsPerSecond))
	shared, err := sharedlimit.Open(filepath.Join(c.config.LimitDir, hex.EncodeToString(name[:16])+".rate"), most, window)
	if err != nil {
		return nil // Refusals then say that others use the quota.
	}
	return shared
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
	// canceled: their answer must not be lost.
	start      bool
	parameters any
	secrets    []secret.Text // those in parameters
	answered   func()        // called with every answer before anything else; nil means no call

	// since is when the first attempt was sent without proof that the service did
	// not run it, or zero; requestID is that of the latest answer to such a one.
	since     time.Time
	requestID string
}

// do repeats the call until it is answered or the policy gives up. The error is
// an *Error.
func (c *call) do(ctx context.Context, out any) error {
	var retries policy
	var last *Error
	for number := 1; ; number++ {
		failed, waited := c.attempt(ctx, number, out)
		switch {
		case waited != nil:
			return c.end(waitEnded(c.action, last, waited))
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
			return c.end(failed)
		}
		if err := c.wait(ctx, delay); err != nil {
			return c.end(waitEnded(c.action, failed, err))
		}
		last = failed
	}
}

// end adds to the error of a call what its earlier attempts may have done.
func (c *call) end(failed *Error) *Error {
	failed.Since = c.since
	failed.MayHaveRun = !c.since.IsZero()
	if failed.MayHaveRun && c.start {
		failed.RequestID = c.requestID
	}
	return failed
}

// wait returns after d, or with the context's error: at once when d does not
// end before the deadline, so that the failure can be reported now.
func (c *call) wait(ctx context.Context, d time.Duration) error {
	clock := c.client.config.Clock
	if deadline, ok := ctx.Deadline(); ok && clock.Now().Add(d).After(deadline) {
		return context.DeadlineExceeded
	}
	return clock.Sleep(ctx, d)
}

// attempt gets a key, connects, waits for its slot, and sends once. In this
// order, calls that waited for a slow credential source are still paced. The
// second error is that of the context, when it ended a wait before anything was
// sent.
func (c *call) attempt(ctx context.Context, number int, out any) (*Error, error) {
	config := c.client.config
	credential, err := config.Credentials.Retrieve(ctx)
	switch {
	case err != nil && errors.Is(ctx.Err(), context.Canceled):
		return nil, ctx.Err()
	case err != nil:
		return &Error{Action: c.action, Class: NoCredentials, Err: err}, nil
	}
	pacer := c.client.pacer(rateKey{action: c.action, region: c.region}, credential)
	place, err := pacer.admit(ctx)
	if err != nil {
		return nil, err
	}
	defer place.leave()

	own, exchange := newExchange(ctx, config.AttemptTimeout, c.start)
	defer exchange.close()
	var denied error
	begun, admitted := config.Clock.Now(), place.waited
	sent := begun
	requestID, err := c.client.api.Call(own, credential, cloudapi.Request{
		Endpoint:        config.Endpoint,
		Service:         "trtc",
		Version:         "2019-07-22",
		Action:          c.action,
		Region:          c.region,
		Parameters:      c.parameters,
		Secrets:         c.secrets,
		FreshConnection: c.start,
		BeforeWrite: func() error {
			exchange.pause()
			denied = place.take(ctx)
			sent = config.Clock.Now()
			if denied == nil {
				denied = exchange.resume(ctx, own)
			}
			return denied
		},
	}, out)
	if c.answered != nil {
		c.answered()
	}
	if denied != nil && ctx.Err() != nil {
		return nil, denied
	}
	var failed *Error
	if err != nil {
		failed = classify(c.action, requestID, err)
	}
	if failed != nil && failed.MayHaveRun {
		c.since = cmp.Or(c.since, sent)
		c.requestID = cmp.Or(requestID, c.requestID)
	}
	if failed == nil || failed.outcome != cloudapi.NotSent && failed.Class != NoAnswer {
		place.answered()
	}
	pacer.learn(failed)
	took := config.Clock.Now().Sub(begun) - (place.waited - admitted)
	c.observe(ctx, number, requestID, place.waited, took, failed)
	return failed, nil
}

func (c *call) observe(ctx context.Context, number int, requestID string, waited, took time.Duration, failed *Error) {
	attempt := Attempt{
		Action:    c.action,
		Region:    c.region,
		Host:      c.client.config.Endpoint.Host,
		TaskID:    c.taskID,
		Number:    number,
		Outcome:   cloudapi.Answered,
		RequestID: requestID,
		Waited:    waited,
		Took:      took,
	}
	if failed != nil {
		attempt.Outcome, attempt.MayHaveRun = failed.outcome, failed.MayHaveRun
		attempt.Code, attempt.Fault = failed.Code, failed.fault
	}
	c.client.config.Observe(ctx, attempt)
}

// exchange is the time that one attempt may take: a timeout for connecting and
// another one for the answer, and none for the wait between them.
type exchange struct {
	end      context.CancelCauseFunc
	timeout  time.Duration
	timer    *time.Timer
	detach   func() bool
	detached bool
}

// newExchange starts the time for connecting, and returns the context that ends
// with it. A detached one ends with the caller's only while nothing is written.
func newExchange(caller context.Context, timeout time.Duration, detached bool) (context.Context, *exchange) {
	e := &exchange{timeout: timeout, detach: func() bool { return false }, detached: detached}
	own := caller
	if detached {
		own = context.WithoutCancel(caller)
	}
	own, e.end = context.WithCancelCause(own)
	if detached {
		e.detach = context.AfterFunc(caller, func() { e.end(caller.Err()) })
	}
	e.timer = time.AfterFunc(timeout, func() { e.end(context.DeadlineExceeded) })
	return own, e
}

// pause stops the time.
func (e *exchange) pause() { e.timer.Stop() }

// resume starts the time for the answer, or returns the error of an exchange
// that has ended.
func (e *exchange) resume(caller, own context.Context) error {
	timeout := e.timeout
	if deadline, ok := caller.Deadline(); ok && e.detached {
		timeout = min(timeout, time.Until(deadline))
	}
	e.detach()
	if own.Err() != nil {
		return context.Cause(own)
	}
	e.timer.Reset(timeout)
	return nil
}

// close releases what the exchange holds.
func (e *exchange) close() {
	e.timer.Stop()
	e.detach()
	e.end(nil)
}
