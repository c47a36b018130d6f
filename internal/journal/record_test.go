package journal

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// full is a whole record of the format, version 1, and keyHash the hash in its
// name. Both are promises to other versions.
const (
	full = `{"record":"pending","version":1,"at":"2026-01-02T03:04:05.000000678Z","key":{"service":"intl.tencentcloudapi.com","sdk_app_id":1400000001,"room_id_type":1,"room_id":"4242","user_id":"robot"},"region":"ap-singapore","arguments":{"auto_push":false,"repeat_num":-1}}
{"record":"started","at":"2026-01-02T03:04:05.000000678Z","task_id":"a+b/."}
{"record":"returned","at":"2026-01-02T03:04:05.000000678Z"}
{"record":"reported","at":"2026-01-02T03:04:05.000000678Z"}
`
	keyHash = "3cb640b3aae763983b962df3c4ff69af"
)

func fullLines() []string { return slices.Collect(strings.Lines(full)) }

func TestRecord_Format(t *testing.T) {
	t.Parallel()
	start := streamOf("robot")
	var got strings.Builder
	for _, l := range []line{
		{Record: linePending, Version: version, Key: &start.Key, Region: start.Region, Arguments: &start.Arguments},
		{Record: lineStarted, TaskID: "a+b/."},
		{Record: lineReturned},
		{Record: lineReported},
	} {
		l.At = testTime
		data, err := json.Marshal(l)
		noError(t, err)
		got.Write(append(data, '\n'))
	}
	if got.String() != full {
		t.Errorf("a record is\n%s\nwant\n%s", got.String(), full)
	}
	if got := start.Key.hash(); got != keyHash {
		t.Errorf("the hash of the key is %s, want %s", got, keyHash)
	}
	record, defect, err := parse([]byte(full))
	want := Record{
		State: Started, Start: start, At: testTime,
		TaskID: "a+b/.", Returned: true, Reported: true,
	}
	if defect != "" || err != nil || !reflect.DeepEqual(record, want) {
		t.Errorf("parse = %+v, %q, %v, want %+v", record, defect, err, want)
	}
}

// TestParse_EveryPrefix cuts a record after each byte, as a crash in any write does.
func TestParse_EveryPrefix(t *testing.T) {
	t.Parallel()
	lines := fullLines()
	pending := len(lines[0])
	startedEnd := pending + len(lines[1])
	returned := startedEnd + len(lines[2])
	for n := range len(full) + 1 {
		record, defect, _ := parse([]byte(full)[:n])
		want, wantDefect := Started, Defect("")
		switch {
		case n < pending:
			want, wantDefect = Invalid, Incomplete
		case n == pending:
			want = Pending
		case n < startedEnd:
			want, wantDefect = Invalid, Incomplete
		}
		if record.State != want || defect != wantDefect {
			t.Fatalf("the first %d bytes are %v, %q, want %v, %q", n, record.State, defect, want, wantDefect)
		}
		if hasTask := record.TaskID != ""; hasTask != (n >= startedEnd) {
			t.Errorf("the first %d bytes have TaskId %q", n, record.TaskID)
		}
		if hasKey := record.Key.UserID != ""; hasKey != (n >= pending) {
			t.Errorf("the first %d bytes have key %v", n, record.Key)
		}
		if record.Returned != (n >= returned) || record.Reported != (n == len(full)) {
			t.Errorf("the first %d bytes are returned %t, reported %t", n, record.Returned, record.Reported)
		}
	}
	reported := lines[0] + lines[3]
	if record, defect, _ := parse([]byte(reported)); record.State != Pending || !record.Reported || defect != "" {
		t.Errorf("a reported pending record is %+v, %q", record, defect)
	}
	if record, defect, _ := parse([]byte(reported + lines[3][:5])); record.State != Invalid || defect != Incomplete || record.At.IsZero() {
		t.Errorf("a pending record with an incomplete line is %+v, %q", record, defect)
	}
}

func TestParse_Invalid(t *testing.T) {
	t.Parallel()
	lines := fullLines()
	first := lines[0]
	for name, test := range map[string]struct {
		data string
		want Defect
	}{
		"newer":                  {`{"record":"intent","version":2,"more":[1]}` + "\n", Newer},
		"newer, known fields":    {strings.Replace(first, `"version":1`, `"version":2`, 1), Newer},
		"no version":             {strings.Replace(first, `"version":1,`, "", 1), Corrupt},
		"negative version":       {strings.Replace(first, `"version":1`, `"version":-1`, 1), Corrupt},
		"not JSON":               {"hello\n", Corrupt},
		"unknown field":          {strings.Replace(first, `"region"`, `"zone"`, 1), Newer},
		"unknown argument":       {strings.Replace(first, `"auto_push"`, `"volume"`, 1), Newer},
		"two values":             {strings.TrimSuffix(first, "\n") + "{}\n", Corrupt},
		"no time":                {strings.Replace(first, `"at":"2026-01-02T03:04:05.000000678Z",`, "", 1), Corrupt},
		"pending twice":          {first + first, Corrupt},
		"started twice":          {first + lines[1] + lines[1], Corrupt},
		"started after reported": {first + lines[3] + lines[1], Corrupt},
		"returned, not started":  {first + lines[2], Corrupt},
		"returned twice":         {first + lines[1] + lines[2] + lines[2], Corrupt},
		"started, no TaskId":     {first + `{"record":"started","at":"2026-01-02T03:04:05Z"}` + "\n", Corrupt},
		"blank line at the end":  {full + "\n", Corrupt},
	} {
		if record, defect, _ := parse([]byte(test.data)); record.State != Invalid || defect != test.want {
			t.Errorf("%s: parse = %v, %q, want invalid, %q", name, record.State, defect, test.want)
		}
	}
}

// TestRecord_NoSecretField checks that a record has only the fields in a list, none of
// which is a secret.
func TestRecord_NoSecretField(t *testing.T) {
	t.Parallel()
	var names []string
	var walk func(reflect.Type)
	walk = func(of reflect.Type) {
		for of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct || of == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			names = append(names, name)
			walk(of.Field(i).Type)
		}
	}
	walk(reflect.TypeFor[line]())
	want := []string{
		"record", "version", "at",
		"key", "service", "sdk_app_id", "room_id_type", "room_id", "user_id",
		"region", "arguments", "seek_second", "auto_push", "repeat_num", "max_duration", "idle_timeout",
		"task_id",
	}
	if !slices.Equal(names, want) {
		t.Errorf("a record has the fields %v, want %v", names, want)
	}
}
