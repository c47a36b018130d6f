package trtcclient

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// DefaultRequestsPerSecond is what the service allows per action, access
// region and sub-account.
const DefaultRequestsPerSecond = 20

const (
	// headroom keeps requests that travel at unequal speed from arriving 21 to
	// a second.
	headroom = 0.985
	// backDown is what a refusal leaves of the rate, climbUp what each answer
	// gives back, as a share of the full rate.
	backDown, climbUp = 0.8, 0.01
	// slowest is the least share of the full rate.
	slowest = 0.05
)

// pacer spreads the requests of one action in one region evenly in time. When
// the service refuses one all the same, somebody else shares the quota: the
// rate drops, and climbs back with every answer that is no refusal.
type pacer struct {
	clock clock.Clock
	full  rate.Limit

	mu      sync.Mutex
	limiter *rate.Limiter
	dropped time.Time
}

func newPacer(requestsPerSecond float64, clock clock.Clock) *pacer {
	full := rate.Limit(requestsPerSecond * headroom)
	return &pacer{clock: clock, full: full, limiter: rate.NewLimiter(full, 1)}
}

// wait returns once the next request may be sent, and how long that took, or
// the context's error.
func (p *pacer) wait(ctx context.Context) (time.Duration, error) {
	p.mu.Lock()
	now := p.clock.Now()
	reservation := p.limiter.ReserveN(now, 1)
	delay := reservation.DelayFrom(now)
	p.mu.Unlock()
	err := p.clock.Sleep(ctx, delay)
	if err != nil {
		reservation.CancelAt(p.clock.Now())
	}
	return delay, err
}

// learn draws from how an exchange ended: a rate limit lowers the rate, any
// other answer lets it climb, and silence says nothing.
func (p *pacer) learn(err error) {
	outcome := cloudapi.OutcomeOf(err)
	switch {
	case ClassOf(err) == Throttled:
		p.refused()
	case outcome == cloudapi.Answered || outcome == cloudapi.Refused:
		p.accepted()
	}
}

// refused lowers the rate. Refusals that belong together, of requests that
// were in flight when the rate was already lowered, count once.
func (p *pacer) refused() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	if now.Sub(p.dropped) < time.Second {
		return
	}
	p.dropped = now
	p.limiter.SetLimitAt(now, max(p.limiter.Limit()*backDown, p.full*slowest))
}

// accepted lets the rate climb back.
func (p *pacer) accepted() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limiter.Limit() < p.full {
		p.limiter.SetLimitAt(p.clock.Now(), min(p.limiter.Limit()+p.full*climbUp, p.full))
	}
}
