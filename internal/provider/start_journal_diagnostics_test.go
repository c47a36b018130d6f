package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/journal"
)

// TestQuoted checks that a TaskId of any characters is a literal of the
// configuration language.
func TestQuoted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"task-1": `"task-1"`, `a"b`: `"a\"b"`, `a\b`: `"a\\b"`, "${x}": `"$${x}"`, "%{x}": `"%%{x}"`, "a/$b%": `"a/$b%"`,
	} {
		if got := quoted(text); got != want {
			t.Errorf("quoted(%q) = %s, want %s", text, got, want)
		}
	}
}

// TestDifferences checks that every argument of a record is compared.
func TestDifferences(t *testing.T) {
	t.Parallel()
	one, yes := int64(1), true
	all := journal.Arguments{SeekSecond: &one, AutoPush: &yes, RepeatNum: &one, MaxDuration: &one, IdleTimeout: &one}
	if text := differences(all, all); text != "" {
		t.Errorf("equal arguments differ: %s", text)
	}
	text := differences(journal.Arguments{}, all)
	for _, want := range []string{
		"seek_second = null (configured: 1)", "auto_push = null (configured: true)", "repeat_num = ", "max_duration = ", "idle_timeout = ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q does not contain %q", text, want)
		}
	}
}

// TestInterruptedStarts checks that the list of records is bounded, and that
// each kind of record is named.
func TestInterruptedStarts(t *testing.T) {
	t.Parallel()
	records := []journal.Record{
		{File: "started-file", State: journal.Started, TaskID: "T-1"},
		{File: "pending-file", State: journal.Pending},
		{File: "damaged-file", State: journal.Invalid, Err: &journal.RecordError{File: "damaged-file", Defect: journal.Corrupt}},
	}
	for i := range 20 {
		records = append(records, journal.Record{File: fmt.Sprintf("more-%d", i), State: journal.Pending})
	}
	text := interruptedStarts(records).Detail()
	for _, want := range []string{"task T-1", "started-file", "pending-file", "TaskId unknown", "damaged-file is damaged", "and 13 more"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q does not contain %q", text, want)
		}
	}
	if strings.Contains(text, "more-7") {
		t.Errorf("it lists more than %d records: %s", maxListed, text)
	}
}
