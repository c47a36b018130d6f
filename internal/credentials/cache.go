package credentials

import (
	"context"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

const (
	// renewalTimeout is the timeout of a renewal with all its retries.
	renewalTimeout = 30 * time.Second
	// earlyRenewalTimeout is the timeout of a renewal whose callers have a valid key.
	earlyRenewalTimeout = 10 * time.Second
	// renewalDelay is the delay after a failed renewal.
	renewalDelay = time.Minute
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

	// lock holds a value while a caller uses the fields below. Unlike a mutex, it
	// can be waited for with a context.
	lock chan struct{}
	held temporary
	// failure is the error of the latest renewal if no key is held.
	failure error
	// renewAt is the time of the next renewal. Until then, all callers get the held
	// key or the failure.
	renewAt time.Time
}

// temporarySource returns a source that caches the key that fetch returns. Errors
// name origin.
func temporarySource(environment Environment, origin origin, fetch func(context.Context) (temporary, error)) *Source {
	c := &cache{environment: environment, origin: origin, fetch: fetch, lock: make(chan struct{}, 1)}
	return &Source{retrieve: c.retrieve}
}

// retrieve returns the held key, which it renews first if the renewal is due.
// Other callers wait for the renewal. If ctx ends, the next caller renews the key.
func (c *cache) retrieve(ctx context.Context) (cloudapi.Credential, error) {
	if err := ctx.Err(); err != nil {
		return cloudapi.Credential{}, c.origin.failure(err)
	}
	select {
	case c.lock <- struct{}{}:
	case <-ctx.Done():
		return cloudapi.Credential{}, c.origin.failure(ctx.Err())
	}
	defer func() { <-c.lock }()
	timeout, now := renewalTimeout, c.environment.now()
	if c.held.isUsable(now) {
		timeout = earlyRenewalTimeout
	}
	if now.Before(c.renewAt) && (c.held.isUsable(now) || c.failure != nil) {
		return c.held.Credential, c.failure
	}
	bounded, stop := c.environment.Clock.WithTimeout(ctx, timeout)
	defer stop()
	issued, err := c.fetch(bounded)
	issued.Source = c.origin.source
	now = c.environment.now()
	if err == nil && !issued.expires.After(now) {
		err = errExpiredOnArrival
	}
	err = c.origin.failure(err)
	switch {
	case err == nil:
		c.held, c.renewAt, c.failure = issued, issued.renewAt, nil
	case ctx.Err() != nil:
		return cloudapi.Credential{}, err
	case c.held.isUsable(now):
		c.renewAt = now.Add(renewalDelay)
		if c.environment.RenewalFailed != nil {
			c.environment.RenewalFailed(ctx, err, c.held.expires)
		}
	default:
		c.held, c.failure, c.renewAt = temporary{}, err, now.Add(renewalDelay)
	}
	return c.held.Credential, c.failure
}
