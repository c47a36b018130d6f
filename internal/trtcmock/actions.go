package trtcmock

const (
	trtcService, trtcVersion = "trtc", "2019-07-22"
	stsService, stsVersion   = "sts", "2018-08-13"

	defaultVolume = 100
)

// action is one action of the API.
type action struct {
	service, version string
	// unsigned actions need no credentials.
	unsigned bool
	// checkRegion is nil if any region is served.
	checkRegion func(region string) error
	// limited actions are subject to the documented rate.
	limited    bool
	parameters []parameter
	// malformed is the error code for a body that cannot be parsed.
	malformed string
	run       func(*exchange, values) (fields, error)
}

func (s *Server) knownActions() map[string]action {
	trtc := func(parameters []parameter, malformed string, run func(*exchange, values) (fields, error)) action {
		return action{
			service: trtcService, version: trtcVersion, checkRegion: s.site.checkRegion, limited: true,
			parameters: parameters, malformed: malformed, run: run,
		}
	}
	sts := func(parameters []parameter, run func(*exchange, values) (fields, error)) action {
		return action{service: stsService, version: stsVersion, parameters: parameters, malformed: codeSTSParameter, run: run}
	}
	assumeWeb := sts(s.assumeRoleWithWebIdentityParameters(), s.assumeRole)
	assumeWeb.unsigned = true
	return map[string]action{
		"StartStreamIngest":         trtc(startParameters(s.site), codeBodyParams, s.start),
		"DescribeStreamIngest":      trtc(existingTaskParameters(), codeInvalidParameter, s.describe),
		"UpdateStreamIngest":        trtc(updateParameters(s.site), codeInvalidParameter, s.update),
		"StopStreamIngest":          trtc(existingTaskParameters(), codeBodyParams, s.stop),
		"AssumeRole":                sts(s.assumeRoleParameters(), s.assumeRole),
		"AssumeRoleWithWebIdentity": assumeWeb,
		"GetCallerIdentity":         sts(nil, s.callerIdentity),
	}
}

// start is StartStreamIngest.
func (s *Server) start(x *exchange, v values) (fields, error) {
	// Assumption: probe 21.
	if err := s.checkTickets(v, x.at); err != nil {
		return nil, err
	}
	started := &run{task: newTask(x, v)}
	started.setEnd(s.options.TaskDuration)
	// Assumption: probe 37.
	key := started.key()
	if s.findTask(func(r *run) bool { return r.key() == key && r.alive(x.at) }) != nil {
		return nil, apiErrorf(codeTaskExist, "A task for this app, room and user exists already.")
	}
	// Assumption: probe 44.
	if s.options.Quota > 0 && s.countAlive(x.at) >= s.options.Quota {
		return nil, apiErrorf(codeQuota, "The quota of %d running tasks is used up.", s.options.Quota)
	}
	started.task.ID = s.random.taskID()
	s.tasks = append(s.tasks, started)
	s.callbacks.started(started, x.playFailures)
	x.call.TaskID = started.task.ID
	return fields{"TaskId": started.task.ID}, nil
}

// newTask returns the task that a Start describes. Whether the app exists is not
// checked.
//
// Assumption: probe 17.
func newTask(x *exchange, v values) Task {
	task := Task{
		Region:         x.call.Region,
		SdkAppID:       valueOf[uint64](v, "SdkAppId", 0),
		RoomID:         valueOf(v, "RoomId", ""),
		RoomIDType:     valueOf[uint64](v, "RoomIdType", roomIDTypeInteger),
		UserID:         valueOf(v, "UserId", ""),
		StreamURL:      publicURL(valueOf(v, "StreamUrl", "")),
		Volume:         valueOf[uint64](v, "Volume", defaultVolume),
		AutoPush:       valueOf(v, "AutoPush", false),
		SeekSecond:     valueOf[int64](v, "SeekSecond", 0),
		RepeatNum:      valueOf[int64](v, "RepeatNum", 1),
		MaxDuration:    pointerTo[int64](v, "MaxDuration"),
		Tempo:          pointerTo[float64](v, "Tempo"),
		EnableProgress: pointerTo[bool](v, "EnableProgress"),
		IdleTimeout:    pointerTo[uint64](v, "IdleTimeout"),
		StartedAt:      x.at,
	}
	if sources := valueOf[[]string](v, "SourceUrl", nil); !v.has("StreamUrl") && len(sources) > 0 {
		task.StreamURL = publicURL(sources[0])
	}
	return task
}

// describe is DescribeStreamIngest.
func (s *Server) describe(x *exchange, v values) (fields, error) {
	found := s.find(x, v)
	// Assumption: probe 18.
	status := StatusNotExist
	if found != nil && found.alive(x.at) && x.at.Sub(found.task.StartedAt) >= s.options.StartDelay {
		status = StatusInProgress
	}
	return fields{"Status": status}, nil
}

// update is UpdateStreamIngest. A parameter that is not sent keeps its value.
//
// Assumption: probe 38.
func (s *Server) update(x *exchange, v values) (fields, error) {
	found := s.find(x, v)
	if found == nil || !found.running(x.at) {
		if s.options.UpdateGoneAnswersStatus {
			return fields{"Status": StatusNotExist}, nil
		}
		// Assumption: probe 19.
		// Assumption: probe 36.
		return nil, apiErrorf(codeTaskNotExist, "The task does not exist.")
	}
	task := &found.task
	task.Volume = valueOf(v, "Volume", task.Volume)
	task.Paused = valueOf(v, "IsPause", task.Paused)
	if v.has("StreamUrl") {
		task.StreamURL = publicURL(valueOf(v, "StreamUrl", ""))
	}
	if tempo := pointerTo[float64](v, "Tempo"); tempo != nil {
		task.Tempo = tempo
	}
	if progress := pointerTo[bool](v, "EnableProgress"); progress != nil {
		task.EnableProgress = progress
	}
	// Assumption: probe 34.
	return fields{"Status": StatusInProgress}, nil
}

// stop is StopStreamIngest. A second Stop of a task that lingers is refused,
// although Describe still returns InProgress.
func (s *Server) stop(x *exchange, v values) (fields, error) {
	found := s.find(x, v)
	if found == nil || !found.running(x.at) {
		// Assumption: probe 20.
		return nil, apiErrorf(codeTaskFinished, "The task has finished.")
	}
	found.task.StoppedAt = &x.at
	found.end(x.at.Add(s.options.Linger))
	return fields{}, nil
}

// find returns the task that a request names, or nil if the caller cannot see it.
func (s *Server) find(x *exchange, v values) *run {
	id, sdkAppID := valueOf(v, "TaskId", ""), valueOf[uint64](v, "SdkAppId", 0)
	return s.findTask(func(r *run) bool {
		// Assumption: probe 33.
		hidden := s.options.RegionBound && r.task.Region != x.call.Region
		return r.task.ID == id && r.task.SdkAppID == sdkAppID && !hidden
	})
}
