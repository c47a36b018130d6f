package trtcclient

import "errors"

// Status is what DescribeStreamIngest and UpdateStreamIngest say of a task.
type Status string

// The documented statuses.
const (
	// InProgress is a task that runs or is paused.
	InProgress Status = "InProgress"
	// NotExist is a task that ended or never was.
	NotExist Status = "NotExist"
)

var errIncomplete = errors.New("the answer lacks a documented field")

// startOutput is the answer of StartStreamIngest.
type startOutput struct {
	TaskID    string `json:"TaskId"`
	RequestID string `json:"RequestId"`
}

// Validate demands the TaskId.
func (o startOutput) Validate() error { return demand(o.TaskID) }

// statusOutput is the answer of DescribeStreamIngest and UpdateStreamIngest.
type statusOutput struct {
	Status    Status `json:"Status"`
	RequestID string `json:"RequestId"`
}

// Validate demands the status.
func (o statusOutput) Validate() error { return demand(string(o.Status)) }

// stopOutput is the answer of StopStreamIngest.
type stopOutput struct {
	RequestID string `json:"RequestId"`
}

// Validate demands the RequestId, the only field there is.
func (o stopOutput) Validate() error { return demand(o.RequestID) }

func demand(field string) error {
	if field == "" {
		return errIncomplete
	}
	return nil
}
