package trtcmock

// journal keeps every call in order of execution. Its owner locks.
type journal struct{ calls []Call }

func (j *journal) add(call Call) { j.calls = append(j.calls, call) }

func (j *journal) copies() []Call {
	copies := make([]Call, 0, len(j.calls))
	for _, call := range j.calls {
		copies = append(copies, call.clone())
	}
	return copies
}

func (j *journal) reset() { j.calls = nil }
