package journal

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestIndex_LoadedOnce checks that only the first query lists the directory, and that
// only Begin finds later records.
func TestIndex_LoadedOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	leave(t, open(t, dir), "early", started("E"))
	j := open(t, dir)
	noError(t, j.RemoveTask(1400000001, "unknown"))
	path := leave(t, open(t, dir), "late", started("L"))
	if err := j.RemoveTask(1400000001, "L"); err != nil || !exists(path) {
		t.Errorf("RemoveTask of a later record = %v and removes it: %t", err, !exists(path))
	}
	if records, err := j.Lookup(streamOf("late").Key); err != nil || len(records) > 0 {
		t.Errorf("Lookup of a later record = %s, %v, want nothing", states(records), err)
	}
	entry, records, err := j.Begin(streamOf("late"))
	if err != nil || states(records) != "[started]" {
		t.Errorf("Begin = %s, %v, want the later record", states(records), err)
	}
	noError(t, entry.Discard())
}

// TestIndex_ChangedRecord checks that a record that was changed or removed after the
// index was loaded is read again.
func TestIndex_ChangedRecord(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writer := open(t, dir)
	gone := leave(t, writer, "gone", started("G"))
	entry := begin(t, writer, "robot")
	j := open(t, dir)
	if records, err := j.Unreturned(service); err != nil || states(records) != "[started]" {
		t.Fatalf("Unreturned = %s, %v, want the one without an owner", states(records), err)
	}
	noError(t, os.Remove(gone))
	noError(t, entry.Started("T"))
	noError(t, entry.Close())
	records, err := j.Unreturned(service)
	if err != nil || len(records) != 1 || records[0].TaskID != "T" {
		t.Errorf("Unreturned = %+v, %v, want task T", records, err)
	}
	if records, err := j.Lookup(streamOf("gone").Key); err != nil || len(records) > 0 {
		t.Errorf("Lookup = %s, %v, want nothing", states(records), err)
	}
	noError(t, j.RemoveTask(1400000001, "G"))
	if names, err := j.names(); err != nil || !slices.Equal(names, []string{entry.name}) {
		t.Errorf("the records are %v, %v, want %s alone", names, err, entry.name)
	}
}

// TestIndex_ConcurrentRemoval removes some of many records from many goroutines at
// once, as a refresh does.
func TestIndex_ConcurrentRemoval(t *testing.T) {
	t.Parallel()
	const all, managed = 300, 100
	dir := t.TempDir()
	record := strings.Join(fullLines()[:3], "")
	for i := range all {
		user := fmt.Sprintf("u%d", i)
		write(t, dir, recordName(user, i), strings.NewReplacer("robot", user, "a+b/.", fmt.Sprintf("T-%d", i)).Replace(record))
	}
	leave(t, open(t, dir), "lost", started("lost"))
	j := open(t, dir)
	var wait sync.WaitGroup
	for i := range 2 * managed { // Every task is met twice.
		wait.Go(func() {
			if err := j.RemoveTask(1400000001, fmt.Sprintf("T-%d", i%managed)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if names, err := j.names(); err != nil || len(names) != all-managed+1 {
		t.Errorf("%d records are left, %v, want %d", len(names), err, all-managed+1)
	}
	if records, err := j.Unreported(service); err != nil || len(records) != 1 || records[0].TaskID != "lost" {
		t.Errorf("Unreported = %s, %v, want the lost one alone", states(records), err)
	}
	if records, err := j.Lookup(streamOf("u299").Key); err != nil || len(records) != 1 || records[0].TaskID != "T-299" {
		t.Errorf("Lookup = %s, %v, want the record", states(records), err)
	}
}
