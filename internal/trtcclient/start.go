package trtcclient

import (
	"context"
	"fmt"
	"time"
)

// AmbiguousStartError is a start that may have put a stream into the room
// although no TaskId came back. The stream is billed until it ends.
type AmbiguousStartError struct {
	// Region, SdkAppID, RoomID and UserID say where it may run.
	Region   string
	SdkAppID uint64
	RoomID   string
	UserID   string
	// At is when the first attempt that may have run was sent.
	At time.Time
	// RequestID identifies the latest answer to such an attempt, or is empty
	// when none was read.
	RequestID string
	// Err is how the last attempt ended.
	Err error
}

// Error names application, room and user.
func (e *AmbiguousStartError) Error() string {
	return fmt.Sprintf("a stream may be running in room %s of application %d as user %s: %v", e.RoomID, e.SdkAppID, e.UserID, e.Err)
}

// Unwrap returns how the last attempt ended.
func (e *AmbiguousStartError) Unwrap() error { return e.Err }

// Start calls StartStreamIngest: it starts a task and returns its TaskId. Cancelling ctx stops
// it while it waits, never while a request is on its way: that one runs until
// it is answered, the attempt's time is up, or ctx's deadline passes.
//
// The error is an *AmbiguousStartError whenever a task may be running all the
// same; else an *cloudapi.APIError, *cloudapi.ExchangeError,
// *InterruptedError or *CredentialError.
func (c *Client) Start(ctx context.Context, region string, in StartInput) (string, error) {
	call := &call{
		client:       c,
		action:       "StartStreamIngest",
		region:       region,
		policy:       once(),
		detached:     true,
		parameters:   in.parameters(),
		confidential: in.confidential(),
	}
	var out startOutput
	err := call.do(ctx, &out)
	if err != nil && call.suspicion.exists() {
		return "", &AmbiguousStartError{
			Region: region, SdkAppID: in.SdkAppID, RoomID: in.RoomID, UserID: in.UserID,
			At: call.suspicion.since, RequestID: call.suspicion.requestID, Err: err,
		}
	}
	return out.TaskID, err
}
