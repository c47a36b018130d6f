package chaos

import (
	"slices"
	"strings"
	"sync"
	"time"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The kinds of mishaps beyond the faults of the mock.
const (
	// noConnection refuses to connect: the request is never sent.
	noConnection = "no_connection"
	// interruptBefore cancels the operation when a call arrives.
	interruptBefore = "interrupt_before"
	// interruptAfter cancels it when the call is about to be answered.
	interruptAfter = "interrupt_after"
)

// patience is how long a provider in a hurry waits for an answer, and lateness
// how long a delayed one takes: real time, since sockets know no other.
const (
	patience = 50 * time.Millisecond
	lateness = 80 * time.Millisecond
)

// mishap is something that goes wrong at some calls of one operation.
type mishap struct {
	// action is whose calls are counted and hit; empty means every call.
	action string
	// nth is the first call that is hit, from 1, and times how many are.
	nth, times int
	kind       string
	code       string
}

// script holds the mishaps of one operation.
type script struct {
	mu      sync.Mutex
	pending []*mishap
	hits    map[string]int
}

// set replaces what is left of an earlier operation's mishaps.
func (s *script) set(mishaps []*mishap) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending, s.hits = mishaps, map[string]int{}
}

// taken returns how often each kind that the mock does not know has struck.
func (s *script) taken() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hits
}

// departing tells whether a call is not to reach the network.
func (s *script) departing(action string) bool {
	_, hit := s.next(action, func(kind string) bool { return kind == noConnection })
	return hit
}

// arriving returns what happens to a call that has reached the service.
func (s *script) arriving(action string) (mishap, bool) {
	return s.next(action, func(kind string) bool { return kind != noConnection })
}

func (s *script) next(action string, fits func(kind string) bool) (mishap, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var struck *mishap
	for _, one := range s.pending {
		if !fits(one.kind) || (one.action != "" && one.action != action) || one.times == 0 {
			continue
		}
		one.nth--
		if struck == nil && one.nth <= 0 {
			struck = one
		}
	}
	if struck == nil {
		return mishap{}, false
	}
	struck.times--
	if !slices.Contains(trtcmock.FaultKinds(), struck.kind) {
		s.hits[struck.kind]++
	}
	return *struck, true
}

// fault is the mishap as the mock takes it, for one call of action.
func (m mishap) fault(action string) trtcmock.Fault {
	fault := trtcmock.Fault{Action: action, Kind: m.kind, Code: m.code}
	if m.kind == trtcmock.FaultDelay {
		fault.Delay = trtcmock.Duration(lateness)
	}
	// A service that starts a task and answers that it did not is one that
	// nobody can work with: only codes that leave the question open may lie.
	if action == acctest.Start && m.kind == trtcmock.FaultCodeAfter && !leavesOpen(m.code) {
		fault.Kind = trtcmock.FaultCode
	}
	return fault
}

// leavesOpen tells the codes after which a task may run although none was
// confirmed.
func leavesOpen(code string) bool {
	family, _, _ := strings.Cut(code, ".")
	return slices.Contains([]string{"InternalError", "ServiceUnavailable", "ResourceUnavailable"}, family)
}

// drawMishaps draws what is to happen to the calls of one operation.
func drawMishaps(r *rapid.T) []*mishap {
	count := rapid.SampledFrom([]int{0, 1, 1, 2, 2, 3, 5}).Draw(r, "mishaps")
	mishaps := make([]*mishap, 0, count)
	for range count {
		one := &mishap{
			action: rapid.SampledFrom([]string{"", acctest.Start, acctest.Describe, acctest.Update, acctest.Stop}).Draw(r, "action"),
			nth:    rapid.IntRange(1, 3).Draw(r, "nth"),
			times:  rapid.SampledFrom([]int{1, 1, 2, 3, 4, 12}).Draw(r, "times"),
			kind:   rapid.SampledFrom(kinds()).Draw(r, "kind"),
		}
		if one.kind == trtcmock.FaultCode || one.kind == trtcmock.FaultCodeAfter {
			one.code = rapid.SampledFrom(codes()).Draw(r, "code")
		}
		mishaps = append(mishaps, one)
	}
	return mishaps
}

// kinds lists every kind. Those that cost real time are rare, and a code is the
// most common.
func kinds() []string {
	var all []string
	for _, kind := range append(trtcmock.FaultKinds(), noConnection, interruptBefore, interruptAfter) {
		share := 6
		switch kind {
		case trtcmock.FaultDelay, trtcmock.FaultHuge:
			share = 1
		case trtcmock.FaultCode:
			share = 24
		}
		all = append(all, slices.Repeat([]string{kind}, share)...)
	}
	return all
}

// codes are the documented ones and some that nobody has ever seen.
func codes() []string {
	all := []string{"FailedOperation.SomethingNew", "InternalError.SomethingNew", "Weird"}
	for _, documented := range acctest.DocumentedCodes() {
		all = append(all, documented.Code)
	}
	return all
}
