package chaos

import (
	"slices"
	"strings"
	"sync"
	"time"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// The kinds of faults in addition to those of the mock.
const (
	// noConnection refuses to connect: the request is never sent.
	noConnection = "no_connection"
	// interruptBefore cancels the operation when a call arrives.
	interruptBefore = "interrupt_before"
	// interruptAfter cancels the operation when the response begins.
	interruptAfter = "interrupt_after"
	// orphanBefore ends the CLI when a call arrives, and orphanAfter when the
	// response begins, as SIGHUP or a second interrupt does. The provider finishes
	// its calls, and no CLI receives the result.
	orphanBefore = "orphan_before"
	orphanAfter  = "orphan_after"
	// killBefore kills the provider before a call is sent.
	killBefore = "kill_before"
	// killAfter kills the provider when the service has run a call, before it
	// reads the response.
	killAfter = "kill_after"
)

// attemptTimeout is the timeout of a provider with a short one, and lateResponse the
// delay of a response, in real time.
const (
	attemptTimeout = 50 * time.Millisecond
	lateResponse   = 350 * time.Millisecond
)

// fault makes some calls of one operation fail.
type fault struct {
	// action is the action whose calls are counted and hit; empty means all.
	action string
	// nth is the first call that is hit, from 1, and times the number of hits.
	nth, times int
	kind       string
	code       string
}

// script holds the faults of one operation.
type script struct {
	mu      sync.Mutex
	pending []*fault
	counts  map[string]int
}

// set replaces the faults.
func (s *script) set(faults []*fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending, s.counts = faults, map[string]int{}
}

// hitCounts returns the number of hits of each kind that the mock does not have.
func (s *script) hitCounts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

// endsCLI reports whether the CLI has ended.
func (s *script) endsCLI() bool {
	counts := s.hitCounts()
	return counts[orphanBefore]+counts[orphanAfter] > 0
}

// hits reports whether a fault of a kind of the client's side hits a call.
func (s *script) hits(action, kind string) bool {
	_, hit := s.next(action, func(other string) bool { return other == kind })
	return hit
}

// serviceFault returns the fault of a call that has reached the service.
func (s *script) serviceFault(action string) (fault, bool) {
	return s.next(action, func(kind string) bool {
		return kind != noConnection && kind != killBefore && kind != killAfter
	})
}

func (s *script) next(action string, matches func(kind string) bool) (fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var due *fault
	for _, one := range s.pending {
		if !matches(one.kind) || (one.action != "" && one.action != action) || one.times == 0 {
			continue
		}
		one.nth--
		if due == nil && one.nth <= 0 {
			due = one
		}
	}
	if due == nil {
		return fault{}, false
	}
	due.times--
	if !slices.Contains(trtcmock.FaultKinds(), due.kind) {
		s.counts[due.kind]++
	}
	return *due, true
}

// mockFault returns the fault in the form of the mock, for one call of action.
func (f fault) mockFault(action string) trtcmock.Fault {
	injected := trtcmock.Fault{Action: action, Kind: f.kind, Code: f.code}
	if f.kind == trtcmock.FaultDelay {
		injected.Delay = lateResponse.String()
	}
	if action == acctest.Start && f.code == trtcclient.CodeQueryTaskInfoFailed {
		injected.Code = "InternalError" // Only Describe returns the other code.
	}
	// If a service runs a start and returns a code that denies it, no client can
	// be correct. Only codes that leave it open are returned after a start ran.
	if action == acctest.Start && f.kind == trtcmock.FaultCodeAfter && !leavesOpen(injected.Code) {
		injected.Kind = trtcmock.FaultCode
	}
	return injected
}

// leavesOpen reports whether a task may run after a start with this code.
func leavesOpen(code string) bool {
	family, _, _ := strings.Cut(code, ".")
	return code != "ResourceUnavailable.InArrears" && slices.Contains([]string{"InternalError", "ServiceUnavailable", "ResourceUnavailable"}, family)
}

// drawFaults draws the faults of one operation.
func drawFaults(r *rapid.T) []*fault {
	count := rapid.SampledFrom([]int{0, 1, 1, 2, 2, 3, 5}).Draw(r, "faults")
	faults := make([]*fault, 0, count)
	for range count {
		one := &fault{
			action: rapid.SampledFrom([]string{"", acctest.Start, acctest.Describe, acctest.Update, acctest.Stop}).Draw(r, "action"),
			nth:    rapid.IntRange(1, 3).Draw(r, "nth"),
			times:  rapid.SampledFrom([]int{1, 1, 2, 3, 4, 12}).Draw(r, "times"),
			kind:   rapid.SampledFrom(kinds()).Draw(r, "kind"),
		}
		if one.kind == trtcmock.FaultCode || one.kind == trtcmock.FaultCodeAfter {
			one.code = rapid.SampledFrom(codes()).Draw(r, "code")
		}
		faults = append(faults, one)
	}
	return faults
}

// kinds returns every kind. Those that take real time are rare, and a code is the
// most frequent.
func kinds() []string {
	var all []string
	for _, kind := range append(trtcmock.FaultKinds(), noConnection, interruptBefore, interruptAfter, orphanBefore, orphanAfter, killBefore, killAfter) {
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

// codes returns the documented codes and some unknown ones.
func codes() []string {
	all := []string{"FailedOperation.SomethingNew", "InternalError.SomethingNew", "Weird"}
	for _, documented := range acctest.DocumentedCodes() {
		all = append(all, documented.Code)
	}
	return all
}
