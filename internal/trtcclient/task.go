package trtcclient

import "context"

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

func (t Task) parameters() taskParameters {
	return taskParameters{SdkAppID: t.SdkAppID, TaskID: t.TaskID}
}

// Describe calls DescribeStreamIngest and returns the task's status. A task that has ended is an
// answer, NotExist, and not an error. Errors are *cloudapi.APIError,
// *cloudapi.ExchangeError, *InterruptedError or *CredentialError.
func (c *Client) Describe(ctx context.Context, task Task) (Status, error) {
	var out statusOutput
	err := c.repeatable("DescribeStreamIngest", task, task.parameters()).do(ctx, &out)
	return out.Status, err
}

// Update calls UpdateStreamIngest: it changes a running task and returns its status. A task
// that has ended is either an error for which IsGone holds, or the answer
// NotExist. Other errors are as for Describe.
func (c *Client) Update(ctx context.Context, task Task, in UpdateInput) (Status, error) {
	var out statusOutput
	call := c.repeatable("UpdateStreamIngest", task, in.parameters(task))
	call.confidential = in.confidential()
	err := call.do(ctx, &out)
	return out.Status, err
}

// Stop calls StopStreamIngest: it asks the service to end the task. For one that has ended
// already IsGone holds for the error. Other errors are as for
// Describe.
func (c *Client) Stop(ctx context.Context, task Task) error {
	var out stopOutput
	return c.repeatable("StopStreamIngest", task, task.parameters()).do(ctx, &out)
}

func (c *Client) repeatable(action string, task Task, parameters any) *call {
	return &call{
		client:     c,
		action:     action,
		region:     task.Region,
		taskID:     task.TaskID,
		policy:     repeatable(),
		parameters: parameters,
	}
}
