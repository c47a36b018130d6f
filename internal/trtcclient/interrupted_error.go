package trtcclient

import "fmt"

// InterruptedError is a call that ended because its context did, while it
// waited for its turn, for a repetition or for a key, or because its context
// would have ended before the repetition.
type InterruptedError struct {
	// Action is the API action.
	Action string
	// Last is what the attempt before the wait ended with, or nil.
	Last error
	// Err is the context's error; context.DeadlineExceeded also when the
	// deadline was only near.
	Err error
}

// Error names the action, and the last failure if there was one.
func (e *InterruptedError) Error() string {
	if e.Last == nil {
		return fmt.Sprintf("%s: %v before the request was sent", e.Action, e.Err)
	}
	return fmt.Sprintf("%s: %v before the request could be repeated, after: %v", e.Action, e.Err, e.Last)
}

// Unwrap returns both causes.
func (e *InterruptedError) Unwrap() []error {
	if e.Last == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Last}
}
