package journal

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestEntry_Ends(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	entry := begin(t, j, "robot")
	noError(t, entry.Started("T"))
	if err := entry.Discard(); err == nil {
		t.Error("Discard of a task succeeds")
	}
	if got := content(t, entry.File()); got != fullLines()[0]+strings.Replace(fullLines()[1], "a+b/.", "T", 1) {
		t.Errorf("the record is %q", got)
	}
	if record := find(t, j, "robot"); record.State != Live || record.TaskID != "T" {
		t.Errorf("before Close the record is %+v, want a live one", record)
	}
	for range 2 {
		noError(t, entry.Close())
	}
	for i, err := range []error{entry.Returned(), entry.Reported()} {
		if err == nil {
			t.Errorf("method %d succeeds after Close", i)
		}
	}
	expectFiles(t, j.Dir(), entry.name+recordSuffix)
}

// TestEntry_ReportedInSameRun checks that a lost start that this run has reported keeps
// another create of the run from starting the stream.
func TestEntry_ReportedInSameRun(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	leave(t, j, "robot", reported)
	entry, others, err := j.Begin(streamOf("robot"))
	if err != nil || states(others) != "[pending]" || others[0].Reported {
		t.Errorf("in the same run Begin = %+v, %v, want a pending record that is not reported", others, err)
	}
	noError(t, entry.Discard())
	if record := find(t, open(t, j.Dir()), "robot"); !record.Reported {
		t.Error("in a later run the record is not reported")
	}
}

func TestEntry_Discard(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	entry := begin(t, j, "robot")
	for range 2 {
		noError(t, entry.Discard())
		expectFiles(t, j.Dir())
	}
	noError(t, entry.Close())
	if err := entry.Started("T"); err == nil {
		t.Error("Started succeeds after Discard")
	}

	closed := begin(t, j, "robot")
	if err := errors.Join(closed.Close(), closed.Discard()); err != nil || !exists(closed.File()) {
		t.Errorf("Discard after Close = %v and keeps the record: %t", err, exists(closed.File()))
	}
}

var errDisk = errors.New("no space left on device")

// faultyFile is a record whose nth operation fails: a write after part of its
// bytes.
type faultyFile struct {
	file

	fail       *int
	part       int
	noTruncate bool
}

func (f faultyFile) next() bool { *f.fail--; return *f.fail == 0 }

func (f faultyFile) Write(data []byte) (int, error) {
	if !f.next() {
		return f.file.Write(data)
	}
	n, err := f.file.Write(data[:min(f.part, len(data))])
	return n, errors.Join(err, errDisk)
}

func (f faultyFile) Sync() error {
	if f.next() {
		return errDisk
	}
	return f.file.Sync()
}

func (f faultyFile) Truncate(size int64) error {
	if f.noTruncate {
		return errDisk
	}
	return f.file.Truncate(size)
}

// faulty lets the nth write or sync of a record fail, or its creation if n is 0.
func faulty(tb testing.TB, n, part int, noTruncate bool) *Journal {
	tb.Helper()
	j := open(tb, tb.TempDir())
	j.open = func(path string, flag int) (file, error) {
		if n == 0 {
			return nil, errDisk
		}
		out, err := openAppend(path, flag)
		return faultyFile{out, &n, part, noTruncate}, err
	}
	return j
}

// TestBegin_Fails checks that a start that could not be recorded leaves no file, and
// that Begin returns the earlier records anyway.
func TestBegin_Fails(t *testing.T) {
	t.Parallel()
	unsynced := open(t, t.TempDir())
	unsynced.syncDir = func(string) error { return errDisk }
	for name, j := range map[string]*Journal{
		"nothing written":      faulty(t, 1, 0, false),
		"part written":         faulty(t, 1, 40, true),
		"all written":          faulty(t, 1, 1000, true),
		"not synced":           faulty(t, 2, 0, false),
		"not created":          faulty(t, 0, 0, false),
		"directory not synced": unsynced,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			earlier := leave(t, open(t, j.Dir()), "robot")
			entry, others, err := j.Begin(streamOf("robot"))
			var failed *DirectoryError
			if !errors.As(err, &failed) || failed.Problem != NotWritable || !errors.Is(err, errDisk) || entry != nil || states(others) != "[pending]" {
				t.Errorf("Begin = %v, %v, %v, want %q, its cause and the earlier record", entry, states(others), err, NotWritable)
			}
			expectFiles(t, j.Dir(), filepath.Base(earlier), nameOf(earlier)+lockSuffix)
		})
	}
}

// TestStarted_Fails checks that the record shows that a task may be running, that the
// record is not discarded, and that nothing is written after the incomplete line.
func TestStarted_Fails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		j    *Journal
		want State
	}{
		"nothing written":           {faulty(t, 3, 0, false), Pending},
		"part written":              {faulty(t, 3, 40, false), Pending},
		"part written and left":     {faulty(t, 3, 40, true), Invalid},
		"written but not synced":    {faulty(t, 4, 0, false), Started},
		"written whole, but failed": {faulty(t, 3, 1000, false), Pending},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entry := begin(t, test.j, "robot")
			if err := entry.Started("T"); !errors.Is(err, errDisk) {
				t.Fatalf("Started = %v, want %v", err, errDisk)
			}
			before := content(t, entry.File())
			if err := entry.Returned(); !errors.Is(err, errDisk) {
				t.Errorf("Returned = %v, want %v", err, errDisk)
			}
			if err := entry.Reported(); !errors.Is(err, errDisk) {
				t.Errorf("Reported = %v, want %v", err, errDisk)
			}
			if err := entry.Discard(); err == nil {
				t.Error("Discard succeeds")
			}
			noError(t, entry.Close())
			if after := content(t, entry.File()); after != before {
				t.Errorf("after Started failed, %q was written", after[len(before):])
			}
			if record := find(t, open(t, test.j.Dir()), "robot"); record.State != test.want || record.Key.UserID != "robot" {
				t.Errorf("the record is %+v, want %v", record, test.want)
			}
		})
	}
}

// TestMarkReported_Fails checks that a record that could not be marked is reported
// again.
func TestMarkReported_Fails(t *testing.T) {
	t.Parallel()
	for _, j := range []*Journal{faulty(t, 0, 0, false), faulty(t, 1, 10, false)} {
		leave(t, open(t, j.Dir()), "robot")
		record := find(t, open(t, j.Dir()), "robot")
		if err := j.MarkReported(bounded(t), record); !errors.Is(err, errDisk) {
			t.Errorf("MarkReported = %v, want %v", err, errDisk)
		}
		if record := find(t, open(t, j.Dir()), "robot"); record.State != Pending || record.Reported {
			t.Errorf("the record is %+v, want a pending one that is not reported", record)
		}
	}
}
