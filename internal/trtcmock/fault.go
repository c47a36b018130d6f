package trtcmock

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The kinds of faults; pages/mock.md says what each does. A kind that does not run
// the action changes nothing. The rejections of the service are assumed to change
// nothing.
//
// Assumption: probe 45.
const (
	FaultDropBefore     = "drop_before"
	FaultDropAfter      = "drop_after"
	FaultDelay          = "delay"
	FaultTruncate       = "truncate"
	FaultHTML502        = "html_502"
	FaultHTML502After   = "html_502_after"
	FaultStatus500      = "status_500"
	FaultStatus500After = "status_500_after"
	FaultNull           = "null"
	FaultEmptyObject    = "empty_object"
	FaultHuge           = "huge"
	FaultRedirect307    = "redirect_307"
	FaultCode           = "code"
	FaultCodeAfter      = "code_after"
	FaultPlay           = "play"
)

const hugeBytes = 5 << 20

// faultKind has whether the action runs, and the change of the response.
type faultKind struct {
	runs  bool
	alter func(response) response
}

func faultKinds() map[string]faultKind {
	keep := func(r response) response { return r }
	drop := func(r response) response { r.drop = true; return r }
	truncate := func(r response) response { r.cutAt = len(r.body) / 2; return r }
	replace := func(status int, contentType, body string) func(response) response {
		return func(response) response { return newResponse(status, contentType, []byte(body)) }
	}
	badGateway := replace(http.StatusBadGateway, "text/html",
		"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"+
			"<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n")
	serverError := replace(http.StatusInternalServerError, "", "")
	redirect := func(response) response {
		r := newResponse(http.StatusTemporaryRedirect, "", nil)
		r.location = "/elsewhere"
		return r
	}
	return map[string]faultKind{
		FaultDropBefore:     {false, drop},
		FaultDropAfter:      {true, drop},
		FaultDelay:          {true, keep},
		FaultTruncate:       {true, truncate},
		FaultHTML502:        {false, badGateway},
		FaultHTML502After:   {true, badGateway},
		FaultStatus500:      {false, serverError},
		FaultStatus500After: {true, serverError},
		FaultNull:           {true, replace(http.StatusOK, jsonType, "null")},
		FaultEmptyObject:    {true, replace(http.StatusOK, jsonType, `{"Response":{}}`)},
		FaultHuge:           {true, pad},
		FaultRedirect307:    {false, redirect},
		FaultCode:           {false, keep},
		FaultCodeAfter:      {true, keep},
		FaultPlay:           {true, keep},
	}
}

// pad inserts the padding first, so that a reader that stops early has read no part
// of the response.
func pad(r response) response {
	r.body = append(bytes.Repeat([]byte(" "), hugeBytes), r.body...)
	return r
}

// FaultKinds returns every kind that changes what the caller receives, sorted.
func FaultKinds() []string {
	kinds := faultKinds()
	delete(kinds, FaultPlay)
	return slices.Sorted(maps.Keys(kinds))
}

// Fault makes calls fail in one way.
type Fault struct {
	// Action is the action whose calls are counted and hit; empty means all. For
	// the metadata service it is "metadata:<role>".
	Action string `json:"action,omitempty"`
	// Nth is the first call that is hit, counted from the injection. 0 and 1 mean the
	// next call.
	Nth int `json:"nth,omitempty"`
	// Times is the number of calls in a row that are hit: 0 means 1, -1 means all
	// from Nth on. A call is hit by one fault; a second fault that is due waits
	// for the next call, so that faults are injected in order.
	Times int `json:"times,omitempty"`
	// Kind is one of the Fault… constants.
	Kind string `json:"kind"`
	// Code is the error code of [FaultCode] and [FaultCodeAfter].
	Code string `json:"code,omitempty"`
	// Message is the message of Code; empty means a default text.
	Message string `json:"message,omitempty"`
	// Delay delays the response, or the closing of the connection, of any kind, such
	// as "1.5s". [FaultDelay] requires it.
	Delay string `json:"delay,omitempty"`
	// PlayFailures is how many plays of the task fail. [FaultPlay] requires it. It
	// replaces [Options.PlayFailures] for the task.
	PlayFailures int `json:"play_failures,omitempty"`
}

// Runs reports whether the action runs although the fault hits.
func (f Fault) Runs() bool { return faultKinds()[f.Kind].runs }

func (f Fault) returnsCode() bool { return f.Kind == FaultCode || f.Kind == FaultCodeAfter }

func (f Fault) apiError() error {
	if f.Message == "" {
		return apiErrorf(f.Code, "Injected by a fault of the mock.")
	}
	return apiErrorf(f.Code, "%s", f.Message)
}

// alter returns the response after the change by the fault.
func (f Fault) alter(r response) response {
	delay, _ := f.delay() // validate has checked it.
	after := r.after + delay
	r = faultKinds()[f.Kind].alter(r)
	r.after = after
	return r
}

func (f Fault) delay() (time.Duration, error) { return time.ParseDuration(cmp.Or(f.Delay, "0")) }

func (f Fault) validate(actions map[string]action) error {
	if _, ok := faultKinds()[f.Kind]; !ok {
		return fmt.Errorf("kind %q is not one of %q", f.Kind, slices.Sorted(maps.Keys(faultKinds())))
	}
	_, known := actions[f.Action]
	if !known && f.Action != "" && !strings.HasPrefix(f.Action, metadataAction) {
		return fmt.Errorf("action %q does not exist", f.Action)
	}
	delay, err := f.delay()
	switch {
	case err != nil:
		return fmt.Errorf("delay: %w", err)
	case f.Nth < 0:
		return errors.New("nth is negative")
	case f.Times < -1:
		return errors.New("times is less than -1")
	case delay < 0:
		return errors.New("delay is negative")
	case f.Kind == FaultDelay && delay == 0:
		return errors.New("delay is missing")
	case f.returnsCode() && f.Code == "":
		return errors.New("code is missing")
	case !f.returnsCode() && (f.Code != "" || f.Message != ""):
		return fmt.Errorf("kind %q returns no code", f.Kind)
	case f.Kind == FaultPlay && (f.Action != "StartStreamIngest" || f.PlayFailures < 1):
		return fmt.Errorf("kind %q requires the action StartStreamIngest and play_failures of at least 1", f.Kind)
	case f.Kind != FaultPlay && f.PlayFailures != 0:
		return fmt.Errorf("kind %q fails no plays", f.Kind)
	}
	return nil
}

// Inject adds pending faults. If a fault is invalid, Inject adds no fault, and the
// error contains the index of the invalid fault.
func (s *Server) Inject(faults ...Fault) error {
	for i, fault := range faults {
		if err := fault.validate(s.actions); err != nil {
			return fmt.Errorf("fault %d: %w", i, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.add(faults...)
	return nil
}

// ClearFaults removes the pending faults and returns their number.
func (s *Server) ClearFaults() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := len(s.faults)
	s.faults = nil
	return count
}

// faultScript is the list of pending faults: Nth is decremented by each call, and
// Times by each hit. It is not safe for concurrent use.
type faultScript []Fault

func (s *faultScript) add(faults ...Fault) {
	for _, fault := range faults {
		if fault.Times == 0 {
			fault.Times = 1
		}
		*s = append(*s, fault)
	}
}

// next counts a call and returns the fault that hits it.
func (s *faultScript) next(action string) (Fault, bool) {
	var due *Fault
	for i := range *s {
		pending := &(*s)[i]
		if pending.Action != "" && pending.Action != action {
			continue
		}
		pending.Nth--
		if due == nil && pending.Nth <= 0 {
			due = pending
		}
	}
	if due == nil {
		return Fault{}, false
	}
	due.Times--
	hit := *due
	*s = slices.DeleteFunc(*s, func(pending Fault) bool { return pending.Times == 0 })
	return hit, true
}
