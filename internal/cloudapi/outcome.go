package cloudapi

// Outcome is what is known of a call once it ended.
type Outcome int

// The four outcomes of a call.
const (
	// NotSent: the request was never written; the service did not run it.
	NotSent Outcome = iota
	// Refused: the service answered with an error code.
	Refused
	// Answered: the service answered with success.
	Answered
	// Ambiguous: the request was written and no readable answer came back; the
	// service may have run it.
	Ambiguous
)

// String returns the outcome in lower-case words.
func (o Outcome) String() string {
	switch o {
	case NotSent:
		return "not sent"
	case Refused:
		return "refused"
	case Answered:
		return "answered"
	case Ambiguous:
		return "ambiguous"
	default:
		return "unknown"
	}
}
