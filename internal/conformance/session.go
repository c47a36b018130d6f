package conformance

import (
	"context"
	"errors"
	"fmt"
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

// Observation holds what a probe saw: an error code, status or bucket for each of
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
type edit func(*session, parameters)

func with(name string, value any) edit { return func(_ *session, p parameters) { p[name] = value } }
func without(name string) edit         { return func(_ *session, p parameters) { delete(p, name) } }

// withTicket replaces UserSig.
func withTicket(ticket func(s *session, user string) string) edit {
	return func(s *session, p parameters) {
		user, _ := p["UserId"].(string)
		p["UserSig"] = ticket(s, user)
	}
}

// asUser makes a Start one of the user's application, stream and key.
func asUser(s *session, p parameters) {
	p["SdkAppId"], p["StreamUrl"] = s.run.config.App.ID, s.run.config.StreamURL.Reveal()
	withTicket(func(s *session, user string) string { return s.userSig(s.run.config.App, user, 0) })(s, p)
}

// edited changes p.
func (p parameters) edited(s *session, edits []edit) parameters {
	for _, change := range edits {
		change(s, p)
	}
	return p
}

// call sends one call that starts nothing.
func (s *session) call(ctx context.Context, action, region string, p parameters) response {
	return s.after(ctx, func() (response, error) { return s.run.send(ctx, action, region, p) })
}

// after sends a call unless there was an error or ctx has ended.
func (s *session) after(ctx context.Context, send func() (response, error)) response {
	if s.err == nil {
		s.err = ctx.Err()
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

// sleep waits, unless there was an error.
func (s *session) sleep(ctx context.Context, d time.Duration) {
	if s.err == nil {
		s.err = s.run.config.Clock.Sleep(ctx, d)
	}
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
	}.edited(s, edits)
}

// validStart returns a Start in a new room of the user's application.
func (s *session) validStart(edits ...edit) parameters {
	return s.rejectedStart(append([]edit{asUser}, edits...)...)
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
		got := s.call(ctx, actionDescribe, t.record.Region, t.existing())
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
			s.sleep(ctx, time.Second)
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
