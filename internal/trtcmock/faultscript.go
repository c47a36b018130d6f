package trtcmock

import "slices"

// faultScript plays the faults that are pending. Its owner locks.
type faultScript struct{ pending []*pendingFault }

type pendingFault struct {
	fault Fault
	until int // the first hit is on the call that brings it to 0 or below
	times int // hits left; negative: no end
}

func (s *faultScript) add(faults ...Fault) {
	for _, fault := range faults {
		times := fault.Times
		if times == 0 {
			times = 1
		}
		s.pending = append(s.pending, &pendingFault{fault: fault, until: fault.Nth, times: times})
	}
}

// next counts a call and returns the fault that hits it.
func (s *faultScript) next(action string) (Fault, bool) {
	var struck *pendingFault
	for _, p := range s.pending {
		if p.fault.Action != "" && p.fault.Action != action {
			continue
		}
		p.until--
		if struck == nil && p.until <= 0 {
			struck = p
		}
	}
	if struck == nil {
		return Fault{}, false
	}
	struck.times--
	if struck.times == 0 {
		s.pending = slices.DeleteFunc(s.pending, func(p *pendingFault) bool { return p == struck })
	}
	return struck.fault, true
}
