package trtcclient

import (
	"context"
	"errors"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// Task names a running task. A TaskId identifies one run of one application
// and means nothing once the run ended.
type Task struct {
	// Region is the access region of the calls.
	Region string
	// SdkAppID is the application.
	SdkAppID uint64
	// TaskID is what StartStreamIngest returned.
	TaskID string
}

// Status is what DescribeStreamIngest and UpdateStreamIngest return of a task.
type Status string

// The documented statuses.
const (
	// InProgress is a task that runs or is paused.
	InProgress Status = "InProgress"
	// NotExist is a task that ended or never was.
	NotExist Status = "NotExist"
)

// UpdateInput holds the parameters of UpdateStreamIngest. What is nil or empty
// is not sent; whether the service then keeps its value is not documented.
type UpdateInput struct {
	// StreamURL replaces the media stream. Sending the same URL again may
	// restart playback.
	StreamURL secret.Text
	// Volume, Tempo and EnableProgress are as in StartInput.
	Volume         *int64
	Tempo          *float64
	EnableProgress *bool
	// IsPause pauses (true) or resumes (false).
	IsPause *bool
}

// taskParameters names a task; Describe and Stop take nothing else.
type taskParameters struct {
	SdkAppID uint64 `json:"SdkAppId"`
	TaskID   string `json:"TaskId"`
}

func (t Task) parameters() taskParameters {
	return taskParameters{SdkAppID: t.SdkAppID, TaskID: t.TaskID}
}

// updateParameters is UpdateInput as it is sent.
type updateParameters struct {
	taskParameters

	StreamURL      string   `json:"StreamUrl,omitempty"`
	Volume         *int64   `json:"Volume,omitempty"`
	Tempo          *float64 `json:"Tempo,omitempty"`
	EnableProgress *bool    `json:"EnableProgress,omitempty"`
	IsPause        *bool    `json:"IsPause,omitempty"`
}

// statusOutput is the answer of DescribeStreamIngest and UpdateStreamIngest.
type statusOutput struct {
	Status    Status `json:"Status"`
	RequestID string `json:"RequestId"`
}

// Validate requires the status.
func (o statusOutput) Validate() error { return require(string(o.Status)) }

// stopOutput is the answer of StopStreamIngest.
type stopOutput struct {
	RequestID string `json:"RequestId"`
}

// Validate requires the RequestId, the only field there is.
func (o stopOutput) Validate() error { return require(o.RequestID) }

var errIncomplete = errors.New("the answer lacks a documented field")

func require(field string) error {
	if field == "" {
		return errIncomplete
	}
	return nil
}

// Describe calls DescribeStreamIngest and returns the task's status. A task
// that has ended has the status NotExist, and no error. Errors are of type
// *Error.
func (c *Client) Describe(ctx context.Context, task Task) (Status, error) {
	var out statusOutput
	err := c.idempotent("DescribeStreamIngest", task, task.parameters()).do(ctx, &out)
	return out.Status, err
}

// Update calls UpdateStreamIngest: it changes a running task and returns its
// status. For a task that has ended it returns either an error for which IsGone
// holds, or NotExist. Errors are of type *Error.
func (c *Client) Update(ctx context.Context, task Task, in UpdateInput) (Status, error) {
	var out statusOutput
	call := c.idempotent("UpdateStreamIngest", task, updateParameters{
		taskParameters: task.parameters(),
		StreamURL:      in.StreamURL.Reveal(),
		Volume:         in.Volume,
		Tempo:          in.Tempo,
		EnableProgress: in.EnableProgress,
		IsPause:        in.IsPause,
	})
	call.secrets = secretsOfURL(in.StreamURL)
	err := call.do(ctx, &out)
	return out.Status, err
}

// Stop calls StopStreamIngest: it asks the service to end the task. For one
// that has ended already it returns an error for which IsGone holds. Errors are
// of type *Error.
func (c *Client) Stop(ctx context.Context, task Task) error {
	var out stopOutput
	return c.idempotent("StopStreamIngest", task, task.parameters()).do(ctx, &out)
}

func (c *Client) idempotent(action string, task Task, parameters any) *call {
	return &call{
		client:     c,
		action:     action,
		region:     task.Region,
		taskID:     task.TaskID,
		policy:     idempotentPolicy(),
		parameters: parameters,
	}
}
