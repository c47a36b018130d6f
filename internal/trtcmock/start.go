package trtcmock

import "time"

const defaultVolume = 100

func startParameters(s site) []parameter {
	return append([]parameter{
		{name: "SdkAppId", kind: kindUint, missing: codeMissingSdkAppID},
		{name: "RoomId", kind: kindText, missing: codeMissingRoomID},
		{name: "RoomIdType", kind: kindUint, missing: codeMissingParameter},
		{name: "UserId", kind: kindText, missing: codeMissingParameter},
		{name: "UserSig", kind: kindText, missing: codeMissingParameter},
		// The reference lists StreamUrl as optional, so its absence is no error.
		{name: "StreamUrl", kind: kindText},
		{name: "PrivateMapKey", kind: kindText},
		{name: "SeekSecond", kind: kindInt},
		{name: "AutoPush", kind: kindBool},
		{name: "RepeatNum", kind: kindInt},
		{name: "MaxDuration", kind: kindInt},
		{name: "Volume", kind: kindUint},
	}, s.startExtras...)
}

// start is StartStreamIngest.
func (s *Server) start(x *exchange, v values) (fields, error) {
	for _, check := range []func(values) error{
		checkSdkAppID, checkRoom, checkUserID, checkStreamURL, checkPlayback, s.site.checkSound,
	} {
		if err := check(v); err != nil {
			return nil, err
		}
	}
	if err := s.checkTickets(v, x.at); err != nil {
		return nil, err
	}
	started := s.newRun(x, v)
	if s.tasks.occupied(started.seat(), x.at) {
		return nil, refuse(codeTaskExist, "A task for this app, room and user exists already.")
	}
	if s.options.Quota > 0 && s.tasks.countAlive(x.at) >= s.options.Quota {
		return nil, refuse(codeQuota, "The quota of %d running tasks is used up.", s.options.Quota)
	}
	started.task.ID = s.generate.taskID()
	s.tasks.add(started)
	x.call.TaskID = started.task.ID
	return fields{"TaskId": started.task.ID}, nil
}

func (s *Server) newRun(x *exchange, v values) *run {
	task := Task{
		Region:     x.call.Region,
		SdkAppID:   valueOf[uint64](v, "SdkAppId", 0),
		RoomID:     valueOf(v, "RoomId", ""),
		RoomIDType: valueOf[uint64](v, "RoomIdType", roomIDTypeInteger),
		UserID:     valueOf(v, "UserId", ""),
		StreamURL:  publicURL(valueOf(v, "StreamUrl", "")),
		Volume:     valueOf[uint64](v, "Volume", defaultVolume),
		AutoPush:   valueOf(v, "AutoPush", false),
		SeekSecond: valueOf[int64](v, "SeekSecond", 0),
		RepeatNum:  valueOf[int64](v, "RepeatNum", 1),
		StartedAt:  x.at,
	}
	if v.has("MaxDuration") {
		minutes := valueOf[int64](v, "MaxDuration", 0)
		task.MaxDuration = &minutes
	}
	started := &run{task: task}
	if life, ends := lifetime(task, s.options.TaskDuration); ends {
		started.endsAt = x.at.Add(life)
	}
	return started
}

// lifetime says how long a task runs when nobody stops it. MaxDuration counts
// only for a task that loops.
func lifetime(task Task, onePlay time.Duration) (life time.Duration, ends bool) {
	if task.RepeatNum == -1 {
		if task.MaxDuration == nil {
			return 0, false
		}
		return time.Duration(*task.MaxDuration) * time.Minute, true
	}
	return onePlay * time.Duration(task.RepeatNum), onePlay > 0
}
