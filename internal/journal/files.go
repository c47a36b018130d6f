package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"
)

const (
	recordSuffix = ".jsonl"
	lockSuffix   = ".lock"

	// hashDigits and randomDigits are the lengths of the two parts of a name.
	hashDigits   = 32
	randomDigits = 16

	// lockTries is the maximum number of attempts to lock a file that others remove.
	lockTries = 10

	// maxRecord is the maximum size of a record. Documented values take less than
	// 1 KiB.
	maxRecord = 64 << 10
)

// file is an open record. Tests replace it to make writes fail.
type file interface {
	io.WriteCloser
	Stat() (fs.FileInfo, error)
	Sync() error
	Truncate(size int64) error
}

func openAppend(path string, flag int) (file, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_APPEND|noFollow|flag, 0o600) //nolint:gosec // A name of ours in the directory of the journal.
}

// append adds a line to the open record out and syncs it. It does not sync
// lineReturned: losing that line only causes a warning again. After a failed
// write, append truncates the record to its former size if the system can.
func (j *Journal) append(out file, l line) error {
	l.At = j.clock.Now().UTC()
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	info, err := out.Stat()
	if err != nil {
		return err
	}
	if _, err := out.Write(append(data, '\n')); err != nil {
		_ = out.Truncate(info.Size())
		return err
	}
	if l.Record == lineReturned {
		return nil
	}
	return out.Sync()
}

// names returns the names of all records, without the suffix and unsorted.
func (j *Journal) names() ([]string, error) {
	dir, err := os.Open(j.dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = dir.Close() }()
	entries, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(entries)/2)
	for _, entry := range entries {
		if name, isRecord := strings.CutSuffix(entry, recordSuffix); isRecord {
			names = append(names, name)
		}
	}
	return names, nil
}

func (j *Journal) path(name, suffix string) string { return filepath.Join(j.dir, name+suffix) }

func nameOf(path string) string { return strings.TrimSuffix(filepath.Base(path), recordSuffix) }

// hashOf returns the part of a name that all records of one key share, or the
// whole name if it has no such part.
func hashOf(name string) string {
	hash, _, _ := strings.Cut(name, "-")
	return hash
}

// isName reports whether name has the form that Begin gives to names.
func isName(name string) bool {
	hash, random, _ := strings.Cut(name, "-")
	isHex := func(part string, digits int) bool {
		return len(part) == digits && strings.Trim(part, "0123456789abcdef") == ""
	}
	return isHex(hash, hashDigits) && isHex(random, randomDigits)
}

// newLock returns a lock of the file path, which is created if it is missing.
func newLock(path string, flag int) *flock.Flock {
	return flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR|noFollow|flag), flock.SetPermissions(0o600))
}

// errLocked means that another process or goroutine has locked the record.
var errLocked = errors.New("the record is in use")

// acquire locks the record name, which exists, with a method of Flock. The error
// is errLocked if another process or goroutine holds the lock.
func (j *Journal) acquire(name string, try func(*flock.Flock) (bool, error)) (*flock.Flock, error) {
	path := j.path(name, lockSuffix)
	for range lockTries {
		lock := newLock(path, 0)
		locked, err := try(lock)
		if inUse(err) || err == nil && !locked {
			return nil, errLocked
		}
		if err != nil {
			return nil, err
		}
		// A lock on a removed file excludes no other process.
		opened, openedErr := lock.Stat()
		current, currentErr := os.Lstat(path)
		if openedErr == nil && currentErr == nil && os.SameFile(opened, current) {
			return lock, nil
		}
		_ = lock.Unlock()
	}
	return nil, errLocked
}

// release removes the file of an exclusive lock and then unlocks. In this order,
// no other process can have locked the removed file. Windows does not remove open
// files: on Windows, a file that another process has opened stays.
func (j *Journal) release(name string, lock *flock.Flock) {
	if removesOpenFiles {
		_ = removeFile(j.path(name, lockSuffix))
	}
	_ = lock.Unlock()
	if !removesOpenFiles {
		_ = removeFile(j.path(name, lockSuffix))
	}
}

// readAll returns the records that still exist, in the order of their names.
func (j *Journal) readAll(names []string) []Record {
	slices.Sort(names)
	records := make([]Record, 0, len(names))
	for _, name := range names {
		if record, found := j.read(name); found {
			records = append(records, record)
		}
	}
	return records
}

// read returns a record with its state, or false if it does not exist.
func (j *Journal) read(name string) (record Record, found bool) {
	// Locking would create a lock file, which must not happen for a removed record
	// or for a file that is not a record.
	record, found = j.readContent(name)
	if !found || record.Err != nil && record.Err.Defect == Foreign {
		return record, found
	}
	lock, err := j.acquire(name, (*flock.Flock).TryRLock)
	switch {
	case errors.Is(err, errLocked) && record.Returned:
		// The lock is held for a moment, mostly to remove the record.
		return record, true
	case errors.Is(err, errLocked):
		record.State, record.Err = Live, nil
		return record, true
	case err != nil:
		return record.invalid(Unreadable, err), true
	}
	defer func() { _ = lock.Unlock() }()
	// The owner or another process may have written since the first read.
	record, found = j.readContent(name)
	if _, markedHere := j.reported.Load(name); markedHere {
		record.Reported = false
	}
	return record, found
}

// readContent returns the content of a record, whether or not the record has an
// owner, or false if the file does not exist.
func (j *Journal) readContent(name string) (record Record, found bool) {
	path := j.path(name, recordSuffix)
	data, defect, err := readFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Record{}, false
	case inUse(err):
		return Record{File: path, State: Live}, true
	case defect == "":
		record, defect, err = parse(data)
		if !isName(name) || !record.At.IsZero() && record.Key.hash() != hashOf(name) {
			defect, err = Foreign, nil
		}
	}
	record.File = path
	if defect != "" {
		record = record.invalid(defect, err)
	}
	return record, true
}

// invalid returns the record with the reason why it cannot be trusted.
func (r Record) invalid(defect Defect, err error) Record {
	r.State, r.Err = Invalid, &RecordError{File: r.File, Defect: defect, Err: err}
	return r
}

// readFile returns the content of a regular file of at most maxRecord bytes, or
// the defect that keeps it from being read.
func readFile(path string) ([]byte, Defect, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, Unreadable, err
	}
	if !info.Mode().IsRegular() {
		return nil, Foreign, errors.New("it is not a regular file")
	}
	if info.Size() > maxRecord {
		return nil, Corrupt, fmt.Errorf("it has %d bytes, more than any record", info.Size())
	}
	in, err := os.OpenFile(path, os.O_RDONLY|noFollow, 0) //nolint:gosec // A name that the directory of the journal lists.
	if err != nil {
		return nil, Unreadable, err
	}
	defer func() { _ = in.Close() }()
	data, err := io.ReadAll(io.LimitReader(in, maxRecord))
	if err != nil {
		return nil, Unreadable, err
	}
	return data, "", nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// removeFile removes a file of the journal. It returns nil if the file is missing.
func removeFile(path string) error {
	err := os.Remove(path) //nolint:gosec,nolintlint // A name of ours; not every run of the linter sees it.
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
