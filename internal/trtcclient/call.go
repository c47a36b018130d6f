package trtcclient

import (
	"context"
	"fmt"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// InterruptedError is a call that ended because its context did, while it
// waited for its turn or for a repetition.
type InterruptedError struct {
	// Action is the API action.
	Action string
	// Last is what the attempt before the wait ended with, or nil.
	Last error
	// Err is the context's error.
	Err error
}

// Error names the action, and the last failure if there was one.
func (e *InterruptedError) Error() string {
	if e.Last == nil {
		return fmt.Sprintf("%s: %v before the request was sent", e.Action, e.Err)
	}
	return fmt.Sprintf("%s: %v while waiting to repeat the request after: %v", e.Action, e.Err, e.Last)
}

// Unwrap returns both causes.
func (e *InterruptedError) Unwrap() []error {
	if e.Last == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Last}
}

// call is one action under one retry policy.
type call struct {
	client *Client
	action string
	region string
	taskID string
	policy schedules
	// detached exchanges run to their own deadline when the caller is
	// cancelled: their answer must not be lost.
	detached   bool
	parameters any

	// mayHaveRun is set once an attempt ended without proof that the service
	// did not run it.
	mayHaveRun bool
}

// do repeats the call until it is answered or the policy gives up.
func (c *call) do(ctx context.Context, out any) error {
	tries := newTries(c.policy)
	var last error
	for number := 1; ; number++ {
		err := c.attempt(ctx, number, last, out)
		if err == nil {
			return nil
		}
		c.mayHaveRun = c.mayHaveRun || mayHaveRun(err)
		delay, again := tries.next(c.class(err))
		if !again || ctx.Err() != nil || c.outlasts(ctx, delay) {
			return err
		}
		if slept := c.client.config.Clock.Sleep(ctx, delay); slept != nil {
			return &InterruptedError{Action: c.action, Last: err, Err: slept}
		}
		last = err
	}
}

// class is ClassOf, but for a task that exists after a start that may have
// run: it is most likely the one we started, and waiting does not end it.
func (c *call) class(err error) Class {
	class := ClassOf(err)
	if class == Lingering && c.mayHaveRun {
		return Final
	}
	return class
}

// outlasts tells whether waiting for d would run into the deadline, so that
// the failure can be told now.
func (c *call) outlasts(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && c.client.config.Clock.Now().Add(d).After(deadline)
}

// attempt waits for its turn, signs anew and sends once.
func (c *call) attempt(ctx context.Context, number int, last error, out any) error {
	pacer := c.client.pacer(lane{action: c.action, region: c.region})
	waited, err := pacer.wait(ctx)
	if err != nil {
		return &InterruptedError{Action: c.action, Last: last, Err: err}
	}
	credential, err := c.client.config.Credentials.Retrieve(ctx)
	if err != nil {
		return &CredentialError{Action: c.action, Err: err}
	}
	exchangeCtx, cancel := c.exchangeContext(ctx)
	defer cancel()
	started := c.client.config.Clock.Now()
	requestID, err := c.client.caller.Call(exchangeCtx, credential, c.request(), out)
	c.observe(ctx, number, requestID, waited, c.client.config.Clock.Now().Sub(started), err)
	switch ClassOf(err) {
	case Throttled:
		pacer.refused()
	default:
		pacer.accepted()
	}
	return err
}

func (c *call) exchangeContext(ctx context.Context) (context.Context, context.CancelFunc) {
	timeout := c.client.config.AttemptTimeout
	if !c.detached {
		return context.WithTimeout(ctx, timeout)
	}
	own := context.WithoutCancel(ctx)
	if deadline, ok := ctx.Deadline(); ok {
		timeout = min(timeout, time.Until(deadline))
	}
	return context.WithTimeout(own, timeout)
}

func (c *call) request() cloudapi.Request {
	return cloudapi.Request{
		Endpoint:   c.client.config.Endpoint,
		Service:    service,
		Version:    version,
		Action:     c.action,
		Region:     c.region,
		Parameters: c.parameters,
	}
}
