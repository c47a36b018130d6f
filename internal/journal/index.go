package journal

import "slices"

// taskKey identifies a task. A TaskId is unique within its application.
type taskKey struct {
	sdkAppID int64
	taskID   string
}

// index lists the records that existed when the index was loaded, and the tasks
// that this Journal has started since. The index only
// selects the files to read: a record is read again before anything depends on its
// content.
type index struct {
	// names has all records, by the hash of their key.
	names map[string][]string
	tasks map[taskKey][]string
	// unreturned are the records of starts that no Create had returned.
	unreturned []string
}

// loadIndex returns the index, which is loaded at the first call.
func (j *Journal) loadIndex() (*index, error) {
	j.indexMu.Lock()
	defer j.indexMu.Unlock()
	if j.index != nil {
		return j.index, nil
	}
	names, err := j.names()
	if err != nil {
		return nil, err
	}
	loaded := &index{names: make(map[string][]string, len(names)), tasks: make(map[taskKey][]string, len(names))}
	for _, name := range names {
		hash := hashOf(name)
		loaded.names[hash] = append(loaded.names[hash], name)
		record, found := j.readContent(name)
		if !found {
			continue
		}
		if record.State == Started {
			task := taskKey{record.Key.SdkAppID, record.TaskID}
			loaded.tasks[task] = append(loaded.tasks[task], name)
		}
		// Without its lock a record of a live owner may seem invalid here.
		if record.unreturned() {
			loaded.unreturned = append(loaded.unreturned, name)
		}
	}
	j.index = loaded
	return loaded, nil
}

// namesOf returns the records of a task.
func (j *Journal) namesOf(task taskKey) ([]string, error) {
	index, err := j.loadIndex()
	if err != nil {
		return nil, err
	}
	// Only the field tasks changes after the index is loaded.
	j.indexMu.Lock()
	defer j.indexMu.Unlock()
	return slices.Clone(index.tasks[task]), nil
}

// addTask adds a record that was started since the index was loaded, so that
// RemoveTask finds it.
func (j *Journal) addTask(task taskKey, name string) {
	j.indexMu.Lock()
	defer j.indexMu.Unlock()
	if j.index != nil {
		j.index.tasks[task] = append(j.index.tasks[task], name)
	}
}
