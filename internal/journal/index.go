package journal

// taskKey identifies a task. A TaskId is unique within its application.
type taskKey struct {
	sdkAppID int64
	taskID   string
}

// task returns the key of the task, which is empty if the record has none.
func (r Record) task() taskKey { return taskKey{r.Key.SdkAppID, r.TaskID} }

// loadIndex returns the content of all records. A task that is started later is in
// no prior state. The index only selects the files to read: a record is read again
// before anything depends on its content.
func (j *Journal) loadIndex() ([]Record, error) {
	names, err := j.names()
	records := make([]Record, 0, len(names))
	for _, name := range names {
		// Without its lock a record of a live owner may seem invalid here.
		if record, found := j.readContent(name); found {
			records = append(records, record)
		}
	}
	return records, err
}

// indexedNames returns the names of the records that matches selects.
func (j *Journal) indexedNames(matches func(Record) bool) ([]string, error) {
	var names []string
	records, err := j.index()
	for _, record := range records {
		if matches(record) {
			names = append(names, nameOf(record.File))
		}
	}
	return names, err
}
