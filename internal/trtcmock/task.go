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
	// The following are nil if they were not sent.
	MaxDuration    *int64   `json:"max_duration,omitempty"` // minutes
	Tempo          *float64 `json:"tempo,omitempty"`
	EnableProgress *bool    `json:"enable_progress,omitempty"`
	IdleTimeout    *uint64  `json:"idle_timeout,omitempty"` // seconds

	// Status is [StatusInProgress] or [StatusNotExist].
	Status    string    `json:"status"`
	StartedAt time.Time `json:"started_at"`
	// StoppedAt is when StopStreamIngest was called; nil if it was not.
	StoppedAt *time.Time `json:"stopped_at,omitempty"`
	// EndedAt is when the task became NotExist; nil while it is InProgress.
	EndedAt *time.Time `json:"ended_at,omitempty"`
}

// taskKey identifies what the mock allows only one task to hold. Integer room 1
// and string room "1" are two rooms.
type taskKey struct {
	sdkAppID, roomIDType uint64
	roomID, userID       string
}

// run is a task and its end.
type run struct {
	task   Task
	endsAt time.Time // zero: not before it is stopped
	// onEnd is called when the end changes; nil without callbacks.
	onEnd func(end time.Time)
}

func (r *run) key() taskKey {
	return taskKey{r.task.SdkAppID, r.task.RoomIDType, r.task.RoomID, r.task.UserID}
}

// alive reports whether the API returns InProgress for the task.
func (r *run) alive(at time.Time) bool { return r.endsAt.IsZero() || at.Before(r.endsAt) }

// running reports whether the task is alive and was not stopped.
func (r *run) running(at time.Time) bool { return r.alive(at) && r.task.StoppedAt == nil }

// setEnd sets when the task ends if it is not stopped. onePlay is the length of
// one play; 0 is endless. A pause and SeekSecond do not change the end.
//
// Assumption: probe 39.
func (r *run) setEnd(onePlay time.Duration) {
	// Assumption: probe 40.
	switch minutes := r.task.MaxDuration; {
	case r.task.RepeatNum == -1 && minutes != nil:
		r.endsAt = r.task.StartedAt.Add(time.Duration(*minutes) * time.Minute)
	case r.task.RepeatNum > 0 && onePlay > 0:
		r.endsAt = r.task.StartedAt.Add(onePlay * time.Duration(r.task.RepeatNum))
	}
}

// end ends a task at the given time unless it ends earlier.
func (r *run) end(at time.Time) {
	if r.endsAt.IsZero() || at.Before(r.endsAt) {
		r.endsAt = at
		if r.onEnd != nil {
			r.onEnd(at)
		}
	}
}

// snapshot returns the task at the given time. Nothing that its pointers point
// to is ever changed.
func (r *run) snapshot(at time.Time) Task {
	task, end := r.task, r.endsAt
	task.Status = StatusInProgress
	if !r.alive(at) {
		task.Status, task.EndedAt = StatusNotExist, &end
	}
	return task
}

func (s *Server) countAlive(at time.Time) int {
	count := 0
	for _, r := range s.tasks {
		if r.alive(at) {
			count++
		}
	}
	return count
}

// Tasks returns every task that was started, oldest first.
func (s *Server) Tasks() []Task {
	return s.tasksThat(func(*run, time.Time) bool { return true })
}

// Alive returns the tasks that are InProgress, oldest first. It includes stopped
// tasks that linger and new tasks that Describe does not return yet.
func (s *Server) Alive() []Task { return s.tasksThat((*run).alive) }

func (s *Server) tasksThat(match func(r *run, at time.Time) bool) []Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.options.Now()
	tasks := make([]Task, 0, len(s.tasks))
	for _, r := range s.tasks {
		if match(r, at) {
			tasks = append(tasks, r.snapshot(at))
		}
	}
	return tasks
}

// Finish ends a task as if its media had ended. It returns false if no task with
// that ID is alive.
func (s *Server) Finish(taskID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.options.Now()
	found := s.findTask(func(r *run) bool { return r.task.ID == taskID && r.alive(at) })
	if found != nil {
		found.end(at)
	}
	return found != nil
}

// findTask returns the oldest task that matches, or nil.
func (s *Server) findTask(match func(*run) bool) *run {
	if i := slices.IndexFunc(s.tasks, match); i >= 0 {
		return s.tasks[i]
	}
	return nil
}
