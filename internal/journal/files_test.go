package journal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofrs/flock"
)

func TestIsName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		recordName("robot", 1):                   true,
		recordName("robot", 1) + " (copy)":       false,
		strings.ToUpper(recordName("robot", 10)): false,
		recordName("robot", 1)[1:]:               false,
		recordName("robot", 1) + "0":             false,
		"":                                       false,
		"-":                                      false,
		keyHash:                                  false,
		keyHash + "_" + keyHash[:randomDigits]:   false,
	} {
		if got := isName(name); got != want {
			t.Errorf("isName(%q) = %t, want %t", name, got, want)
		}
	}
}

// find returns the one record that Begin and Lookup find for the stream of
// user.
func find(tb testing.TB, j *Journal, user string) Record {
	tb.Helper()
	entry, records, err := j.Begin(streamOf(user))
	if err != nil {
		tb.Fatal(err)
	}
	noError(tb, entry.Discard())
	looked, err := open(tb, j.Dir()).Lookup(streamOf(user).Key)
	if err != nil || states(looked) != states(records) {
		tb.Errorf("Lookup = %s, %v, want %s as Begin", states(looked), err, states(records))
	}
	if len(records) != 1 {
		tb.Fatalf("Begin found %s, want one record", states(records))
	}
	return records[0]
}

// expectForeign checks that the file path is reported and that nothing is
// created beside it.
func expectForeign(tb testing.TB, j *Journal, path string) {
	tb.Helper()
	before := files(tb, j.Dir())
	record := find(tb, j, "robot")
	if record.State != Invalid || record.File != path || record.Err == nil || record.Err.Defect != Foreign {
		tb.Errorf("the record is %+v, want a foreign %s", record, path)
	}
	if record.Err != nil && !strings.Contains(record.Err.Error(), path) {
		tb.Errorf("the error %q does not name the file", record.Err)
	}
	expectFiles(tb, j.Dir(), before...)
}

func TestRead_ForeignFiles(t *testing.T) {
	t.Parallel()
	name := recordName("robot", 1)
	for text, prepare := range map[string]func(dir string) string{
		"a copy with another name":     func(dir string) string { return write(t, dir, name+" (copy)", full) },
		"the record of another stream": func(dir string) string { return write(t, dir, name, strings.Replace(full, `"robot"`, `"other"`, 1)) },
		"a directory": func(dir string) string {
			path := filepath.Join(dir, name+recordSuffix)
			noError(t, os.Mkdir(path, 0o700))
			return path
		},
		"a link to a record": func(dir string) string {
			return link(t, write(t, t.TempDir(), name, full), filepath.Join(dir, name+recordSuffix))
		},
	} {
		j := open(t, t.TempDir())
		path := prepare(j.Dir())
		expectForeign(t, j, path)
		if err := open(t, j.Dir()).RemoveTask(1400000001, "a+b/."); err != nil || !exists(path) {
			t.Errorf("%s: RemoveTask = %v and removed the file: %t", text, err, !exists(path))
		}
		if records, err := open(t, j.Dir()).Unreturned(service); err != nil || states(records) != "[invalid]" {
			t.Errorf("%s: Unreturned = %s, %v, want the foreign file", text, states(records), err)
		}
	}
}

func TestBegin_OtherFiles(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	for _, name := range []string{".DS_Store", recordName("robot", 1) + ".lock", recordName("robot", 1) + ".json"} {
		noError(t, os.WriteFile(filepath.Join(j.Dir(), name), nil, 0o600))
	}
	before := files(t, j.Dir())
	noError(t, begin(t, j, "robot").Discard())
	if records, err := j.Unreturned(service); err != nil || len(records) > 0 {
		t.Errorf("Unreturned = %s, %v, want nothing", states(records), err)
	}
	expectFiles(t, j.Dir(), before...)
}

// TestInvalidRecord_Unchanged checks that an invalid record is returned with its file
// name, and is not marked or removed.
func TestInvalidRecord_Unchanged(t *testing.T) {
	t.Parallel()
	lines := fullLines()
	for name, test := range map[string]struct {
		content string
		want    Defect
	}{
		"empty":              {"", Incomplete},
		"incomplete pending": {lines[0][:100], Incomplete},
		"incomplete started": {lines[0] + lines[1][:len(lines[1])-1], Incomplete},
		"damaged":            {"damaged\n" + full, Corrupt},
		"damaged later":      {lines[0] + lines[1] + "damaged\n", Corrupt},
		"too large":          {full + strings.Repeat(lines[3], maxRecord/len(lines[3])), Corrupt},
		"newer":              {strings.Replace(full, `"version":1`, `"version":2`, 1), Newer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := open(t, t.TempDir())
			path := write(t, j.Dir(), recordName("robot", 1), test.content)
			record := find(t, j, "robot")
			if record.State != Invalid || record.File != path || record.Err == nil || record.Err.Defect != test.want {
				t.Fatalf("the record is %+v, want %q", record, test.want)
			}
			if text := record.Err.Error(); !strings.Contains(text, path) || !strings.Contains(text, string(test.want)) {
				t.Errorf("the error is %q, want the file and the defect", text)
			}
			for _, err := range []error{
				j.MarkReported(bounded(t), record), j.Remove(record),
				open(t, j.Dir()).RemoveTask(1400000001, "a+b/."),
			} {
				if err != nil {
					t.Error(err)
				}
			}
			if got := content(t, path); got != test.content {
				t.Errorf("the record was changed to %q", got)
			}
			if records, err := open(t, j.Dir()).Unreported(service); err != nil || states(records) != "[invalid]" {
				t.Errorf("Unreported = %s, %v, want the record", states(records), err)
			}
		})
	}
}

// TestAcquire_RemovedLockFile checks that acquire locks again after the locked file was
// removed, because a lock on a removed file excludes no other process.
func TestAcquire_RemovedLockFile(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	name := nameOf(leave(t, j, "robot"))
	for _, removals := range []int{1, lockTries} {
		tries := 0
		lock, err := j.acquire(name, func(lock *flock.Flock) (bool, error) {
			locked, err := lock.TryLock()
			if tries++; tries <= removals {
				if err := os.Remove(j.path(name, lockSuffix)); err != nil {
					t.Skip(err)
				}
			}
			return locked, err
		})
		if removals == lockTries {
			if !errors.Is(err, errLocked) {
				t.Errorf("acquire = %v, want %v", err, errLocked)
			}
			continue
		}
		if err != nil || tries != removals+1 {
			t.Fatalf("acquire = %v after %d tries, want success after %d", err, tries, removals+1)
		}
		if _, err := j.acquire(name, (*flock.Flock).TryRLock); !errors.Is(err, errLocked) {
			t.Errorf("acquire of a locked record = %v, want %v", err, errLocked)
		}
		j.release(name, lock)
		expectFiles(t, j.Dir(), name+recordSuffix)
	}
}

// TestRead_LockFails checks that a record that cannot be locked is invalid, because it
// may have an owner.
func TestRead_LockFails(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	path := leave(t, j, "robot", started("T"))
	noError(t, os.Mkdir(j.path(nameOf(path), lockSuffix), 0o700))
	record := find(t, j, "robot")
	if record.State != Invalid || record.Err.Defect != Unreadable || record.Err.Unwrap() == nil {
		t.Errorf("the record is %+v, want %q", record, Unreadable)
	}
	if err := open(t, j.Dir()).RemoveTask(1400000001, "T"); err == nil || !exists(path) {
		t.Errorf("RemoveTask = %v and removed the file: %t, want an error", err, !exists(path))
	}
}
