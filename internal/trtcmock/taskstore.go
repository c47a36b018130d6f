package trtcmock

import "time"

// taskStore keeps every task ever started. Its owner locks.
type taskStore struct {
	inOrder []*run
	byID    map[string]*run
}

func newTaskStore() *taskStore { return &taskStore{byID: map[string]*run{}} }

func (s *taskStore) add(r *run) {
	s.inOrder = append(s.inOrder, r)
	s.byID[r.task.ID] = r
}

// countAlive returns how many tasks the API calls InProgress.
func (s *taskStore) countAlive(at time.Time) int {
	count := 0
	for _, r := range s.inOrder {
		if r.alive(at) {
			count++
		}
	}
	return count
}

// occupied says whether a task that is alive has the seat.
func (s *taskStore) occupied(wanted seat, at time.Time) bool {
	for _, r := range s.inOrder {
		if r.seat() == wanted && r.alive(at) {
			return true
		}
	}
	return false
}

// snapshots returns copies of the tasks that keep says yes to, oldest first.
func (s *taskStore) snapshots(at time.Time, keep func(*run) bool) []Task {
	tasks := make([]Task, 0, len(s.inOrder))
	for _, r := range s.inOrder {
		if keep(r) {
			tasks = append(tasks, r.snapshot(at))
		}
	}
	return tasks
}
