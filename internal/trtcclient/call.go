package trtcclient

import (
	"context"
	"errors"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

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
	// confidential are the secrets in parameters.
	confidential []secret.Text

	suspicion suspicion
}

// suspicion is what is known of the attempts of a call that ended without
// proof that the service did not run them.
type suspicion struct {
	// since is when the first of them was sent; zero when there is none.
	since time.Time
	// requestID is that of the latest answer among them, or empty.
	requestID string
}

func (s *suspicion) exists() bool { return !s.since.IsZero() }

func (s *suspicion) add(sent time.Time, requestID string) {
	if !s.exists() {
		s.since = sent
	}
	if requestID != "" {
		s.requestID = requestID
	}
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
		delay, again := tries.next(c.class(err))
		if !again || errors.Is(ctx.Err(), context.Canceled) {
			return err
		}
		if c.outlasts(ctx, delay) {
			return &InterruptedError{Action: c.action, Last: err, Err: context.DeadlineExceeded}
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
	if class == Lingering && c.suspicion.exists() {
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

// attempt gets a key, waits for its turn, and sends once. In this order, calls
// that waited for a slow credential source are still paced.
func (c *call) attempt(ctx context.Context, number int, last error, out any) error {
	credential, err := c.client.config.Credentials.Retrieve(ctx)
	switch {
	case err != nil && errors.Is(ctx.Err(), context.Canceled):
		return &InterruptedError{Action: c.action, Last: last, Err: ctx.Err()}
	case err != nil:
		return &CredentialError{Action: c.action, Err: err}
	}
	pacer := c.client.pacer(lane{action: c.action, region: c.region})
	waited, err := pacer.wait(ctx)
	if err != nil {
		return &InterruptedError{Action: c.action, Last: last, Err: err}
	}
	exchangeCtx, cancel := c.exchangeContext(ctx)
	defer cancel()
	sent := c.client.config.Clock.Now()
	requestID, err := c.client.caller.Call(exchangeCtx, credential, c.request(), out)
	if mayHaveRun(err) {
		c.suspicion.add(sent, requestID)
	}
	pacer.learn(err)
	c.observe(ctx, number, requestID, waited, c.client.config.Clock.Now().Sub(sent), err)
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
		Endpoint:     c.client.config.Endpoint,
		Service:      service,
		Version:      version,
		Action:       c.action,
		Region:       c.region,
		Parameters:   c.parameters,
		Confidential: c.confidential,
	}
}
