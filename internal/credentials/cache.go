package credentials

import (
	"context"
	"sync"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// renewalTimeout bounds a renewal with all its retries.
const renewalTimeout = 30 * time.Second

// temporary is a key that expires.
type temporary struct {
	cloudapi.Credential

	issued, expires time.Time
}

// isFresh reports whether at is within the first 80 % of the key's lifetime.
func (t temporary) isFresh(at time.Time) bool {
	// The monotonic clock stands still while a machine sleeps, but keys expire.
	issued, at := t.issued.Round(0), at.Round(0)
	return at.Before(issued.Add(t.expires.Sub(issued) / 5 * 4))
}

// cache holds one temporary key and renews it with fetch. describe turns the
// error of a caller's context into a *SourceError.
type cache struct {
	describe func(error) error
	clock    clock.Clock
	fetch    func(context.Context) (temporary, error)

	mu      sync.Mutex
	held    temporary
	renewal *renewal
}

// renewal is one call of fetch, for all concurrent callers. Its outcome may be
// read once done is closed.
type renewal struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int // guarded by the cache's mu
	outcome temporary
	err     error
}

// temporarySource returns a source that caches what fetch returns.
func temporarySource(describe func(error) error, timer clock.Clock, fetch func(context.Context) (temporary, error)) *Source {
	return &Source{retrieve: (&cache{describe: describe, clock: timer, fetch: fetch}).retrieve}
}

func (c *cache) retrieve(ctx context.Context) (cloudapi.Credential, error) {
	current, credential, err := c.begin(ctx)
	if current == nil {
		return credential, err
	}
	select {
	case <-current.done:
		return current.outcome.Credential, current.err
	case <-ctx.Done():
		c.abandon(current)
		return cloudapi.Credential{}, c.describe(ctx.Err())
	}
}

// begin returns the held key, or the renewal to wait for.
func (c *cache) begin(ctx context.Context) (*renewal, cloudapi.Credential, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held.isFresh(c.clock.Now()) {
		return nil, c.held.Credential, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, cloudapi.Credential{}, c.describe(err)
	}
	if c.renewal == nil {
		// The first caller may be canceled while others wait.
		detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
		c.renewal = &renewal{done: make(chan struct{}), cancel: cancel}
		go c.refresh(detached, c.renewal)
	}
	c.renewal.waiting++
	return c.renewal, cloudapi.Credential{}, nil
}

// abandon cancels the renewal when no caller waits for it any longer.
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

func (c *cache) refresh(ctx context.Context, current *renewal) {
	defer current.cancel()
	bounded, stop := c.clock.WithTimeout(ctx, renewalTimeout)
	defer stop()
	outcome, err := c.fetch(bounded)
	if err == nil && !outcome.expires.After(c.clock.Now()) {
		outcome, err = temporary{}, c.describe(ErrExpiredOnArrival)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.renewal == current {
		c.renewal = nil
		if err == nil {
			c.held = outcome
		}
	}
	current.outcome, current.err = outcome, err
	close(current.done)
}
