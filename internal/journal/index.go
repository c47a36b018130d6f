package journal

// taskKey identifies a task. A TaskId is unique within its application.
type taskKey struct {
	sdkAppID int64
	taskID   string
}

// task returns the key of the task, which is empty if the record has none.
func (r Record) task() taskKey { return taskKey{r.Key.SdkAppID, r.TaskID} }

// indexed is a record of the index, which has the records that existed when it was
// loaded. A task that was started since is in no prior state. The index only
// selects the files to read: a record is read again before anything depends
// on its content.
type indexed struct {
	name string
	task taskKey
	// unreturned means that no Create had returned the start.
	unreturned bool
}

// indexedNames returns the names of the records that matches selects. The first
// call loads the index.
func (j *Journal) indexedNames(matches func(indexed) bool) ([]string, error) {
	j.indexMu.Lock()
	defer j.indexMu.Unlock()
	if j.index == nil {
		all, err := j.names()
		if err != nil {
			return nil, err
		}
		j.index = make([]indexed, 0, len(all))
		for _, name := range all {
			// Without its lock a record of a live owner may seem invalid here.
			if record, found := j.readContent(name); found {
				j.index = append(j.index, indexed{name, record.task(), record.unreturned()})
			}
		}
	}
	var names []string
	for _, record := range j.index {
		if matches(record) {
			names = append(names, record.name)
		}
	}
	return names, nil
}
