package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const version = 1

// Key identifies the stream of a start. Service is the identity of the service
// that receives the start: a site, or a host with an optional port. The
// other fields are the resource's arguments.
type Key struct {
	Service    string `json:"service"`
	SdkAppID   int64  `json:"sdk_app_id"`
	RoomIDType int64  `json:"room_id_type"`
	RoomID     string `json:"room_id"`
	UserID     string `json:"user_id"`
}

// hash returns the part of the file name that all records of k share.
func (k Key) hash() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		k.Service, strconv.FormatInt(k.SdkAppID, 10), strconv.FormatInt(k.RoomIDType, 10), k.RoomID, k.UserID,
	}, "\x00")))
	return hex.EncodeToString(sum[:hashDigits/2])
}

// Arguments are the plain arguments of a start that an update cannot change.
// An argument that was not sent is nil.
type Arguments struct {
	SeekSecond  *int64 `json:"seek_second,omitempty"`
	AutoPush    *bool  `json:"auto_push,omitempty"`
	RepeatNum   *int64 `json:"repeat_num,omitempty"`
	MaxDuration *int64 `json:"max_duration,omitempty"`
	IdleTimeout *int64 `json:"idle_timeout,omitempty"`
}

// All returns the arguments by name. An argument that was not sent is nil.
func (a Arguments) All() map[string]any {
	return map[string]any{
		"seek_second": valueOf(a.SeekSecond), "auto_push": valueOf(a.AutoPush), "repeat_num": valueOf(a.RepeatNum),
		"max_duration": valueOf(a.MaxDuration), "idle_timeout": valueOf(a.IdleTimeout),
	}
}

func valueOf[T any](pointer *T) any {
	if pointer == nil {
		return nil
	}
	return *pointer
}

// Start holds the fields that are recorded before a start is sent.
type Start struct {
	Key       Key
	Region    string
	Arguments Arguments
}

// State is the outcome of a start according to its record.
type State string

const (
	// Live is a record whose owner is still running, or that another process is
	// marking or removing now. The other fields of the record may be empty. A start
	// that returned is never Live.
	Live State = "live"
	// Pending is a start that may have been sent and whose outcome is unknown:
	// a task may be running.
	Pending State = "pending"
	// Started is a start that returned TaskID.
	Started State = "started"
	// Invalid is a file that cannot be trusted: Err has the reason. The file is
	// never removed or changed, and a task may be running. The fields that were read
	// before the defect are set.
	Invalid State = "invalid"
)

// Record is one start and its outcome.
type Record struct {
	// File is the path of the record.
	File  string
	State State

	Start

	// At is the time at which the record was created, just before the first request.
	At time.Time
	// TaskID is set if the service's response was recorded.
	TaskID string
	// Returned reports whether Create ended with a live context after the start.
	Returned bool
	// Reported reports whether a diagnostic of an earlier run has named this
	// record. It is false for a record that this Journal marked, so that all
	// creates of one run decide alike.
	Reported bool
	// Err is nil unless State is Invalid.
	Err *RecordError
}

// unreturned reports whether no Create is known to have handed the start to
// Terraform.
func (r Record) unreturned() bool {
	return r.State == Pending || r.State == Invalid || r.State == Started && !r.Returned
}

// Defect is the reason why a record cannot be trusted.
type Defect string

// The defects, as the part of a sentence after the name of the file.
const (
	Incomplete Defect = "has an incomplete last line: the run that wrote it was interrupted"
	Corrupt    Defect = "is damaged"
	Foreign    Defect = "is not a record of the start journal, or was renamed"
	Newer      Defect = "was written by a newer version of the provider"
	Unreadable Defect = "cannot be read or locked"
)

// RecordError is a file in the journal that cannot be trusted.
type RecordError struct {
	// File is the path.
	File   string
	Defect Defect
	// Err is the cause, or nil.
	Err error
}

// Error names the file and the defect.
func (e *RecordError) Error() string {
	text := e.File + " " + string(e.Defect)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *RecordError) Unwrap() error { return e.Err }

// The values of line.Record.
const (
	linePending  = "pending"
	lineStarted  = "started"
	lineReturned = "returned"
	lineReported = "reported"
)

// line is any line of a record.
type line struct {
	Record    string     `json:"record"`
	Version   int        `json:"version,omitempty"`
	At        time.Time  `json:"at"`
	Key       *Key       `json:"key,omitempty"`
	Region    string     `json:"region,omitempty"`
	Arguments *Arguments `json:"arguments,omitempty"`
	TaskID    string     `json:"task_id,omitempty"`
}

// errUnknownField means that a line has a field that this version does not know,
// such as a new argument.
var errUnknownField = errors.New("a line has a field that this version does not know")

// decode reads one line and rejects fields that version 1 does not have.
func decode(data []byte) (line, error) {
	var l line
	if err := json.Unmarshal(data, &l); err != nil {
		return l, err
	}
	if l.At.IsZero() {
		return l, errors.New("a line has no time")
	}
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if strict.Decode(new(line)) != nil {
		return l, errUnknownField
	}
	return l, nil
}

// parse reads the content of a record whose owner is gone. It returns the
// fields that precede a defect together with the defect.
func parse(data []byte) (Record, Defect, error) {
	record := Record{State: Invalid}
	first, rest, complete := bytes.Cut(data, []byte("\n"))
	if !complete {
		return record, Incomplete, nil
	}
	l, err := decode(first)
	switch {
	case l.Version > version, errors.Is(err, errUnknownField):
		return record, Newer, nil
	case err != nil:
		return record, Corrupt, err
	case l.Record != linePending || l.Version != version || l.Key == nil || l.Arguments == nil || l.TaskID != "":
		return record, Corrupt, errors.New("the first line is not a pending start")
	}
	record.Start = Start{Key: *l.Key, Region: l.Region, Arguments: *l.Arguments}
	record.State, record.At = Pending, l.At
	for len(rest) > 0 {
		var next []byte
		if next, rest, complete = bytes.Cut(rest, []byte("\n")); !complete {
			if record.State == Started {
				break
			}
			record.State = Invalid
			return record, Incomplete, nil
		}
		if record, err = record.with(next); err != nil {
			record.State = Invalid
			return record, Corrupt, err
		}
	}
	return record, "", nil
}

// with returns the record updated with a line after the first line.
func (r Record) with(data []byte) (Record, error) {
	l, err := decode(data)
	if err != nil {
		return r, err
	}
	switch {
	case l.Record == lineStarted && l.TaskID != "" && r.State == Pending && !r.Reported:
		r.State, r.TaskID = Started, l.TaskID
	case l.Record == lineReturned && r.State == Started && !r.Returned:
		r.Returned = true
	case l.Record == lineReported:
		r.Reported = true
	default:
		return r, fmt.Errorf("a line %q is out of place", l.Record)
	}
	return r, nil
}
