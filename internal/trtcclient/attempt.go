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

// Attempt is what an observer is shown of one attempt: it has no field that
// could hold a secret.
type Attempt struct {
	Action     string
	Region     string
	Host       string
	TaskID     string // which the call names, or empty
	Number     int    // counts the attempts of one call, from 1
	Outcome    cloudapi.Outcome
	MayHaveRun bool          // the service may have run it although it was not answered with success
	Code       string        // the service's error code, or empty
	Fault      string        // why there was no answer, in words, or empty
	RequestID  string        // the answer's, or empty
	Waited     time.Duration // on pacing
	Took       time.Duration // from connecting to the outcome, without Waited
}

// errClockCorrected means that a request was not written because its parameters
// depend on the clock that was in use before it was corrected.
var errClockCorrected = errors.New("the clock was corrected before the request was sent")

// attempt is one attempt of a call.
type attempt struct {
	*call

	number int
	slot   *reservation
	begun  time.Time     // before connecting
	waited time.Duration // on the pacer, at begun
	sent   time.Time     // by the service's clock
	// denied is why nothing was written although there was a connection, or nil.
	denied     error
	responseID string // its RequestId, or empty
}

// attempt gets a key, connects, waits for its slot, and sends once. In this
// order, calls that waited for a slow credential source are still paced. The
// second error is that of the context, when it ended a wait before anything was
// sent.
func (c *call) attempt(ctx context.Context, number int, out any) (*Error, error) {
	credential, failed, ended := c.credential(ctx)
	if failed != nil || ended != nil {
		return failed, ended
	}
	slot, ended := c.pacer().admit(ctx)
	if ended != nil {
		return nil, ended
	}
	defer slot.release()
	a := &attempt{call: c, number: number, slot: slot}
	observed, err := a.send(ctx, credential, out)
	if a.denied != nil && ctx.Err() != nil {
		return nil, a.denied
	}
	failed = a.classify(err)
	a.conclude(observed, failed)
	return failed, nil
}

// credential returns the key that signs the attempt, the failure of its source,
// or the error of the context that ended the wait for it.
func (c *call) credential(ctx context.Context) (cloudapi.Credential, *Error, error) {
	credential, err := c.client.config.Credentials.Retrieve(ctx)
	switch {
	case err != nil && errors.Is(ctx.Err(), context.Canceled):
		return credential, nil, ctx.Err()
	case err != nil:
		return credential, &Error{Action: c.action, Class: NoCredentials, Err: err}, nil
	}
	return credential, nil, nil
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

// send sends the request and reads its answer into out. It returns the context
// to observe the attempt with.
func (a *attempt) send(ctx context.Context, credential cloudapi.Credential, out any) (context.Context, error) {
	config := a.client.config
	skew, observed := a.client.ClockSkew(), ctx
	if a.prepare != nil {
		observed = a.prepare(ctx)
	}
	own, exchange := newExchange(observed, config.AttemptTimeout, a.start)
	defer exchange.close()
	a.begun, a.waited = config.Clock.Now(), a.slot.waited
	a.sent = a.begun.Add(skew)
	var err error
	a.responseID, err = a.client.api.Call(own, credential, cloudapi.Request{
		Endpoint:        config.Endpoint,
		Service:         "trtc",
		Version:         "2019-07-22",
		Action:          a.action,
		Region:          a.region,
		Parameters:      a.parameters,
		Secrets:         a.secrets,
		FreshConnection: a.start,
		BeforeWrite: func() error {
			exchange.pause()
			a.denied = a.mayWrite(ctx, skew)
			if a.denied == nil {
				a.denied = exchange.resume(ctx, own)
			}
			return a.denied
		},
	}, out)
	if a.answered != nil {
		a.answered()
	}
	return observed, err
}

// mayWrite blocks until the request may be written. skew is that of the clock
// which the request depends on.
func (a *attempt) mayWrite(ctx context.Context, skew time.Duration) error {
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
	if errors.Is(a.denied, errClockCorrected) {
		failed.Class, failed.Err, failed.fault = ClockSkew, fmt.Errorf("%s: %w", a.action, a.denied), a.denied.Error()
	}
	return failed
}

// conclude tells the call, the pacer and the observer how the attempt ended.
func (a *attempt) conclude(ctx context.Context, failed *Error) {
	shown := Attempt{
		Action:    a.action,
		Region:    a.region,
		Host:      a.client.config.Endpoint.Host,
		TaskID:    a.taskID,
		Number:    a.number,
		Outcome:   cloudapi.Answered,
		RequestID: a.responseID,
		Waited:    a.slot.waited,
		Took:      a.client.config.Clock.Now().Sub(a.begun) - (a.slot.waited - a.waited),
	}
	if failed != nil {
		shown.Outcome, shown.MayHaveRun = failed.outcome, failed.MayHaveRun
		shown.Code, shown.Fault = failed.Code, failed.fault
		if failed.MayHaveRun {
			a.since, a.requestID = cmp.Or(a.since, a.sent), cmp.Or(a.responseID, a.requestID)
		}
		if failed.Class == Throttled {
			a.pacer().refused()
		}
	}
	a.client.config.Observe(ctx, shown)
}

// exchange is the time that one attempt may take: a timeout for connecting and
// another one for the answer, and none for the wait between them.
type exchange struct {
	end      context.CancelCauseFunc
	timeout  time.Duration
	timer    *time.Timer
	detach   func() bool
	detached bool
}

// newExchange starts the time for connecting, and returns the context that ends
// with it. A detached one ends with the caller's only while nothing is written.
func newExchange(caller context.Context, timeout time.Duration, detached bool) (context.Context, *exchange) {
	e := &exchange{timeout: timeout, detach: func() bool { return false }, detached: detached}
	own := caller
	if detached {
		own = context.WithoutCancel(caller)
	}
	own, e.end = context.WithCancelCause(own)
	if detached {
		e.detach = context.AfterFunc(caller, func() { e.end(caller.Err()) })
	}
	e.timer = time.AfterFunc(timeout, func() { e.end(context.DeadlineExceeded) })
	return own, e
}

// pause stops the time.
func (e *exchange) pause() { e.timer.Stop() }

// resume starts the time for the answer, or returns the error of an exchange
// that has ended.
func (e *exchange) resume(caller, own context.Context) error {
	timeout := e.timeout
	if deadline, ok := caller.Deadline(); ok && e.detached {
		timeout = min(timeout, time.Until(deadline))
	}
	e.detach()
	if own.Err() != nil {
		return context.Cause(own)
	}
	if !e.detached {
		e.timer.Reset(timeout)
		return nil
	}
	e.timer = time.AfterFunc(timeout, func() {
		select {
		case <-own.Done():
		case <-time.After(startGrace):
			e.end(context.DeadlineExceeded)
		}
	})
	return nil
}

// close releases what the exchange holds.
func (e *exchange) close() {
	e.timer.Stop()
	e.detach()
	e.end(nil)
}
