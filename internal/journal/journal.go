package journal

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/homedir"
)

// lockRetry is the interval between attempts to lock a record without an owner.
// Other processes hold the lock for one read or one sync.
const lockRetry = 5 * time.Millisecond

// Journal is the start journal in one directory. It is safe for concurrent use.
// A nil *Journal is a disabled journal: it has no records and its entries are nil.
type Journal struct {
	dir        string
	configured bool
	relative   bool
	exposed    bool
	clock      clock.Clock
	open       func(path string, flag int) (file, error)
	syncDir    func(dir string) error
	// index returns the result of loadIndex, which it calls once.
	index func() ([]Record, error)
	// reported has the names of the records that this Journal marked as reported.
	reported sync.Map
}

// Open returns the journal in the directory that cfg names, and creates the
// directory if it is missing. It checks that files in it can be created and
// locked. The error is a *DirectoryError.
func Open(cfg Config) (*Journal, error) {
	isConfigured, dir := cfg.Dir != "", cfg.Dir
	failure := func(problem Problem, err error) (*Journal, error) {
		return nil, &DirectoryError{Dir: dir, Configured: isConfigured, Problem: problem, Err: err}
	}
	configured, err := homedir.Expand(cfg.Dir, cfg.HomeDir)
	switch {
	case err != nil:
	case isConfigured:
		dir, err = filepath.Abs(configured)
	default:
		dir, err = cfg.defaultDir()
	}
	if err != nil {
		return failure(NoLocation, err)
	}
	if err := createDir(dir); err != nil {
		return failure(NotCreated, err)
	}
	info, err := os.Lstat(dir)
	switch {
	case err != nil:
		return failure(NotWritable, err)
	case info.Mode()&fs.ModeSymlink != 0:
		return failure(SymbolicLink, nil)
	case !info.IsDir():
		return failure(NotDirectory, nil)
	}
	isExposed := exposed(info, os.Geteuid())
	if isExposed && !isConfigured {
		return failure(NotPrivate, nil)
	}
	path := filepath.Join(dir, "check-"+newRandom()+lockSuffix)
	if problem, err := checkLocks(path, newLock(path, os.O_EXCL), newLock(path, 0)); problem != "" {
		return failure(problem, err)
	}
	j := &Journal{
		dir:        dir,
		configured: isConfigured,
		relative:   isConfigured && !filepath.IsAbs(configured),
		exposed:    isExposed,
		clock:      cfg.Clock,
		open:       openAppend,
		syncDir:    syncDir,
	}
	j.index = sync.OnceValues(j.loadIndex)
	return j, nil
}

// Dir returns the directory as an absolute path, or an empty string if j is nil.
func (j *Journal) Dir() string {
	if j == nil {
		return ""
	}
	return j.dir
}

// Exposed reports whether the directory, which was configured, belongs to
// another user or can be written by others: they can hide or forge records.
func (j *Journal) Exposed() bool { return j != nil && j.exposed }

// Relative reports whether the configured directory is relative to the working
// directory.
func (j *Journal) Relative() bool { return j != nil && j.relative }

// Begin records that start is about to be sent, and returns the other records
// of the same key, which decide whether it may be sent. It writes first and
// reads second, so that of two runs that start one stream at least one finds
// the other.
//
// The error is a *DirectoryError if the record could not be written or the
// others could not be listed. This start is then not recorded and the entry is
// nil: its methods do nothing. Begin returns the other records that it could list.
// Without an error, the caller ends the entry with Discard or Close.
func (j *Journal) Begin(start Start) (entry *Entry, others []Record, err error) {
	if j == nil {
		return nil, nil, nil
	}
	hash := start.Key.hash()
	newName := hash + "-" + newRandom()
	entry, err = j.begin(newName, start)
	names, listErr := j.names()
	names = slices.DeleteFunc(names, func(name string) bool { return name == newName || hashOf(name) != hash })
	others = j.readAll(names)
	if err == nil && listErr == nil {
		return entry, others, nil
	}
	err = errors.Join(err, listErr, entry.Discard())
	return nil, others, &DirectoryError{Dir: j.dir, Configured: j.configured, Problem: NotWritable, Err: err}
}

// Lookup returns the records of key, for a plan. Files are listed once per
// Journal, so a record that was created since may be missing: only Begin
// decides whether a start may be sent.
func (j *Journal) Lookup(key Key) ([]Record, error) {
	if j == nil {
		return nil, nil
	}
	hash := key.hash()
	names, err := j.indexedNames(func(record Record) bool { return hashOf(nameOf(record.File)) == hash })
	return j.readAll(names), err
}

// Unreturned returns the records of starts to service whose owner is gone and
// that no Create returned: their tasks may be running and are in no state. The
// records are pending, started or invalid. If the service of an invalid record is
// unknown, the record is returned for every service. Records that this user is not
// allowed to read belong to another user and are left out. Files are listed once
// per Journal.
func (j *Journal) Unreturned(service string) ([]Record, error) {
	if j == nil {
		return nil, nil
	}
	names, err := j.indexedNames(Record.unreturned)
	return slices.DeleteFunc(j.readAll(names), func(record Record) bool {
		isOfService := record.Key.Service == service || record.Key.Service == "" && record.State == Invalid
		return !isOfService || !record.unreturned() || record.Err != nil && errors.Is(record.Err, fs.ErrPermission)
	}), err
}

// Unreported returns the records that Unreturned returns, without those that
// are pending and that a diagnostic of an earlier run has named.
func (j *Journal) Unreported(service string) ([]Record, error) {
	records, err := j.Unreturned(service)
	return slices.DeleteFunc(records, func(record Record) bool {
		return record.State == Pending && record.Reported
	}), err
}

// MarkReported records that a diagnostic has named record, so that a later run
// warns about record instead of refusing to start. It changes pending records
// only. It blocks while another process reads or marks the record. It returns the
// context's error if ctx ends first.
func (j *Journal) MarkReported(ctx context.Context, record Record) error {
	if j == nil || record.State != Pending || record.Reported {
		return nil
	}
	name := nameOf(record.File)
	lock, err := j.acquire(name, func(lock *flock.Flock) (bool, error) {
		return lock.TryLockContext(ctx, lockRetry)
	})
	if err != nil {
		return err
	}
	defer j.release(name, lock)
	if current, _ := j.readContent(name); current.State != Pending || current.Reported {
		return nil
	}
	out, err := j.open(record.File, 0)
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	j.reported.Store(name, true)
	return j.append(out, line{Record: lineReported})
}

// Remove removes a started record whose task has ended. It returns nil if another
// process has removed the record. It does not remove a record that is in use.
func (j *Journal) Remove(record Record) error {
	if j == nil || record.State != Started {
		return nil
	}
	return j.remove(nameOf(record.File), record.task())
}

// RemoveTask removes the record of a task that was found in a prior state, and
// is therefore managed. The caller leaves out an import that is not adopted
// yet, because its plan may be discarded. RemoveTask reads no file if the task has
// no record: records are found through an index that is loaded once per Journal.
func (j *Journal) RemoveTask(sdkAppID int64, taskID string) error {
	if j == nil {
		return nil
	}
	task := taskKey{sdkAppID, taskID}
	names, err := j.indexedNames(func(record Record) bool { return record.task() == task })
	for _, name := range names {
		err = errors.Join(err, j.remove(name, task))
	}
	return err
}

// remove deletes the record name if the record has no owner and belongs to task.
func (j *Journal) remove(name string, task taskKey) error {
	lock, err := j.acquire(name, (*flock.Flock).TryLock)
	if errors.Is(err, errLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	defer j.release(name, lock)
	if current, _ := j.readContent(name); current.State != Started || task != current.task() {
		return nil
	}
	if err := removeFile(j.path(name, recordSuffix)); !inUse(err) {
		return err
	}
	return nil
}
