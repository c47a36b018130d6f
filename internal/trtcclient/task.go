package trtcclient

import (
	"context"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// Task names a running task. A TaskId identifies one run of one application
// and means nothing once the run ended.
type Task struct {
	Region   string `json:"-"` // the access region of the calls
	SdkAppID int64  `json:"SdkAppId"`
	TaskID   string `json:"TaskId"`
}

// Status is the status of a task, as DescribeStreamIngest and UpdateStreamIngest return it.
type Status string

// The documented statuses.
const (
	InProgress Status = "InProgress" // a task that runs or is paused
	NotExist   Status = "NotExist"   // a task that has ended or does not exist
)

// UpdateInput holds the parameters of UpdateStreamIngest. A nil pointer or empty
// secret is not sent; whether the service then keeps its value is not documented.
type UpdateInput struct {
	// StreamURL replaces the media stream. Sending the same URL again may
	// restart playback.
	StreamURL secret.Text `json:"-"`
	// Volume, Tempo and EnableProgress are as in StartInput.
	Volume         *int64   `json:"Volume,omitempty"`
	Tempo          *float64 `json:"Tempo,omitempty"`
	EnableProgress *bool    `json:"EnableProgress,omitempty"`
	IsPause        *bool    `json:"IsPause,omitempty"` // pauses, or resumes
}

// updateParameters is UpdateInput as it is sent.
type updateParameters struct {
	Task

	StreamURL string `json:"StreamUrl,omitempty"`
	UpdateInput
}

// statusOutput is the response of DescribeStreamIngest and UpdateStreamIngest.
type statusOutput struct{ Status Status }

// IsComplete requires the status.
func (o statusOutput) IsComplete() bool { return o.Status != "" }

// stopOutput is the response of StopStreamIngest.
type stopOutput struct {
	RequestID string `json:"RequestId"`
}

// IsComplete requires the RequestId, the only field there is.
func (o stopOutput) IsComplete() bool { return o.RequestID != "" }

// Describe calls DescribeStreamIngest and returns the task's status. A task
// that has ended has the status NotExist, and no error. Errors are of type
// *Error.
func (c *Client) Describe(ctx context.Context, task Task) (Status, error) {
	var out statusOutput
	err := c.idempotent("DescribeStreamIngest", task, task).do(ctx, &out)
	return out.Status, err
}

// Update calls UpdateStreamIngest, which changes a running task, and returns its
// status. For a task that has ended it returns either an error of class
// Gone, or NotExist. Errors are of type *Error.
func (c *Client) Update(ctx context.Context, task Task, in UpdateInput) (Status, error) {
	var out statusOutput
	call := c.idempotent("UpdateStreamIngest", task, updateParameters{Task: task, StreamURL: in.StreamURL.Reveal(), UpdateInput: in})
	call.secrets = secretsOfURL(in.StreamURL)
	err := call.do(ctx, &out)
	return out.Status, err
}

// Stop calls StopStreamIngest, which ends a task. For a task that has ended already
// it returns an error of class Gone. Errors are of type *Error.
func (c *Client) Stop(ctx context.Context, task Task) error {
	return c.idempotent("StopStreamIngest", task, task).do(ctx, &stopOutput{})
}

func (c *Client) idempotent(action string, task Task, parameters any) *call {
	return &call{
		client:     c,
		action:     action,
		region:     task.Region,
		taskID:     task.TaskID,
		policy:     idempotentPolicy,
		parameters: parameters,
	}
}
