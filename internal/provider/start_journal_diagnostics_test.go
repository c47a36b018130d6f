package provider

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

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

// TestWarningsAboutARecord checks what is reported about a start that returned a
// TaskId.
func TestWarningsAboutARecord(t *testing.T) {
	t.Parallel()
	var plan streamIngestModel
	plan.setTask("T-1")
	for name, test := range map[string]struct {
		record startRecord
		want   []string
	}{
		"recorded":    {startRecord{started: true}, nil},
		"not written": {startRecord{started: true, failure: errors.New("no space left on device")}, []string{"T-1", "no space left on device", "is in state"}},
		"repeated":    {startRecord{started: true, earlierRun: time.Unix(0, 0)}, []string{"T-1", "1970-01-01T00:00:00Z", "callback 701"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := test.record.warnings(plan)
			if diags.HasError() || len(diags) != min(1, len(test.want)) {
				t.Fatalf("diagnostics %v, want a warning: %t", diags, test.want != nil)
			}
			for _, want := range test.want {
				if !strings.Contains(diags[0].Detail(), want) {
					t.Errorf("%q does not contain %q", diags[0].Detail(), want)
				}
			}
		})
	}
}
