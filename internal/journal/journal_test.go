package journal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/gofrs/flock"
)

var (
	returned = (*Entry).Returned
	reported = (*Entry).Reported
	service  = streamOf("").Key.Service
)

// TestRecord_States checks the record that each end of a Create leaves.
func TestRecord_States(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		steps      []func(*Entry) error
		want       Record
		unreturned bool
		unreported bool
	}{
		"killed before the response": {
			want: Record{State: Pending}, unreturned: true, unreported: true,
		},
		"a lost response that was reported": {
			steps: []func(*Entry) error{reported},
			want:  Record{State: Pending, Reported: true}, unreturned: true,
		},
		"killed after the response": {
			steps: []func(*Entry) error{started("T")},
			want:  Record{State: Started, TaskID: "T"}, unreturned: true, unreported: true,
		},
		"a task and a warning": {
			steps: []func(*Entry) error{started("T"), reported},
			want:  Record{State: Started, TaskID: "T", Reported: true}, unreturned: true, unreported: true,
		},
		"returned": {
			steps: []func(*Entry) error{started("T"), returned},
			want:  Record{State: Started, TaskID: "T", Returned: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			test.want.File = leave(t, open(t, dir), "robot", test.steps...)
			test.want.Start, test.want.At = streamOf("robot"), testTime
			j := open(t, dir)
			if got := find(t, j, "robot"); !reflect.DeepEqual(got, test.want) {
				t.Errorf("the record is %+v, want %+v", got, test.want)
			}
			unreturned, err := j.Unreturned(service)
			unreported, unreportedErr := j.Unreported(service)
			if err != nil || unreportedErr != nil || (len(unreturned) == 1) != test.unreturned || (len(unreported) == 1) != test.unreported {
				t.Errorf("Unreturned = %v, %v, Unreported = %v, %v", states(unreturned), err, states(unreported), unreportedErr)
			}
			if records, err := j.Unreturned("trtc.tencentcloudapi.com"); err != nil || len(records) > 0 {
				t.Errorf("Unreturned of another service = %s, %v, want nothing", states(records), err)
			}
			expectFiles(t, dir, filepath.Base(test.want.File), nameOf(test.want.File)+lockSuffix)
		})
	}
}

func TestBegin_OtherStreams(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	for _, user := range []string{"robot", "robot2", "Robot"} {
		entry := begin(t, j, user)
		t.Cleanup(func() { _ = entry.Close() })
	}
	other := streamOf("robot")
	other.Region = "ap-jakarta"
	entry, records, err := j.Begin(other)
	if err != nil || states(records) != "[live]" {
		t.Fatalf("Begin = %s, %v, want the live record", states(records), err)
	}
	if records[0].Key.UserID != "robot" || !records[0].At.Equal(testTime) {
		t.Errorf("the live record is %+v, want its stream and time", records[0])
	}
	noError(t, entry.Discard())
}

// TestRead_ReturnedIsNotLive checks that a refresh that removes the record of its
// task is not taken for another run that starts the stream.
func TestRead_ReturnedIsNotLive(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	for want, steps := range map[State][]func(*Entry) error{Live: {started("T")}, Started: {started("T"), returned}} {
		name := nameOf(leave(t, j, string(want), steps...))
		remover, err := j.acquire(name, (*flock.Flock).TryLock)
		if err != nil {
			t.Fatal(err)
		}
		if got := find(t, open(t, j.Dir()), string(want)); got.State != want {
			t.Errorf("the record is %v while it is removed, want %v", got.State, want)
		}
		j.release(name, remover)
	}
}

func TestMarkReported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := leave(t, open(t, dir), "robot")
	j := open(t, dir)
	record := find(t, j, "robot")
	for range 2 {
		noError(t, j.MarkReported(bounded(t), record))
	}
	if want := fullLines()[0] + fullLines()[3]; content(t, path) != want {
		t.Errorf("the record is %q, want %q", content(t, path), want)
	}
	expectFiles(t, dir, filepath.Base(path))
	entry, records, err := j.Begin(streamOf("robot"))
	if err != nil || len(records) != 1 || records[0].State != Pending || records[0].Reported {
		t.Errorf("in the same run Begin = %+v, %v, want a pending record that is not reported", records, err)
	}
	noError(t, entry.Discard())
	if later := find(t, open(t, dir), "robot"); later.State != Pending || !later.Reported {
		t.Errorf("in a later run the record is %+v, want a reported pending one", later)
	}
	noError(t, os.Remove(path))
	if err := open(t, dir).MarkReported(bounded(t), record); err != nil || exists(path) {
		t.Errorf("MarkReported of a removed record = %v and creates it: %t", err, exists(path))
	}
}

// TestMarkReported_Waits checks that MarkReported waits while others read the record,
// and marks nothing if the context ends first.
func TestMarkReported_Waits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := leave(t, open(t, dir), "robot")
	j := open(t, dir)
	record := find(t, j, "robot")
	reader := newLock(j.path(nameOf(path), lockSuffix), 0)
	if locked, err := reader.TryRLock(); !locked {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := j.MarkReported(ended, record); !errors.Is(err, context.Canceled) {
		t.Errorf("MarkReported = %v, want %v", err, context.Canceled)
	}
	if got := content(t, path); got != fullLines()[0] {
		t.Errorf("the record is %q, want it unchanged", got)
	}
	marked := make(chan error)
	go func() { marked <- j.MarkReported(bounded(t), record) }()
	noError(t, reader.Unlock())
	if err := <-marked; err != nil || !strings.Contains(content(t, path), lineReported) {
		t.Errorf("MarkReported = %v, the record %q", err, content(t, path))
	}
}

// TestMarkReported_LeavesOthersAlone checks that only pending records are marked as
// reported.
func TestMarkReported_LeavesOthersAlone(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	entry := begin(t, j, "live")
	t.Cleanup(func() { _ = entry.Close() })
	path := leave(t, j, "started", started("T"))
	before := content(t, path) + content(t, entry.File())
	for _, user := range []string{"live", "started"} {
		noError(t, j.MarkReported(bounded(t), find(t, j, user)))
	}
	// A record that has changed since it was read is not marked either.
	record := find(t, j, "started")
	record.State = Pending
	noError(t, j.MarkReported(bounded(t), record))
	if after := content(t, path) + content(t, entry.File()); after != before {
		t.Errorf("the records are %q, want %q", after, before)
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	path := leave(t, j, "robot", started("T"))
	record := find(t, j, "robot")
	other, pending := record, record
	other.TaskID, pending.State = "U", Pending
	for _, wrong := range []Record{other, pending} {
		if err := j.Remove(wrong); err != nil || !exists(path) {
			t.Fatalf("Remove(%+v) = %v and removes the record: %t", wrong, err, !exists(path))
		}
	}
	whole := content(t, path)
	write(t, j.Dir(), nameOf(path), whole+"damaged\n") // after it was read
	if err := j.Remove(record); err != nil || !exists(path) {
		t.Errorf("Remove = %v and removes the damaged record: %t", err, !exists(path))
	}
	write(t, j.Dir(), nameOf(path), whole)
	for range 2 {
		noError(t, j.Remove(record))
		expectFiles(t, j.Dir())
	}
}

func TestRemoveTask(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writer := open(t, dir)
	kept := leave(t, writer, "kept", started("K"))
	leave(t, writer, "robot", started("T"), returned)
	live := begin(t, writer, "live")
	noError(t, live.Started("L"))
	pending := leave(t, writer, "pending")
	j := open(t, dir)
	for _, task := range []struct {
		sdkAppID int64
		taskID   string
	}{{1400000001, "T"}, {1400000001, "T"}, {1400000001, "L"}, {1400000002, "K"}, {1400000001, "k"}, {1400000001, ""}} {
		if err := j.RemoveTask(task.sdkAppID, task.taskID); err != nil {
			t.Errorf("RemoveTask(%v) = %v", task, err)
		}
	}
	for _, path := range []string{kept, live.File(), pending} {
		if !exists(path) {
			t.Errorf("%s was removed", path)
		}
	}
	if names, err := j.names(); err != nil || len(names) != 3 {
		t.Errorf("the records are %v, %v, want three", names, err)
	}
	noError(t, live.Close())
	if err := j.RemoveTask(1400000001, "L"); err != nil || exists(live.File()) {
		t.Errorf("RemoveTask after the owner has ended = %v and leaves the record: %t", err, exists(live.File()))
	}
}

// TestJournal_Off checks that all methods of a disabled journal do nothing.
func TestJournal_Off(t *testing.T) {
	t.Parallel()
	var j *Journal
	entry, others, err := j.Begin(Start{})
	if entry != nil || others != nil || err != nil {
		t.Errorf("Begin = %v, %v, %v", entry, others, err)
	}
	unreturned, unreturnedErr := j.Unreturned(service)
	unreported, unreportedErr := j.Unreported(service)
	looked, lookupErr := j.Lookup(Key{})
	if len(unreturned)+len(unreported)+len(looked) > 0 || j.Dir() != "" || j.Exposed() || entry.File() != "" {
		t.Error("a disabled journal has something")
	}
	for i, err := range []error{
		unreturnedErr, unreportedErr, lookupErr,
		j.MarkReported(t.Context(), Record{State: Pending}), j.Remove(Record{State: Started}), j.RemoveTask(1, "T"),
		entry.Started("T"), entry.Returned(), entry.Reported(), entry.Discard(), entry.Close(),
	} {
		if err != nil {
			t.Errorf("method %d of a disabled journal = %v", i, err)
		}
	}
}

// TestJournal_RemovedDirectory checks that a start in a removed directory fails with a
// *DirectoryError, and that queries return an error.
func TestJournal_RemovedDirectory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "starts")
	j := open(t, dir)
	noError(t, os.Remove(dir))
	entry, _, err := j.Begin(streamOf("robot"))
	var failed *DirectoryError
	if !errors.As(err, &failed) || failed.Problem != NotWritable || !failed.Configured || entry != nil {
		t.Errorf("Begin = %v, %v, want %q", entry, err, NotWritable)
	}
	if exists(dir) {
		t.Error("Begin created the directory again")
	}
	if _, err := j.Lookup(streamOf("robot").Key); err == nil {
		t.Error("Lookup succeeds")
	}
	if _, err := j.Unreported(service); err == nil {
		t.Error("Unreported succeeds")
	}
	if err := j.RemoveTask(1, "T"); err == nil {
		t.Error("RemoveTask succeeds")
	}
}
