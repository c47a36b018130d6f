package trtcclient

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// startGrace is how long a start waits for its response after its time has run
// out. The response may have arrived while the process was stopped, as a paused
// container is; then it is in the socket and nobody has read it.
const startGrace = 250 * time.Millisecond

// Attempt describes one attempt to an observer. It has no field that could hold
// a secret.
type Attempt struct {
	Action     string
	Region     string
	Host       string
	TaskID     string // of the call, or empty
	Number     int    // counts the attempts of one call, from 1
	Outcome    cloudapi.Outcome
	MayHaveRun bool          // the service may have run it although the response is not a success
	Code       string        // the service's error code, or empty
	Fault      string        // why there was no response, in words, or empty
	RequestID  string        // of the response, or empty
	Waited     time.Duration // on pacing
	Took       time.Duration // from connecting to the outcome, without Waited
}

// clockCorrected is the Reason of a request that was not written, because its
// parameters depend on the time and the clock was corrected.
const clockCorrected cloudapi.Reason = "the clock was corrected before the request was sent"

var errClockCorrected = errors.New(string(clockCorrected))

// attempt is one attempt of a call.
type attempt struct {
	*call

	number       int
	slot         *reservation
	connectStart time.Time
	waitBefore   time.Duration // on the pacer, until connectStart
	sent         time.Time     // by the service's clock
	// writeErr is why nothing was written although there was a connection, or nil.
	writeErr   error
	responseID string // the response's RequestId, or empty
}

// attempt gets a key, connects, waits for its slot, and sends once. In this
// order, calls that waited for a slow credential source are still paced. The
// second error is the context's error if it ended a wait before anything was
// sent.
func (c *call) attempt(ctx context.Context, number int, out any) (*Error, error) {
	credential, err := c.client.config.Credentials.Retrieve(ctx)
	switch {
	case err != nil && errors.Is(ctx.Err(), context.Canceled):
		return nil, ctx.Err()
	case err != nil:
		return &Error{Action: c.action, Class: NoCredentials, Err: err}, nil
	}
	slot, err := c.pacer().admit(ctx)
	if err != nil {
		return nil, err
	}
	defer slot.release()
	a := &attempt{call: c, number: number, slot: slot}
	observerCtx, err := a.send(ctx, credential, out)
	if a.writeErr != nil && ctx.Err() != nil {
		return nil, a.writeErr
	}
	failed := a.classify(err)
	a.conclude(observerCtx, failed)
	return failed, nil
}

// pacer returns the pacer of the call's action and region.
func (c *call) pacer() *pacer {
	client, key := c.client, rateKey{action: c.action, region: c.region}
	client.mu.Lock()
	defer client.mu.Unlock()
	if _, ok := client.pacers[key]; !ok {
		client.pacers[key] = newPacer(client.config.RequestsPerSecond, client.config.Clock)
	}
	return client.pacers[key]
}

// send sends the request and reads its response into out. It returns the context
// to observe the attempt with.
func (a *attempt) send(ctx context.Context, credential cloudapi.Credential, out any) (context.Context, error) {
	config := a.client.config
	skew, observerCtx := a.client.ClockSkew(), ctx
	if a.prepare != nil {
		observerCtx = a.prepare(ctx)
	}
	attemptCtx, timer := newAttemptTimer(observerCtx, config.AttemptTimeout, a.start)
	defer timer.close()
	a.connectStart, a.waitBefore = config.Clock.Now(), a.slot.waited
	a.sent = a.connectStart.Add(skew)
	var err error
	a.responseID, err = config.API.Call(attemptCtx, credential, cloudapi.Request{
		Endpoint:        config.Endpoint,
		Service:         "trtc",
		Version:         "2019-07-22",
		Action:          a.action,
		Region:          a.region,
		Parameters:      a.parameters,
		Secrets:         a.secrets,
		FreshConnection: a.start,
		BeforeWrite: func() error {
			timer.pause()
			a.writeErr = a.waitForSlot(ctx, skew)
			if a.writeErr == nil {
				a.writeErr = timer.resume(ctx, attemptCtx)
			}
			return a.writeErr
		},
	}, out)
	if a.onResponse != nil {
		a.onResponse()
	}
	return observerCtx, err
}

// waitForSlot blocks until the request may be written. It returns an error if the
// clock's skew is no longer the one that the request was made with.
func (a *attempt) waitForSlot(ctx context.Context, skew time.Duration) error {
	err := a.slot.waitForSlot(ctx)
	current := a.client.ClockSkew()
	a.sent = a.client.config.Clock.Now().Add(current)
	if err == nil && a.prepare != nil && current != skew {
		return errClockCorrected
	}
	return err
}

// classify returns the Error of an exchange that ended with err, or nil.
func (a *attempt) classify(err error) *Error {
	if err == nil {
		return nil
	}
	failed := classify(a.action, a.responseID, err)
	if errors.Is(a.writeErr, errClockCorrected) {
		failed.Class, failed.Err, failed.Reason = ClockSkew, fmt.Errorf("%s: %w", a.action, a.writeErr), clockCorrected
	}
	return failed
}

// conclude reports to the call, the pacer and the observer how the attempt ended.
func (a *attempt) conclude(ctx context.Context, failed *Error) {
	observed := Attempt{
		Action:    a.action,
		Region:    a.region,
		Host:      a.client.config.Endpoint.Host,
		TaskID:    a.taskID,
		Number:    a.number,
		Outcome:   cloudapi.Answered,
		RequestID: a.responseID,
		Waited:    a.slot.waited,
		Took:      a.client.config.Clock.Now().Sub(a.connectStart) - (a.slot.waited - a.waitBefore),
	}
	if failed != nil {
		observed.Outcome, observed.MayHaveRun = failed.outcome, failed.MayHaveRun
		observed.Code, observed.Fault = failed.Code, string(failed.Reason)
		if failed.MayHaveRun {
			a.since, a.requestID = cmp.Or(a.since, a.sent), cmp.Or(a.responseID, a.requestID)
		}
		if failed.Class == Throttled {
			a.pacer().refused()
		}
	}
	a.client.config.Observe(ctx, observed)
}

// attemptTimer ends the context of an attempt that takes too long: it has a
// timeout for connecting and another one for the response, and none for the wait
// between them.
type attemptTimer struct {
	end      context.CancelCauseFunc
	timeout  time.Duration
	timer    *time.Timer
	detach   func() bool
	detached bool
}

// newAttemptTimer starts the timeout for connecting, and returns the context of the
// attempt. A detached one ends with the caller's only while nothing is written.
func newAttemptTimer(caller context.Context, timeout time.Duration, detached bool) (context.Context, *attemptTimer) {
	a := &attemptTimer{timeout: timeout, detach: func() bool { return false }, detached: detached}
	ctx := caller
	if detached {
		ctx = context.WithoutCancel(caller)
	}
	ctx, a.end = context.WithCancelCause(ctx)
	if detached {
		a.detach = context.AfterFunc(caller, func() { a.end(caller.Err()) })
	}
	a.timer = time.AfterFunc(timeout, func() { a.end(context.DeadlineExceeded) })
	return ctx, a
}

// pause stops the timeout for connecting.
func (a *attemptTimer) pause() { a.timer.Stop() }

// resume starts the timeout for the response, or returns why the attempt has
// ended.
func (a *attemptTimer) resume(caller, ctx context.Context) error {
	timeout := a.timeout
	if deadline, ok := caller.Deadline(); ok && a.detached {
		timeout = min(timeout, time.Until(deadline))
	}
	a.detach()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if !a.detached {
		a.timer.Reset(timeout)
		return nil
	}
	a.timer = time.AfterFunc(timeout, func() {
		select {
		case <-ctx.Done():
		case <-time.After(startGrace):
			a.end(context.DeadlineExceeded)
		}
	})
	return nil
}

// close releases what the timer holds.
func (a *attemptTimer) close() {
	a.timer.Stop()
	a.detach()
	a.end(nil)
}
