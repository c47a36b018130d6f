package trtcmock

import "time"

// The two statuses of a task.
const (
	// StatusInProgress is the status of a task that runs, paused or not.
	StatusInProgress = "InProgress"
	// StatusNotExist is the status of a task that ended or never was.
	StatusNotExist = "NotExist"
)

// Task is one run of a relay robot, as it was when it was looked at.
type Task struct {
	ID       string `json:"task_id"`
	Region   string `json:"region"`
	SdkAppID uint64 `json:"sdk_app_id"`
	RoomID   string `json:"room_id"`
	// RoomIDType is 0 for string rooms and 1 for integer rooms.
	RoomIDType uint64 `json:"room_id_type"`
	UserID     string `json:"user_id"`
	// StreamURL has neither user info nor query nor fragment.
	StreamURL  string `json:"stream_url"`
	Volume     uint64 `json:"volume"`
	Paused     bool   `json:"paused"`
	AutoPush   bool   `json:"auto_push"`
	SeekSecond int64  `json:"seek_second"` // seconds
	RepeatNum  int64  `json:"repeat_num"`
	// MaxDuration is in minutes; nil when it was not sent.
	MaxDuration *int64 `json:"max_duration,omitempty"`

	// Status is [StatusInProgress] or [StatusNotExist].
	Status    string    `json:"status"`
	StartedAt time.Time `json:"started_at"`
	// StoppedAt is when StopStreamIngest was called; nil when it was not.
	StoppedAt *time.Time `json:"stopped_at,omitempty"`
	// EndedAt is since when the task is NotExist; nil while it is InProgress.
	EndedAt *time.Time `json:"ended_at,omitempty"`
}

// seat is what only one task at a time can occupy. By which key the service
// decides is not documented; integer room 1 and string room "1" are two rooms.
type seat struct {
	sdkAppID   uint64
	roomIDType uint64
	roomID     string
	userID     string
}

// run is a task with what the API never shows of it.
type run struct {
	task   Task
	endsAt time.Time // zero: not before it is stopped
}

func (r *run) seat() seat {
	return seat{
		sdkAppID:   r.task.SdkAppID,
		roomIDType: r.task.RoomIDType,
		roomID:     r.task.RoomID,
		userID:     r.task.UserID,
	}
}

// alive says whether the API calls the task InProgress.
func (r *run) alive(at time.Time) bool { return r.endsAt.IsZero() || at.Before(r.endsAt) }

// running says whether the task is alive and nobody stopped it.
func (r *run) running(at time.Time) bool { return r.alive(at) && r.task.StoppedAt == nil }

// endNoLaterThan ends the task at the given time unless it ends sooner by itself.
func (r *run) endNoLaterThan(end time.Time) {
	if r.endsAt.IsZero() || end.Before(r.endsAt) {
		r.endsAt = end
	}
}

func (r *run) stop(at time.Time, linger time.Duration) {
	r.task.StoppedAt = &at
	r.endNoLaterThan(at.Add(linger))
}

// snapshot returns the task as of the given time, sharing no memory with it.
func (r *run) snapshot(at time.Time) Task {
	task := r.task
	task.MaxDuration = clonePointer(task.MaxDuration)
	task.StoppedAt = clonePointer(task.StoppedAt)
	task.Status = StatusInProgress
	if !r.alive(at) {
		task.Status = StatusNotExist
		task.EndedAt = clonePointer(&r.endsAt)
	}
	return task
}
