package trtcmock

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Duration is a [time.Duration] that JSON writes and reads as text like "1.5s".
type Duration time.Duration

// MarshalJSON writes the text form.
func (d Duration) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Duration(d).String())
}

// UnmarshalJSON reads the text form, as [time.ParseDuration] does.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("a duration is text like \"1.5s\": %w", err)
	}
	parsed, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("a duration is text like \"1.5s\": %w", err)
	}
	*d = Duration(parsed)
	return nil
}

// Fault makes calls go wrong in one way.
type Fault struct {
	// Action is which action's calls are counted and hit; empty means all calls.
	// A look-up of the metadata service is "metadata:<role>".
	Action string `json:"action,omitempty"`
	// Nth is the first call that is hit, counted from the moment of injection.
	// 0 and 1 are the next one.
	Nth int `json:"nth,omitempty"`
	// Times is how many calls in a row are hit: 0 means 1, -1 means all from
	// then on. One call is hit by one fault; a second one that is due as well
	// waits for the next call, so that a script of faults is played in order.
	Times int `json:"times,omitempty"`
	// Kind is one of the Fault… constants.
	Kind string `json:"kind"`
	// Code is what [FaultCode] and [FaultCodeAfter] answer; no other kind has it.
	Code string `json:"code,omitempty"`
	// Message goes with Code; empty means a stock text.
	Message string `json:"message,omitempty"`
	// Delay holds back the answer, or the closing of the connection, of any
	// kind. [FaultDelay] needs it.
	Delay Duration `json:"delay,omitempty"`
}

// Runs says whether the action is executed although the fault hits: what a
// caller cannot know, and a test must.
func (f Fault) Runs() bool { return faultKinds()[f.Kind].runs }

// InvalidFaultError is returned for a script that cannot be played.
type InvalidFaultError struct {
	// Index is the position of the first invalid fault, from 0.
	Index int
	// Reason says what is wrong with it.
	Reason string
}

// Error names the fault and the reason.
func (e *InvalidFaultError) Error() string { return fmt.Sprintf("fault %d: %s", e.Index, e.Reason) }

func (f Fault) validate(actions map[string]action) error {
	if _, ok := faultKinds()[f.Kind]; !ok {
		return fmt.Errorf("kind %q is not one of %q", f.Kind, FaultKinds())
	}
	_, known := actions[f.Action]
	if !known && f.Action != "" && !strings.HasPrefix(f.Action, metadataAction) {
		return fmt.Errorf("action %q does not exist", f.Action)
	}
	switch {
	case f.Nth < 0:
		return errors.New("nth is negative")
	case f.Times < -1:
		return errors.New("times is less than -1")
	case f.Delay < 0:
		return errors.New("delay is negative")
	case f.Kind == FaultDelay && f.Delay == 0:
		return errors.New("delay is missing")
	case f.answersCode() && f.Code == "":
		return errors.New("code is missing")
	case !f.answersCode() && (f.Code != "" || f.Message != ""):
		return fmt.Errorf("kind %q answers no code", f.Kind)
	}
	return nil
}

// refusal is what a fault with a code answers.
func (f Fault) refusal() error {
	if f.Message == "" {
		return refuse(f.Code, "The mock was told to answer this code.")
	}
	return refuse(f.Code, "%s", f.Message)
}
