package trtcmock

// Journal returns copies of the calls so far, in order of arrival.
func (s *Server) Journal() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.copies()
}

// ResetJournal forgets the calls so far. Tasks, faults and rates stay.
func (s *Server) ResetJournal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.reset()
}

// Tasks returns every task ever started, oldest first.
func (s *Server) Tasks() []Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tasks.snapshots(s.options.Now(), func(*run) bool { return true })
}

// Alive returns the tasks that the API calls InProgress, oldest first. A stopped
// task counts while it lingers; one that Describe does not show yet counts too.
func (s *Server) Alive() []Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.options.Now()
	return s.tasks.snapshots(at, func(r *run) bool { return r.alive(at) })
}

// Finish ends a task as if its media had ended. It returns false when no task of
// that id is alive.
func (s *Server) Finish(taskID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.options.Now()
	found := s.tasks.byID[taskID]
	if found == nil || !found.alive(at) {
		return false
	}
	found.endNoLaterThan(at)
	return true
}

// Inject adds faults to those pending, or none of them when one is invalid, in
// which case the error is an [InvalidFaultError].
func (s *Server) Inject(faults ...Fault) error {
	for i, fault := range faults {
		if err := fault.validate(s.actions); err != nil {
			return &InvalidFaultError{Index: i, Reason: err.Error()}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.add(faults...)
	return nil
}
