package trtcmock

// The three actions on a task that exists.

func existingTaskParameters(extras ...parameter) []parameter {
	return append([]parameter{
		{name: "SdkAppId", kind: kindUint, missing: codeMissingSdkAppID},
		{name: "TaskId", kind: kindText, missing: codeMissingTaskID},
	}, extras...)
}

func updateParameters(s site) []parameter {
	return existingTaskParameters(append([]parameter{
		{name: "StreamUrl", kind: kindText},
		{name: "Volume", kind: kindUint},
		{name: "IsPause", kind: kindBool},
	}, s.updateExtras...)...)
}

// describe is DescribeStreamIngest.
func (s *Server) describe(x *exchange, v values) (fields, error) {
	if err := checkTarget(v); err != nil {
		return nil, err
	}
	found := s.find(x, v)
	status := StatusNotExist
	if found != nil && found.alive(x.at) && x.at.Sub(found.task.StartedAt) >= s.options.StartDelay {
		status = StatusInProgress
	}
	return fields{"Status": status}, nil
}

// update is UpdateStreamIngest. A field that is not sent keeps its value.
func (s *Server) update(x *exchange, v values) (fields, error) {
	for _, check := range []func(values) error{checkTarget, checkStreamURL, s.site.checkSound} {
		if err := check(v); err != nil {
			return nil, err
		}
	}
	found := s.find(x, v)
	if found == nil || !found.running(x.at) {
		if s.options.UpdateGoneAnswersStatus {
			return fields{"Status": StatusNotExist}, nil
		}
		return nil, refuse(codeTaskNotExist, "The task does not exist.")
	}
	task := &found.task
	task.Volume = valueOf(v, "Volume", task.Volume)
	task.Paused = valueOf(v, "IsPause", task.Paused)
	if v.has("StreamUrl") {
		task.StreamURL = publicURL(valueOf(v, "StreamUrl", ""))
	}
	return fields{"Status": StatusInProgress}, nil
}

// stop is StopStreamIngest. A task that lingers was stopped already, so a second
// Stop is told so although Describe still says InProgress.
func (s *Server) stop(x *exchange, v values) (fields, error) {
	if err := checkTarget(v); err != nil {
		return nil, err
	}
	found := s.find(x, v)
	if found == nil || !found.running(x.at) {
		return nil, refuse(codeTaskFinished, "The task has finished.")
	}
	found.stop(x.at, s.options.Linger)
	return fields{}, nil
}

// find returns the task that a request names, or nil when there is none that the
// caller may see.
func (s *Server) find(x *exchange, v values) *run {
	found := s.tasks.byID[valueOf(v, "TaskId", "")]
	if found == nil || found.task.SdkAppID != valueOf[uint64](v, "SdkAppId", 0) {
		return nil
	}
	if s.options.RegionBound && found.task.Region != x.call.Region {
		return nil
	}
	return found
}
