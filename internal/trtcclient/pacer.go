package trtcclient

import (
	"context"
	"slices"
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
	// window is the span by which the service counts.
	window = time.Second
	// below is how far a refusal puts the rate below what was accepted; it
	// leaves mostDrop of the rate at least.
	below, mostDrop = 0.95, 0.5
	// climb is what a second after the refusal gives back, as a share of the
	// full rate; it grows with the square of the time.
	climb = 0.002
	// slowest is the least share of the full rate.
	slowest = 0.05
)

// pacer spreads the requests of one action in one region evenly in time. When
// the service refuses one all the same, somebody else shares the quota: the
// rate drops to what was accepted, and climbs back: slowly at first, so that few
// requests are refused, and then ever faster, when nobody shares it any more.
type pacer struct {
	clock clock.Clock
	full  rate.Limit
	// turn is held by the one request that waits for its time; the others wait
	// for the turn. Times that were given out ahead would stay as they are when
	// the rate changes, and those given out after could fall between them.
	turn chan struct{}

	mu      sync.Mutex
	limiter *rate.Limiter
	// accepted are the times of the window's answers that were no refusals.
	accepted []time.Time
	// dropped is when the rate was lowered, to lowered.
	dropped time.Time
	lowered rate.Limit
}

func newPacer(requestsPerSecond float64, clock clock.Clock) *pacer {
	full := rate.Limit(requestsPerSecond * headroom)
	return &pacer{clock: clock, full: full, turn: make(chan struct{}, 1), limiter: rate.NewLimiter(full, 1)}
}

// wait returns once the next request may be sent, and how long that took, or
// the context's error.
func (p *pacer) wait(ctx context.Context) (time.Duration, error) {
	begun := p.clock.Now()
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return p.clock.Now().Sub(begun), ctx.Err()
	}
	defer func() { <-p.turn }()
	err := ctx.Err()
	if err == nil {
		err = p.await(ctx)
	}
	return p.clock.Now().Sub(begun), err
}

// await waits for the time of the next request. It is called by whoever has the
// turn.
func (p *pacer) await(ctx context.Context) error {
	p.mu.Lock()
	now := p.clock.Now()
	reservation := p.limiter.ReserveN(now, 1)
	p.mu.Unlock()
	err := p.clock.Sleep(ctx, reservation.DelayFrom(now))
	if err != nil {
		reservation.CancelAt(p.clock.Now())
	}
	return err
}

// learn draws from how an exchange ended: a rate limit lowers the rate, any
// other answer lets it climb, and silence says nothing.
func (p *pacer) learn(err error) {
	outcome := cloudapi.OutcomeOf(err)
	switch {
	case ClassOf(err) == Throttled:
		p.refuse()
	case outcome == cloudapi.Answered || outcome == cloudapi.Refused:
		p.accept()
	}
}

// refuse lowers the rate. Refusals of one window count once: it still holds
// what was sent before.
func (p *pacer) refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	if now.Sub(p.dropped) < window {
		return
	}
	p.forget(now)
	current, accepted := p.limiter.Limit(), rate.Limit(float64(len(p.accepted))/window.Seconds())
	p.dropped = now
	p.lowered = max(below*min(accepted, current), mostDrop*current, slowest*p.full)
	p.limiter.SetLimitAt(now, p.lowered)
}

// accept lets the rate climb back.
func (p *pacer) accept() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	p.forget(now)
	p.accepted = append(p.accepted, now)
	if p.limiter.Limit() >= p.full {
		return
	}
	quiet := now.Sub(p.dropped).Seconds()
	p.limiter.SetLimitAt(now, min(p.lowered+rate.Limit(climb*quiet*quiet)*p.full, p.full))
}

// forget drops the answers that are no longer in the window.
func (p *pacer) forget(now time.Time) {
	p.accepted = slices.DeleteFunc(p.accepted, func(at time.Time) bool { return now.Sub(at) >= window })
}
