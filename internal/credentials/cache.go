package credentials

import (
	"context"
	"sync"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

const (
	// renewalTimeout is the timeout of a renewal with all its retries.
	renewalTimeout = 30 * time.Second
	// earlyRenewalTimeout is the timeout of a renewal whose callers have a valid key.
	earlyRenewalTimeout = 10 * time.Second
	// firstRenewalDelay is the delay after a failed renewal. While the key is valid,
	// the delay doubles after each failure, up to maxRenewalDelay.
	firstRenewalDelay = 30 * time.Second
	maxRenewalDelay   = 5 * time.Minute
	// maxExpiryMargin is the maximum time before its expiry at which a key is no
	// longer used, because a request may wait for the rate limit.
	maxExpiryMargin = time.Minute
)

// temporary is a key that expires.
type temporary struct {
	cloudapi.Credential

	renewAt, expires time.Time
}

// isUsable reports whether the key is not about to expire.
func (t temporary) isUsable(at time.Time) bool {
	return at.Before(t.expires.Add(-min(maxExpiryMargin, t.expires.Sub(t.renewAt)/2)))
}

// cache holds one temporary key and renews it with fetch.
type cache struct {
	environment Environment
	origin      origin
	fetch       func(context.Context) (temporary, error)

	mu      sync.Mutex
	held    temporary
	renewal *renewal
	// failure is the error of the latest renewal while no key is held. All callers
	// get this error until retryAt.
	failure error
	retryAt time.Time
	// renewAt is the time at which the held key is renewed. delay is the delay after
	// the next failure.
	renewAt time.Time
	delay   time.Duration
}

// renewal is one call of fetch for all concurrent callers.
type renewal struct {
	cancel  context.CancelFunc
	waiting int           // guarded by the cache's mu
	done    chan struct{} // closed when result and err are set
	result  temporary
	err     error
}

// temporarySource returns a source that caches the key that fetch returns. Errors
// name origin.
func temporarySource(environment Environment, origin origin, fetch func(context.Context) (temporary, error)) *Source {
	return &Source{retrieve: (&cache{environment: environment, origin: origin, fetch: fetch}).retrieve}
}

func (c *cache) retrieve(ctx context.Context) (cloudapi.Credential, error) {
	current, credential, err := c.begin(ctx)
	if current == nil {
		return credential, err
	}
	select {
	case <-current.done:
		return current.result.Credential, current.err
	case <-ctx.Done():
		c.abandon(current)
		return cloudapi.Credential{}, c.origin.failure(ctx.Err())
	}
}

// begin returns the held key, or the renewal to wait for.
func (c *cache) begin(ctx context.Context) (*renewal, cloudapi.Credential, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, timeout := c.environment.now(), renewalTimeout
	if c.held.isUsable(now) {
		if now.Before(c.renewAt) {
			return nil, c.held.Credential, nil
		}
		timeout = earlyRenewalTimeout
	}
	if err := ctx.Err(); err != nil {
		return nil, cloudapi.Credential{}, c.origin.failure(err)
	}
	if c.failure != nil && now.Before(c.retryAt) {
		return nil, cloudapi.Credential{}, c.failure
	}
	if c.renewal == nil {
		// The first caller may be canceled while others wait.
		detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
		c.renewal = &renewal{done: make(chan struct{}), cancel: cancel}
		go c.refresh(detached, c.renewal, timeout)
	}
	c.renewal.waiting++
	return c.renewal, cloudapi.Credential{}, nil
}

// abandon cancels the renewal if no caller waits for it.
func (c *cache) abandon(current *renewal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	current.waiting--
	if current.waiting > 0 {
		return
	}
	current.cancel()
	if c.renewal == current {
		// The next caller must not wait for a canceled renewal.
		c.renewal = nil
	}
}

func (c *cache) refresh(ctx context.Context, current *renewal, timeout time.Duration) {
	defer current.cancel()
	defer close(current.done)
	bounded, stop := c.environment.Clock.WithTimeout(ctx, timeout)
	defer stop()
	issued, err := c.fetch(bounded)
	if err == nil && !issued.expires.After(c.environment.now()) {
		err = ErrExpiredOnArrival
	}
	err = c.origin.failure(err)
	current.result, current.err = c.keep(current, issued, err)
	if err != nil && current.err == nil && c.environment.RenewalFailed != nil {
		c.environment.RenewalFailed(ctx, err, current.result.expires)
	}
}

// keep stores an issued key and returns the key to use. After a failed renewal, it
// returns the held key until that key is about to expire.
func (c *cache) keep(current *renewal, issued temporary, err error) (temporary, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.renewal != current {
		return temporary{}, err
	}
	c.renewal = nil
	now := c.environment.now()
	switch {
	case err == nil:
		c.held, c.renewAt, c.delay, c.failure = issued, issued.renewAt, firstRenewalDelay, nil
	case c.held.isUsable(now):
		c.renewAt = now.Add(c.delay)
		c.delay = min(2*c.delay, maxRenewalDelay)
	default:
		c.failure, c.retryAt = err, now.Add(firstRenewalDelay)
		return temporary{}, err
	}
	return c.held, nil
}
