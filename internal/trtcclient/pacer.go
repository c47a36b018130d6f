package trtcclient

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/sharedlimit"
)

// DefaultRequestsPerSecond is what the service allows per action, access
// region and sub-account.
const DefaultRequestsPerSecond = 20

const (
	// transit is how long a request may take to arrive, when no answer proves
	// that it arrived sooner: requests that travel at unequal speed do not arrive
	// 21 to a second.
	transit = 25 * time.Millisecond
	// window is the span by which the service counts.
	window = time.Second
	// lead is how long before its slot a request connects at most. A handshake
	// that takes no longer costs no rate, and no server closes a connection that
	// has been idle for so short a time.
	lead = time.Second
	// below is how far a refusal puts the rate below what was accepted; it
	// leaves mostDrop of the rate at least.
	below, mostDrop = 0.94, 0.1
	// climb is what a second after the refusal gives back, as a share of the
	// full rate; it grows with the square of the time.
	climb = 0.002
	// slowest is the least share of the full rate.
	slowest = 0.05
)

// pacer spaces the requests of one action in one region by the time at which
// they are written: no more than the configured number in any second, up to
// that many at once after a pause, and evenly spread while requests wait. More
// can arrive in one second, when the time on the way varies.
//
// The processes of this user on one machine share the limit through a file.
// When the service refuses a request anyway, it is repeated, and another program
// may share the quota: the rate drops to what was accepted, and climbs back: slowly at first,
// so that few requests are refused, and then ever faster, when none share it
// any more.
type pacer struct {
	clock clock.Clock
	// full is the configured rate, in requests per second, and burst how many of
	// them the window span holds.
	full  float64
	burst int
	span  time.Duration

	// gate is held by the one request that waits for a place among those that
	// connect, and turn by the one that waits for its slot; the others queue for
	// them. Reserving slots in advance would be wrong because reserved times do
	// not move when the rate changes.
	gate, turn chan struct{}
	// left wakes the holder of the gate.
	left chan struct{}

	// shared is the window of all processes on the machine, or nil. Only the
	// holder of turn takes from it.
	shared *sharedlimit.Limit

	mu sync.Mutex
	// rate is the current rate.
	rate float64
	// connecting counts the requests between gate and slot.
	connecting int
	// sent are the times by which the window's requests arrived.
	sent []*time.Time
	// free is when the next of evenly spread requests is due.
	free time.Time
	// begun is when the first request after a window without any was sent.
	begun time.Time
	// accepted are the times of the window's answers that were no refusals.
	accepted []time.Time
	// dropped is when the rate was lowered, to lowered.
	dropped time.Time
	lowered float64
}

func newPacer(requestsPerSecond float64, clock clock.Clock, shared *sharedlimit.Limit) *pacer {
	burst := max(1, int(requestsPerSecond))
	return &pacer{
		clock: clock, full: requestsPerSecond, rate: requestsPerSecond,
		burst: burst, span: time.Duration(float64(burst) / requestsPerSecond * float64(window)),
		gate: make(chan struct{}, 1), turn: make(chan struct{}, 1), left: make(chan struct{}, 1), shared: shared,
	}
}

// place is the right of one request to connect and to take a slot. It is not
// safe for concurrent use.
type place struct {
	pacer   *pacer
	held    bool
	waited  time.Duration
	arrived *time.Time
	// shared is the request in the window of all processes, or nil.
	shared *sharedlimit.Place
}

// admit returns when the next request should connect, so that it is ready when
// its slot comes, or the context's error.
func (p *pacer) admit(ctx context.Context) (*place, error) {
	begun := p.clock.Now()
	if err := lock(ctx, p.gate); err != nil {
		return nil, err
	}
	defer func() { <-p.gate }()
	for !p.enter() {
		select {
		case <-p.left:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	admitted := &place{pacer: p, held: true}
	if err := p.clock.Sleep(ctx, p.delay()-lead); err != nil {
		admitted.leave()
		return nil, err
	}
	admitted.waited = p.clock.Now().Sub(begun)
	return admitted, nil
}

// enter adds a request to those that connect, and reports whether there was
// room: no more than take their slots within lead.
func (p *pacer) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.connecting >= max(1, int(math.Ceil(p.rate*lead.Seconds()))) {
		return false
	}
	p.connecting++
	return true
}

// leave gives the place back, once.
func (s *place) leave() {
	if !s.held {
		return
	}
	s.held = false
	s.pacer.mu.Lock()
	s.pacer.connecting--
	s.pacer.mu.Unlock()
	select {
	case s.pacer.left <- struct{}{}:
	default:
	}
}

// take returns when the request may be written, which must follow at once, or
// the context's error. A slot that is waited for in vain goes to the next
// request.
func (s *place) take(ctx context.Context) error {
	p, begun := s.pacer, s.pacer.clock.Now()
	defer func() { s.waited += p.clock.Now().Sub(begun) }()
	defer s.leave()
	if err := lock(ctx, p.turn); err != nil {
		return err
	}
	defer func() { <-p.turn }()
	for waited := false; ; waited = true {
		delay := p.delay()
		if delay == 0 {
			delay = s.share(ctx)
		}
		if delay <= 0 {
			s.arrived = p.spend(waited)
			return nil
		}
		if err := p.clock.Sleep(ctx, delay); err != nil {
			return err
		}
	}
}

// share adds the request to the window of all processes, or returns how long
// that has no room.
func (s *place) share(ctx context.Context) time.Duration {
	p, now := s.pacer, s.pacer.clock.Now()
	if p.shared == nil {
		return 0
	}
	counted, next, err := p.shared.Take(ctx, now, now.Add(transit))
	if err != nil {
		return 0 // A refusal will say that others use the quota.
	}
	s.shared = counted
	return next.Sub(now)
}

// answered notes that the request has arrived.
func (s *place) answered() {
	s.pacer.mu.Lock()
	defer s.pacer.mu.Unlock()
	now := s.pacer.clock.Now()
	if s.arrived == nil || !now.Before(*s.arrived) {
		return
	}
	*s.arrived = now
	if s.shared != nil {
		_ = s.shared.Arrived(now) // The window then has a later time.
	}
}

// lock waits for its turn to hold a channel of one, or for the end of ctx.
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

// spend takes the slot that has come, and returns the time by which its request
// arrives. After a pause up to burst slots lie in the past; a request that
// waited leaves none there, so that those behind it are spread evenly.
func (p *pacer) spend(waited bool) *time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, apart := p.clock.Now(), time.Duration(float64(time.Second)/p.rate)
	earliest := now
	if !waited && p.rate >= p.full {
		earliest = now.Add(-apart * time.Duration(p.burst-1))
	}
	if p.free.Before(earliest) {
		p.free = earliest
	}
	p.free = p.free.Add(apart)
	arrived := now.Add(transit)
	p.sent = slices.DeleteFunc(p.sent, func(at *time.Time) bool { return !at.Add(p.span).After(now) })
	if len(p.sent) == 0 {
		p.begun = now
	}
	p.sent = append(p.sent, &arrived)
	return &arrived
}

// delay returns how far ahead the next slot is, at least 0.
func (p *pacer) delay() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(0, p.next().Sub(p.clock.Now()))
}

// next returns the time of the next slot. The caller holds mu.
func (p *pacer) next() time.Time {
	if len(p.sent) < p.burst {
		return p.free
	}
	slices.SortFunc(p.sent, func(a, b *time.Time) int { return a.Compare(*b) })
	if next := p.sent[len(p.sent)-p.burst].Add(p.span); next.After(p.free) {
		return next
	}
	return p.free
}

// learn adapts the rate to how an exchange ended: a rate limit lowers it, any
// other answer lets it climb, and no answer changes nothing.
func (p *pacer) learn(failed *Error) {
	switch {
	case failed == nil:
		p.accept()
	case failed.Class == Throttled:
		p.refuse()
	case failed.outcome == cloudapi.Refused:
		p.accept()
	}
}

// refuse lowers the rate. Refusals of one window count once: it still holds
// what was sent before. Those of the first window after a pause do not count:
// it may hold the requests of a program that has ended, and what was accepted
// so far is no rate.
func (p *pacer) refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	if now.Sub(p.dropped) < window || now.Sub(p.begun) < window {
		return
	}
	p.forget(now)
	accepted := float64(len(p.accepted)) / window.Seconds()
	p.dropped = now
	p.lowered = max(below*min(accepted, p.rate), mostDrop*p.rate, slowest*p.full)
	p.rate = p.lowered
}

// accept lets the rate climb back.
func (p *pacer) accept() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	p.forget(now)
	p.accepted = append(p.accepted, now)
	if p.rate >= p.full {
		return
	}
	quiet := now.Sub(p.dropped).Seconds()
	p.rate = min(p.lowered+climb*quiet*quiet*p.full, p.full)
}

// forget drops the answers that are no longer in the window.
func (p *pacer) forget(now time.Time) {
	p.accepted = slices.DeleteFunc(p.accepted, func(at time.Time) bool { return now.Sub(at) >= window })
}
