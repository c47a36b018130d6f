package trtcclient

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
)

// DefaultRequestsPerSecond is the service's rate limit per action, access region
// and sub-account.
const DefaultRequestsPerSecond = 20

const (
	// window is the span by which the service counts requests.
	window = time.Second
	// jitter is added to the window: requests that travel at unequal speed rarely
	// arrive 21 to a second. More jitter costs a refusal and a retry.
	jitter = 15 * time.Millisecond
	// maxConnectAhead is how long before its slot a request connects at most. A
	// handshake that takes no longer costs no rate, and no server closes a
	// connection that has been idle for so short a time.
	maxConnectAhead = time.Second

	// The following are shares of the configured rate. refusalShare is what a
	// refusal takes, at most half of the current rate; recoveryPerSecondSquared
	// is what comes back, times the square of the seconds since the last refusal.
	refusalShare             = 0.075
	recoveryPerSecondSquared = 0.004
	minRateShare             = 0.05
)

// pacer spaces the requests of one action in one region by the time at which
// they are written: no more than the configured number in any second, up to
// that many at once after a pause, and evenly spread while requests wait. More
// can arrive in one second, when the time on the way varies.
//
// When the service refuses a request for the rate limit, another program uses
// the quota too. The rate then drops, and recovers slowly at first, so that few
// requests are refused, and then ever faster, when nobody shares the quota any
// more.
type pacer struct {
	clock clock.Clock
	// limit is the configured number of requests per second.
	limit int

	// connectQueue is held by the one request that waits until it may connect,
	// and sendQueue by the one that waits for its slot; the others wait for the
	// channels. Slots are not reserved in advance because reserved times would
	// not move when the rate changes.
	connectQueue, sendQueue chan struct{}
	// slotFreed wakes the holder of connectQueue.
	slotFreed chan struct{}

	mu sync.Mutex
	// connecting counts the requests between connectQueue and their slot.
	connecting int
	// sent has the times at which the last limit requests were written.
	sent []time.Time
	// nextSlot is when the next of evenly spread requests is due.
	nextSlot time.Time
	// windowStart is when the first request after a window without any was
	// written.
	windowStart time.Time
	// refusedAt is when the rate was reduced, to reduced; zero means never.
	refusedAt time.Time
	reduced   float64
}

func newPacer(requestsPerSecond int, clock clock.Clock) *pacer {
	return &pacer{
		clock: clock, limit: requestsPerSecond,
		connectQueue: make(chan struct{}, 1), sendQueue: make(chan struct{}, 1), slotFreed: make(chan struct{}, 1),
	}
}

// rate returns the current rate in requests per second. The caller holds mu.
func (p *pacer) rate(now time.Time) float64 {
	full := float64(p.limit)
	if p.refusedAt.IsZero() {
		return full
	}
	quiet := now.Sub(p.refusedAt).Seconds()
	return min(full, p.reduced+recoveryPerSecondSquared*quiet*quiet*full)
}

// reservation allows one request to connect and to wait for its slot. It is not
// safe for concurrent use.
type reservation struct {
	pacer      *pacer
	connecting bool
	waited     time.Duration
}

// admit blocks until the next request should connect, so that it is ready when
// its slot comes. It returns the context's error if ctx ends first.
func (p *pacer) admit(ctx context.Context) (*reservation, error) {
	start := p.clock.Now()
	if err := lock(ctx, p.connectQueue); err != nil {
		return nil, err
	}
	defer func() { <-p.connectQueue }()
	for !p.enter() {
		select {
		case <-p.slotFreed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	admitted := &reservation{pacer: p, connecting: true}
	if err := p.clock.Sleep(ctx, p.delay()-maxConnectAhead); err != nil {
		admitted.release()
		return nil, err
	}
	admitted.waited = p.clock.Now().Sub(start)
	return admitted, nil
}

// enter counts a request as connecting, and reports whether it may: no more
// requests connect than are sent within maxConnectAhead.
func (p *pacer) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.connecting >= max(1, int(math.Ceil(p.rate(p.clock.Now())*maxConnectAhead.Seconds()))) {
		return false
	}
	p.connecting++
	return true
}

// release ends the reservation. Only the first call has an effect.
func (r *reservation) release() {
	if !r.connecting {
		return
	}
	r.connecting = false
	r.pacer.mu.Lock()
	r.pacer.connecting--
	r.pacer.mu.Unlock()
	select {
	case r.pacer.slotFreed <- struct{}{}:
	default:
	}
}

// waitForSlot blocks until the request may be written, which must follow at
// once. It returns the context's error if ctx ends first; the slot then goes to
// the next request.
func (r *reservation) waitForSlot(ctx context.Context) error {
	p, start := r.pacer, r.pacer.clock.Now()
	defer func() { r.waited += p.clock.Now().Sub(start) }()
	defer r.release()
	if err := lock(ctx, p.sendQueue); err != nil {
		return err
	}
	defer func() { <-p.sendQueue }()
	waited := false
	for delay := p.delay(); delay > 0; delay = p.delay() {
		if err := p.clock.Sleep(ctx, delay); err != nil {
			return err
		}
		waited = true
	}
	p.consumeSlot(waited)
	return nil
}

// lock blocks until it holds a channel of one. It returns the context's error if
// ctx ends first.
func lock(ctx context.Context, channel chan struct{}) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case channel <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// delay returns the time until the next slot, at least 0.
func (p *pacer) delay() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	slot := p.nextSlot
	if len(p.sent) == p.limit {
		if free := p.sent[0].Add(window + jitter); free.After(slot) {
			slot = free
		}
	}
	return max(0, slot.Sub(p.clock.Now()))
}

// consumeSlot takes the slot that has come. After a pause up to limit slots lie
// in the past; a request that waited leaves none there, so that those behind it
// are spread evenly.
func (p *pacer) consumeSlot(waited bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	rate := p.rate(now)
	apart := time.Duration(float64(time.Second) / rate)
	earliest := now
	if !waited && rate >= float64(p.limit) {
		earliest = now.Add(-apart * time.Duration(p.limit-1))
	}
	if p.nextSlot.Before(earliest) {
		p.nextSlot = earliest
	}
	p.nextSlot = p.nextSlot.Add(apart)

	if len(p.sent) == 0 || now.Sub(p.sent[len(p.sent)-1]) >= window {
		p.windowStart = now
	}
	p.sent = append(p.sent, now)
	p.sent = p.sent[max(0, len(p.sent)-p.limit):]
}

// refused lowers the rate after a refusal by the rate limit. Refusals in the
// first window after a pause do not count: the service's window may hold the
// requests of a program that has ended.
func (p *pacer) refused() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, full := p.clock.Now(), float64(p.limit)
	if now.Sub(p.windowStart) < window {
		return
	}
	rate := p.rate(now)
	p.reduced = max(rate-min(refusalShare*full, rate/2), minRateShare*full)
	p.refusedAt = now
}
