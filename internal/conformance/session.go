package conformance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

const (
	// foreignApp is an application that is not the user's: whatever a Start for it
	// would run could not be billed to the user.
	foreignApp = 1
	// nonexistentTask is the TaskId of a task that does not exist.
	nonexistentTask = "tf-live-no-such-task"
	// invalidUserSig is a UserSig that no application signed.
	invalidUserSig = "x"

	// ticketLife is the lifetime of the tickets of valid Starts.
	ticketLife = 10 * time.Minute
	// taskMinutes is the MaxDuration of valid Starts.
	taskMinutes = 2
	// longestLag is how long a probe waits for a task to appear or to end.
	longestLag = 15 * time.Second
)

// Observation is what a probe saw: an error code, status or bucket for each of
// its cases.
type Observation map[string]string

// session runs the steps of one probe. After its first error every step does
// nothing.
type session struct {
	run      *Run
	observed Observation
	err      error
	names    int // numbers rooms and users
	// task is the running task that the cases of a probe share, or nil.
	task *task
}

// errInconclusive marks the errors after which a probe has no observation and the
// run continues.
var errInconclusive = errors.New("inconclusive")

// record runs a case and records its value.
func (s *session) record(ctx context.Context, c Case) {
	if s.err != nil || c.on(s.run.config.China) == "" {
		return
	}
	value := c.step(ctx, s)
	if s.observed[c.Name] = value; errors.Is(s.err, errInconclusive) {
		s.err = fmt.Errorf("%s: %w", c.Name, s.err)
	}
}

// value returns what is recorded of a response. A transient one ends the probe.
func (s *session) value(a response) string {
	if isTransient(a.code) {
		s.fail("transient response %s", a.value())
	}
	return a.value()
}

// fail ends the probe as inconclusive.
func (s *session) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf("%w: %s", errInconclusive, fmt.Sprintf(format, args...))
	}
}

// parameters are those of one call.
type parameters map[string]any

// edit changes parameters.
type edit func(parameters)

func with(name string, value any) edit { return func(p parameters) { p[name] = value } }
func without(name string) edit         { return func(p parameters) { delete(p, name) } }

func (p parameters) edited(edits []edit) parameters {
	p = maps.Clone(p)
	for _, change := range edits {
		change(p)
	}
	return p
}

// call sends one call that starts nothing.
func (s *session) call(ctx context.Context, action, region string, p parameters) response {
	return s.after(ctx, func() (response, error) { return s.run.send(ctx, action, region, p) })
}

// after sends a call after the pause between calls.
func (s *session) after(ctx context.Context, send func() (response, error)) response {
	if s.err == nil {
		s.err = s.run.config.Clock.Sleep(ctx, pace)
	}
	if s.err != nil {
		return response{}
	}
	got, err := send()
	switch {
	case errors.Is(err, errLostStart):
		s.err = err
	case err != nil && ctx.Err() != nil:
		s.err = ctx.Err()
	case err != nil:
		s.fail("%v", err)
	}
	return got
}

// begin sends a Start and returns the task, or nil if the service rejected it.
func (s *session) begin(ctx context.Context, p parameters) (started *task, got response) {
	got = s.after(ctx, func() (response, error) {
		var err error
		started, got, err = s.run.start(ctx, p)
		return got, err
	})
	return started, got
}

// end stops a task and waits until it is gone.
func (s *session) end(ctx context.Context, started *task) {
	if started != nil && !s.run.stop(ctx, started) {
		s.fail("a task could not be stopped")
	}
}

// name returns a new room or user: tf-live-, the run's random text, a number.
func (s *session) name() string {
	s.names++
	return fmt.Sprintf("tf-live-%s-%d", s.run.label, s.names)
}

// rejectedStart returns a Start that the service must reject: its application is
// not the user's and its UserSig is not a ticket.
func (s *session) rejectedStart(edits ...edit) parameters {
	return parameters{
		"SdkAppId": foreignApp, "RoomId": s.name(), "RoomIdType": tickets.RoomIDTypeString, "UserId": s.name(),
		"UserSig": invalidUserSig, "StreamUrl": "http://tf-live.invalid/audio.mp3", "RepeatNum": -1, "MaxDuration": taskMinutes,
	}.edited(edits)
}

// validStart returns a Start in a new room of the user's application.
func (s *session) validStart(edits ...edit) parameters {
	p := s.rejectedStart(with("SdkAppId", s.run.config.App.ID), with("StreamUrl", s.run.config.StreamURL.Reveal()))
	user, _ := p["UserId"].(string)
	return p.edited([]edit{with("UserSig", s.userSig(s.run.config.App, user, 0))}).edited(edits)
}

// userSig returns a ticket that was issued some time ago.
func (s *session) userSig(app App, user string, ago time.Duration) string {
	ticket, err := tickets.MintUserSig(app.Key, s.run.now().Add(-ago), tickets.UserSigClaims{SdkAppID: app.ID, UserID: user, Lifetime: int64(ticketLife / time.Second)})
	if err != nil {
		s.fail("no ticket could be minted: %v", err)
	}
	return ticket
}

// waitFor polls a task until it has the status, and returns how long that took,
// or false if it did not happen within 15 seconds.
func (s *session) waitFor(ctx context.Context, t *task, status string) (time.Duration, bool) {
	for since := s.run.config.Clock.Now(); s.err == nil; {
		got := s.call(ctx, actionDescribe, t.region, t.existing())
		took := s.run.config.Clock.Now().Sub(since)
		switch {
		case s.err != nil:
		case got.Status == status:
			return took, true
		case got.code != "" && !isTransient(got.code):
			s.fail("Describe of a task was rejected with %s", got.value())
		case took >= longestLag:
			return took, false
		default:
			s.err = s.run.config.Clock.Sleep(ctx, time.Second)
		}
	}
	return 0, false
}

// lag returns the bucket of a short wait.
func lag(took time.Duration, happened bool) string {
	switch {
	case !happened:
		return "not within 15 s"
	case took < time.Second:
		return "within 1 s"
	case took < 4*time.Second:
		return "within 4 s"
	default:
		return "within 15 s"
	}
}

var errLostStart = errors.New("a Start received no clear response: a task may be running")
