package trtcmock

import (
	"slices"
	"time"
)

// The two statuses of a task.
const (
	// StatusInProgress is the status of a task that runs, paused or not.
	StatusInProgress = "InProgress"
	// StatusNotExist is the status of a task that ended or never existed.
	StatusNotExist = "NotExist"
)

// Task is a copy of a task at one point in time.
type Task struct {
	ID       string `json:"task_id"`
	Region   string `json:"region"`
	SdkAppID uint64 `json:"sdk_app_id"`
	RoomID   string `json:"room_id"`
	// RoomIDType is 0 for string rooms and 1 for integer rooms.
	RoomIDType uint64 `json:"room_id_type"`
	UserID     string `json:"user_id"`
	// StreamURL has no user info, query and fragment.
	StreamURL  string `json:"stream_url"`
	Volume     uint64 `json:"volume"`
	Paused     bool   `json:"paused"`
	AutoPush   bool   `json:"auto_push"`
	SeekSecond int64  `json:"seek_second"` // seconds
	RepeatNum  int64  `json:"repeat_num"`
	// The following fields are nil if the parameter was not sent.
	MaxDuration    *int64   `json:"max_duration,omitempty"` // minutes
	Tempo          *float64 `json:"tempo,omitempty"`
	EnableProgress *bool    `json:"enable_progress,omitempty"`
	IdleTimeout    *uint64  `json:"idle_timeout,omitempty"` // seconds

	// Status is [StatusInProgress] or [StatusNotExist].
	Status    string    `json:"status"`
	StartedAt time.Time `json:"started_at"`
	// StoppedAt is the time of StopStreamIngest, or nil if the task was not stopped.
	StoppedAt *time.Time `json:"stopped_at,omitempty"`
	// EndedAt is the time at which the task became NotExist, or nil while the task is
	// InProgress.
	EndedAt *time.Time `json:"ended_at,omitempty"`
}

// taskKey identifies a user in a room: at most one task with a key is alive. Integer
// room 1 and string room "1" are two rooms.
type taskKey struct {
	sdkAppID, roomIDType uint64
	roomID, userID       string
}

// task is a task and its end.
type task struct {
	Task

	endsAt time.Time // zero: the task ends only when it is stopped
	// onEnd is called when endsAt changes. It is nil without callbacks.
	onEnd func(end time.Time)
}

func (t *task) key() taskKey {
	return taskKey{t.SdkAppID, t.RoomIDType, t.RoomID, t.UserID}
}

// alive reports whether the API returns InProgress for the task.
func (t *task) alive(at time.Time) bool { return t.endsAt.IsZero() || at.Before(t.endsAt) }

// running reports whether the task is alive and was not stopped.
func (t *task) running(at time.Time) bool { return t.alive(at) && t.StoppedAt == nil }

// setEnd sets the time at which the task ends if it is not stopped. onePlay is the
// length of one play; 0 is endless. A pause and SeekSecond do not change the end.
//
// Assumption: probe 39.
func (t *task) setEnd(onePlay time.Duration) {
	// Assumption: probe 40.
	switch minutes := t.MaxDuration; {
	case t.RepeatNum == -1 && minutes != nil:
		t.endsAt = t.StartedAt.Add(time.Duration(*minutes) * time.Minute)
	case t.RepeatNum > 0 && onePlay > 0:
		t.endsAt = t.StartedAt.Add(onePlay * time.Duration(t.RepeatNum))
	}
}

// end ends the task at the given time, unless the task ends earlier.
func (t *task) end(at time.Time) {
	if t.endsAt.IsZero() || at.Before(t.endsAt) {
		t.endsAt = at
		if t.onEnd != nil {
			t.onEnd(at)
		}
	}
}

// snapshot returns the task at the given time. The values that the pointers of a
// Task point to never change.
func (t *task) snapshot(at time.Time) Task {
	snapshot, end := t.Task, t.endsAt
	snapshot.Status = StatusInProgress
	if !t.alive(at) {
		snapshot.Status, snapshot.EndedAt = StatusNotExist, &end
	}
	return snapshot
}

// Tasks returns every task that was started, oldest first.
func (s *Server) Tasks() []Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	tasks := make([]Task, 0, len(s.tasks))
	for _, t := range s.tasks {
		tasks = append(tasks, t.snapshot(s.options.Now()))
	}
	return tasks
}

// Alive returns the tasks that are InProgress, oldest first. It includes stopped
// tasks that linger and new tasks that Describe does not return yet.
func (s *Server) Alive() []Task {
	return slices.DeleteFunc(s.Tasks(), func(t Task) bool { return t.Status != StatusInProgress })
}

// Finish ends a task as if its media had ended. It reports whether a task with that
// ID was alive.
func (s *Server) Finish(taskID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.options.Now()
	found := s.findTask(func(t *task) bool { return t.ID == taskID && t.alive(at) })
	if found != nil {
		found.end(at)
	}
	return found != nil
}

// findTask returns the oldest task that matches, or nil.
func (s *Server) findTask(match func(*task) bool) *task {
	if i := slices.IndexFunc(s.tasks, match); i >= 0 {
		return s.tasks[i]
	}
	return nil
}
