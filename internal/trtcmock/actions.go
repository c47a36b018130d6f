package trtcmock

import "slices"

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
	// checkRegion is nil if any region is served at any rate.
	checkRegion func(region string) error
	parameters  []parameter
	// malformed is the error code for a body that cannot be parsed.
	malformed string
	run       func(*exchange, values) (fields, error)
}

func (s *Server) knownActions() map[string]action {
	trtc := func(parameters []parameter, malformed string, run func(*exchange, values) (fields, error)) action {
		return action{
			service: trtcService, version: trtcVersion, checkRegion: s.site.checkRegion,
			parameters: parameters, malformed: malformed, run: run,
		}
	}
	sts := func(parameters []parameter, run func(*exchange, values) (fields, error)) action {
		return action{service: stsService, version: stsVersion, parameters: parameters, malformed: codeSTSParameter, run: run}
	}
	assumeWeb := sts(s.roleParameters(
		parameter{name: "ProviderId", parse: as[string], missing: codeMissingParameter, check: matching("ProviderId", providerIDForm)},
		parameter{name: "WebIdentityToken", parse: as[string], missing: codeMissingParameter, check: s.checkWebIdentity},
	), s.assumeRole)
	assumeWeb.unsigned = true
	assume := sts(s.roleParameters(
		parameter{name: "Policy", parse: as[string]},
		parameter{name: "ExternalId", parse: as[string], check: matching("ExternalId", externalIDForm)},
	), s.assumeRole)
	return map[string]action{
		"StartStreamIngest":         trtc(startParameters(s.site), "InvalidParameter.BodyParamsError", s.start),
		"DescribeStreamIngest":      trtc(existingTaskParameters(), codeInvalidParameter, s.describe),
		"UpdateStreamIngest":        trtc(updateParameters(s.site), codeInvalidParameter, s.update),
		"StopStreamIngest":          trtc(existingTaskParameters(), "InvalidParameter.BodyParamsError", s.stop),
		"AssumeRole":                assume,
		"AssumeRoleWithWebIdentity": assumeWeb,
		"GetCallerIdentity":         sts(nil, s.callerIdentity),
	}
}

// start is StartStreamIngest.
func (s *Server) start(ex *exchange, params values) (fields, error) {
	// Assumption: probe 21.
	if err := s.checkTickets(params, ex.at); err != nil {
		return nil, err
	}
	started := &task{Task: newTask(ex, params)}
	started.setEnd(s.options.TaskDuration)
	// Assumption: probe 37.
	key := started.key()
	if s.findTask(func(t *task) bool { return t.key() == key && t.alive(ex.at) }) != nil {
		return nil, apiErrorf("FailedOperation.TaskExist", "A task for this app, room and user exists already.")
	}
	// Assumption: probe 44.
	alive := slices.DeleteFunc(slices.Clone(s.tasks), func(t *task) bool { return !t.alive(ex.at) })
	if s.options.Quota > 0 && len(alive) >= s.options.Quota {
		return nil, apiErrorf("FailedOperation.RestrictedConcurrency", "The quota of %d running tasks is used up.", s.options.Quota)
	}
	started.ID = s.random.taskID()
	s.tasks = append(s.tasks, started)
	s.callbacks.started(started, ex.playFailures)
	ex.call.TaskID = started.ID
	return fields{"TaskId": started.ID}, nil
}

// newTask returns the task that a Start describes. Whether the app exists is not
// checked.
//
// Assumption: probe 17.
func newTask(ex *exchange, params values) Task {
	task := Task{
		Region:         ex.call.Region,
		SdkAppID:       valueOf[uint64](params, "SdkAppId", 0),
		RoomID:         valueOf(params, "RoomId", ""),
		RoomIDType:     valueOf[uint64](params, "RoomIdType", roomIDTypeInteger),
		UserID:         valueOf(params, "UserId", ""),
		StreamURL:      publicURL(valueOf(params, "StreamUrl", "")),
		Volume:         valueOf[uint64](params, "Volume", defaultVolume),
		AutoPush:       valueOf(params, "AutoPush", false),
		SeekSecond:     valueOf[int64](params, "SeekSecond", 0),
		RepeatNum:      valueOf[int64](params, "RepeatNum", 1),
		MaxDuration:    pointerTo[int64](params, "MaxDuration"),
		Tempo:          pointerTo[float64](params, "Tempo"),
		EnableProgress: pointerTo[bool](params, "EnableProgress"),
		IdleTimeout:    pointerTo[uint64](params, "IdleTimeout"),
		StartedAt:      ex.at,
	}
	if sources := valueOf[[]string](params, "SourceUrl", nil); !params.has("StreamUrl") && len(sources) > 0 {
		task.StreamURL = publicURL(sources[0])
	}
	return task
}

// describe is DescribeStreamIngest.
func (s *Server) describe(ex *exchange, params values) (fields, error) {
	found := s.find(ex, params)
	// Assumption: probe 18.
	status := StatusNotExist
	if found != nil && found.alive(ex.at) && ex.at.Sub(found.StartedAt) >= s.options.StartDelay {
		status = StatusInProgress
	}
	return fields{"Status": status}, nil
}

// update is UpdateStreamIngest. A parameter that is not sent keeps its value.
//
// Assumption: probe 38.
func (s *Server) update(ex *exchange, params values) (fields, error) {
	found := s.find(ex, params)
	if found == nil || !found.running(ex.at) {
		if s.options.EndedUpdateReturnsStatus {
			return fields{"Status": StatusNotExist}, nil
		}
		// Assumption: probe 19.
		// Assumption: probe 36.
		return nil, apiErrorf("FailedOperation.TaskNotExist", "The task does not exist.")
	}
	task := &found.Task
	task.Volume = valueOf(params, "Volume", task.Volume)
	task.Paused = valueOf(params, "IsPause", task.Paused)
	if params.has("StreamUrl") {
		task.StreamURL = publicURL(valueOf(params, "StreamUrl", ""))
	}
	if tempo := pointerTo[float64](params, "Tempo"); tempo != nil {
		task.Tempo = tempo
	}
	if progress := pointerTo[bool](params, "EnableProgress"); progress != nil {
		task.EnableProgress = progress
	}
	// Assumption: probe 34.
	return fields{"Status": StatusInProgress}, nil
}

// stop is StopStreamIngest. A second Stop of a task that lingers is rejected, even
// though Describe returns InProgress.
func (s *Server) stop(ex *exchange, params values) (fields, error) {
	found := s.find(ex, params)
	if found == nil || !found.running(ex.at) {
		// Assumption: probe 20.
		return nil, apiErrorf("FailedOperation.TaskFinished", "The task has finished.")
	}
	found.StoppedAt = &ex.at
	found.end(ex.at.Add(s.options.Linger))
	return fields{}, nil
}

// find returns the task of a request, or nil if the caller cannot see the task.
func (s *Server) find(ex *exchange, params values) *task {
	id, sdkAppID := valueOf(params, "TaskId", ""), valueOf[uint64](params, "SdkAppId", 0)
	return s.findTask(func(t *task) bool {
		// Assumption: probe 33.
		hidden := s.options.RegionBound && t.Region != ex.call.Region
		return t.ID == id && t.SdkAppID == sdkAppID && !hidden
	})
}
