package journal

import (
	"errors"
	"os"

	"github.com/gofrs/flock"
)

// Entry is a start that this process has begun. Its record stays locked until
// Close or Discard. The methods of a nil *Entry do nothing.
type Entry struct {
	journal *Journal
	name    string
	lock    *flock.Flock
	// out is nil once the entry has ended.
	out    file
	taskID string
	// writeErr is the error of the first write that failed. Part of that line may
	// be in the file, so nothing more is written.
	writeErr error
}

// begin creates the lock and the record name and writes its first line. The
// lock comes first: the record of a live owner is never seen unlocked.
func (j *Journal) begin(name string, start Start) (*Entry, error) {
	entry := &Entry{journal: j, name: name, lock: newLock(j.path(name, lockSuffix), os.O_EXCL)}
	_, err := entry.lock.TryLock()
	if err == nil {
		entry.out, err = j.open(entry.File(), os.O_CREATE|os.O_EXCL)
	}
	if err != nil {
		j.release(name, entry.lock)
		return nil, err
	}
	err = entry.append(line{
		Record: linePending, Version: version,
		Key: &start.Key, Region: start.Region, Arguments: &start.Arguments,
	})
	if err == nil {
		err = j.syncDir(j.dir)
	}
	if err != nil {
		return nil, errors.Join(err, entry.Discard())
	}
	return entry, nil
}

// File returns the path of the record, or an empty string if e is nil.
func (e *Entry) File() string {
	if e == nil {
		return ""
	}
	return e.journal.path(e.name, recordSuffix)
}

// Started records the TaskId of the start. Call Started before any other use of
// the TaskId, even logging. After an error, the record may still be pending, only
// the state has the TaskId, and nothing more is recorded.
func (e *Entry) Started(taskID string) error {
	if e == nil {
		return nil
	}
	// Set first: a record that may have a TaskId is not discarded.
	e.taskID = taskID
	return e.append(line{Record: lineStarted, TaskID: taskID})
}

// Returned records that Create ends with the task in its response and with a
// context that is not done. Call Returned after Started.
func (e *Entry) Returned() error {
	if e == nil {
		return nil
	}
	return e.append(line{Record: lineReturned})
}

// Reported records that a diagnostic of this Create has reported a start whose
// outcome is unknown.
func (e *Entry) Reported() error {
	if e == nil {
		return nil
	}
	e.journal.reported.Store(e.name, true)
	return e.append(line{Record: lineReported})
}

func (e *Entry) append(l line) error {
	if e.out == nil {
		return errors.New("the record is closed")
	}
	if e.writeErr == nil {
		e.writeErr = e.journal.append(e.out, l)
	}
	return e.writeErr
}

// Discard removes the record and ends the entry, for a start that provably did
// not run. It returns an error after Started. It does nothing after Close.
func (e *Entry) Discard() error {
	if e == nil {
		return nil
	}
	if e.taskID != "" {
		return errors.New("the record has a TaskId and stays")
	}
	return e.end(true)
}

// Close ends the entry and keeps the record. It does nothing after Discard or
// another Close, so it can be deferred.
func (e *Entry) Close() error {
	if e == nil {
		return nil
	}
	return e.end(false)
}

// end closes the record, removes it if remove is true, and gives up the lock,
// in this order: Windows does not remove open files, and an unlocked record would
// look like the record of a killed process.
func (e *Entry) end(remove bool) error {
	if e.out == nil {
		return nil
	}
	err := e.out.Close()
	e.out = nil
	if remove {
		err = errors.Join(err, removeFile(e.File()))
	}
	e.journal.release(e.name, e.lock)
	return err
}
