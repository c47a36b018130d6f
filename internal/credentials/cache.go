package credentials

import (
	"context"
	"sync"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// renewalTimeout bounds a renewal with all its repetitions.
const renewalTimeout = 30 * time.Second

// temporary is a key with a life.
type temporary struct {
	credential      cloudapi.Credential
	issued, expires time.Time
}

// isFresh tells whether at is within the first 80 % of the key's life.
func (t temporary) isFresh(at time.Time) bool {
	// Monotonic time stands still while a machine sleeps; a key's life goes on.
	issued, at := t.issued.Round(0), at.Round(0)
	return at.Before(issued.Add(t.expires.Sub(issued) / 5 * 4))
}

// cache holds one temporary key and renews it.
type cache struct {
	describe func(error) error
	clock    clock.Clock
	fetch    func(context.Context) (temporary, error)

	mu      sync.Mutex
	held    temporary
	renewal *renewal
}

// renewal is one flight. Its outcome may be read once done is closed.
type renewal struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int // guarded by the cache's mu
	outcome temporary
	err     error
}

func (c *cache) retrieve(ctx context.Context) (cloudapi.Credential, error) {
	flight, credential, err := c.begin(ctx)
	if flight == nil {
		return credential, err
	}
	select {
	case <-flight.done:
		return flight.outcome.credential, flight.err
	case <-ctx.Done():
		c.leave(flight)
		return cloudapi.Credential{}, c.describe(ctx.Err())
	}
}

// begin returns the held key, or the flight to wait for.
func (c *cache) begin(ctx context.Context) (*renewal, cloudapi.Credential, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held.isFresh(c.clock.Now()) {
		return nil, c.held.credential, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, cloudapi.Credential{}, c.describe(err)
	}
	if c.renewal == nil {
		// Whoever is first may go away while others wait.
		detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
		c.renewal = &renewal{done: make(chan struct{}), cancel: cancel}
		go c.fly(detached, c.renewal)
	}
	c.renewal.waiting++
	return c.renewal, cloudapi.Credential{}, nil
}

// leave ends the flight when nobody waits for it any longer.
func (c *cache) leave(flight *renewal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	flight.waiting--
	if flight.waiting > 0 {
		return
	}
	flight.cancel()
	if c.renewal == flight {
		// The next caller must not board a flight that is being called off.
		c.renewal = nil
	}
}

func (c *cache) fly(ctx context.Context, flight *renewal) {
	defer flight.cancel()
	bounded, stop := c.clock.WithTimeout(ctx, renewalTimeout)
	defer stop()
	outcome, err := c.fetch(bounded)
	if err == nil && !outcome.expires.After(c.clock.Now()) {
		outcome, err = temporary{}, c.describe(ErrExpiredOnArrival)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.renewal == flight {
		c.renewal = nil
		if err == nil {
			c.held = outcome
		}
	}
	flight.outcome, flight.err = outcome, err
	close(flight.done)
}
