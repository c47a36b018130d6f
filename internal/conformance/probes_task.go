package conformance

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// taskProbes returns those of tier 1: one short task at a time.
func taskProbes() []Probe {
	const outOfRange = "InvalidParameterValue"
	number := with("RoomIdType", tickets.RoomIDTypeInt)
	return []Probe{
		{ID: 25, Fact: "Start checks UserSig itself, with one code for all faults", Tier: Tier1, Minutes: 5 * taskMinutes, Cases: []Case{
			expect("expired", badUserSig, withTicket(func(s *session, user string) string { return s.userSig(s.run.config.App, user, time.Hour) })),
			expect("other user", badUserSig, withTicket(func(s *session, _ string) string { return s.userSig(s.run.config.App, s.name(), 0) })),
			expect("other application", badUserSig, withTicket(func(s *session, user string) string {
				return s.userSig(App{ID: foreignApp, Key: s.run.config.App.Key}, user, 0)
			})),
			expect("other key", badUserSig, withTicket(func(s *session, user string) string {
				key, _ := tickets.NewKey(strings.Repeat("0", tickets.KeyLength)) // It has the form of a key.
				return s.userSig(App{ID: s.run.config.App.ID, Key: key}, user, 0)
			})),
			expect("no ticket", badUserSig, valid(with("UserSig", invalidUserSig))),
		}},
		{ID: 26, Fact: "RoomIdType 1 is the integer room", Tier: Tier1, Minutes: 3 * taskMinutes, Cases: []Case{
			expect("word, type 1", "InvalidParameter.RoomId", valid(number)), expect("word, type 0", success, valid()),
			expect("number, type 1", success, valid(number, with("RoomId", "4294967290"))),
		}},
		{ID: 27, Fact: "RoomId: one spelling of 1 to 2^32-1, or 1 to 64 bytes of the documented set", Tier: Tier1, Minutes: 5 * taskMinutes, Cases: []Case{
			expect("0", "InvalidParameter.RoomId", valid(number, with("RoomId", "0"))),
			expect("01", "InvalidParameter.RoomId", valid(number, with("RoomId", "01"))),
			expect("2^32", "InvalidParameter.RoomId", valid(number, with("RoomId", "4294967296"))),
			expect("65 bytes", "InvalidParameter.StrRoomId", valid(with("RoomId", padded(65)))),
			expect("slash", "InvalidParameter.StrRoomId", valid(with("RoomId", "tf-live/room"))),
		}},
		// No ticket can be minted for these users, so that a service which checks
		// tickets first answers with the code of UserSig.
		{ID: 28, Fact: "UserId: at most 32 bytes of a-zA-Z0-9_-, else InvalidParameter.UserId", Tier: Tier1, Minutes: 2 * taskMinutes, Cases: []Case{
			expect("33 bytes", "InvalidParameter.UserId", valid(with("UserId", padded(33)))),
			expect("at sign", "InvalidParameter.UserId", valid(with("UserId", "tf-live@user"))),
		}},
		{ID: 29, Fact: "StreamUrl may be absent; http, https and rtmp only; whether the host exists is not checked", Tier: Tier1, Minutes: 4 * taskMinutes, Cases: []Case{
			expect("absent", success, valid(without("StreamUrl"))),
			expect("empty", "InvalidParameter.StreamUrl", valid(with("StreamUrl", ""))),
			expect("ftp", "InvalidParameter.StreamUrl", valid(with("StreamUrl", unknownScheme))),
			expect("dead host", success, valid(with("StreamUrl", "http://tf-live.invalid/audio.mp3"))),
		}},
		{ID: 30, Fact: "Numbers out of range: InvalidParameterValue", Tier: Tier1, Minutes: 11 * taskMinutes, Cases: []Case{
			expect("RoomIdType 2", outOfRange, valid(with("RoomIdType", 2))), expect("SeekSecond -1", outOfRange, valid(with("SeekSecond", -1))),
			expect("RepeatNum -2", outOfRange, valid(with("RepeatNum", -2))), expect("RepeatNum 0", outOfRange, valid(with("RepeatNum", 0))),
			expect("RepeatNum 1001", outOfRange, valid(with("RepeatNum", 1001))), expect("MaxDuration 0", outOfRange, valid(with("MaxDuration", 0))),
			expect("MaxDuration 10081", outOfRange, valid(with("MaxDuration", 10081))),
			expect("Volume at its maximum", success, volume(0)), expect("Volume above its maximum", outOfRange, volume(1)),
			{"Tempo 3", "", outOfRange, valid(with("Tempo", 3))},
			{"IdleTimeout 601", "", outOfRange, valid(with("IdleTimeout", 601))},
		}},
		{ID: 31, Fact: "Describe shows a new task at once", Tier: Tier1, Minutes: taskMinutes, Cases: []Case{
			expect("visible", "within 1 s", func(ctx context.Context, s *session) string {
				return lag(s.waitFor(ctx, s.running(ctx), inProgress))
			}),
		}},
		{ID: 32, Fact: "A TaskId has 64 to 127 letters, digits and +-._", Tier: Tier1, Minutes: taskMinutes, Cases: []Case{
			expect("length", "64 to 127", taskID(lengthBucket)), expect("others", "false", taskID(hasOtherCharacters)),
			expect("+", "true", taskID(contains("+"))), expect("-", "true", taskID(contains("-"))),
			expect(".", "true", taskID(contains("."))), expect("_", "true", taskID(contains("_"))),
		}},
		{ID: 33, Fact: "A task can be read, updated and stopped from every region", Tier: Tier1, Minutes: taskMinutes, Cases: []Case{
			expect("describe", inProgress, elsewhere(actionDescribe)), expect("update", inProgress, elsewhere(actionUpdate, with("Volume", 50))),
			expect("stop", success, elsewhere(actionStop)),
		}},
		{ID: 34, Fact: "An Update that changes nothing, is repeated, or meets a paused task: InProgress", Tier: Tier1, Minutes: taskMinutes, Cases: []Case{
			expect("empty", inProgress, change()),
			expect("volume", inProgress, change(with("Volume", 50))), expect("volume again", inProgress, change(with("Volume", 50))),
			expect("pause", inProgress, change(with("IsPause", true))), expect("pause again", inProgress, change(with("IsPause", true))),
			expect("volume while paused", inProgress, change(with("Volume", 60))), expect("resume", inProgress, change(with("IsPause", false))),
		}},
		{ID: 35, Fact: "After Stop a task is NotExist, and its room and user are free, at once", Tier: Tier1, Minutes: 2 * taskMinutes, Cases: []Case{
			expect("gone", "within 1 s", gone), expect("free", "within 1 s", free),
		}},
		{ID: 36, Fact: "An ended task: Update TaskNotExist, Stop TaskFinished, each time", Tier: Tier1, Minutes: taskMinutes, Cases: []Case{
			expect("update", taskNotExist, ended(actionUpdate, with("Volume", 50))), expect("stop", taskFinished, ended(actionStop)),
			expect("update again", taskNotExist, ended(actionUpdate, with("Volume", 50))), expect("stop again", taskFinished, ended(actionStop)),
		}},
		{
			ID: 46, Fact: "A task is InProgress for a minute, even if its URL cannot be played, and in an empty room", Tier: Tier1, Minutes: 3 * taskMinutes,
			Unmodeled: true, Cases: []Case{
				expect("stream after 10 s", inProgress, begun()), expect("stream after 60 s", inProgress, aMinuteOld),
				expect("404 after 10 s", inProgress, begun(with("StreamUrl", "https://example.com/tf-live-no-such-file.mp4"))),
				expect("404 after 60 s", inProgress, aMinuteOld),
				expect("web page after 10 s", inProgress, begun(with("StreamUrl", "https://example.com/"))),
				expect("web page after 60 s", inProgress, aMinuteOld),
			},
		},
	}
}

// padded returns a text of n bytes that is valid in every other respect.
func padded(n int) string { return "tf-live-" + strings.Repeat("x", n-len("tf-live-")) }

// withTicket sends a Start that is valid except for its UserSig.
func withTicket(ticket func(s *session, user string) string) step {
	return start(func(s *session) parameters {
		p := s.validStart()
		user, _ := p["UserId"].(string)
		return p.edited([]edit{with("UserSig", ticket(s, user))})
	})
}

// volume sends a Start with a volume above the maximum of the site.
func volume(above int) step {
	return start(func(s *session) parameters {
		highest := 100
		if s.run.config.China {
			highest = 200
		}
		return s.validStart(with("Volume", highest+above))
	})
}

// running returns the task that the cases of a probe share, and starts it if
// there is none. It is nil only after an error.
func (s *session) running(ctx context.Context, edits ...edit) *task {
	if s.task == nil {
		s.task = s.runningOf(ctx, s.validStart(edits...))
	}
	return s.task
}

func (s *session) runningOf(ctx context.Context, p parameters) *task {
	started, got := s.begin(ctx, p)
	if started == nil {
		s.fail("a valid Start was rejected with %s", got.value())
	}
	return started
}

// onTask sends a call for a task and returns what is recorded of the answer.
func (s *session) onTask(ctx context.Context, t *task, action, region string, edits ...edit) string {
	if s.err != nil {
		return ""
	}
	return s.value(s.existing(ctx, action, region, t.existing(edits...)))
}

// taskID returns a property of the TaskId of a task.
func taskID(property func(id string) string) step {
	return func(ctx context.Context, s *session) string {
		if started := s.running(ctx); started != nil {
			return property(started.id)
		}
		return ""
	}
}

func contains(separator string) func(string) string {
	return func(id string) string { return strconv.FormatBool(strings.Contains(id, separator)) }
}

// elsewhere sends a call for a task from another region, once the task is visible
// in its own.
func elsewhere(action string, edits ...edit) step {
	return func(ctx context.Context, s *session) string {
		started := s.running(ctx)
		s.waitFor(ctx, started, inProgress)
		return s.onTask(ctx, started, action, s.run.otherRegion(), edits...)
	}
}

// change sends an Update.
func change(edits ...edit) step {
	return func(ctx context.Context, s *session) string {
		return s.onTask(ctx, s.running(ctx), actionUpdate, s.run.config.Region, edits...)
	}
}

// stopNow sends one Stop, or ends the probe if it is rejected.
func (s *session) stopNow(ctx context.Context, started *task) {
	if got := s.onTask(ctx, started, actionStop, s.run.config.Region); got != success {
		s.fail("Stop was rejected with %s", got)
	}
}

// gone stops a task and waits until Describe no longer shows it.
func gone(ctx context.Context, s *session) string {
	started := s.runningOf(ctx, s.validStart())
	s.stopNow(ctx, started)
	took := lag(s.waitFor(ctx, started, notExist))
	s.end(ctx, started)
	return took
}

// free stops a task and sends the same Start again until it is not rejected.
func free(ctx context.Context, s *session) string {
	p := s.validStart()
	s.stopNow(ctx, s.runningOf(ctx, p))
	for since := s.run.config.Clock.Now(); s.err == nil; {
		next, got := s.begin(ctx, p)
		took := s.run.config.Clock.Now().Sub(since)
		switch {
		case next == nil && got.code != "FailedOperation.TaskExist":
			return s.value(got)
		case next != nil || took >= longestLag:
			return lag(took, next != nil)
		case s.err == nil:
			s.err = s.run.config.Clock.Sleep(ctx, time.Second)
		}
	}
	return ""
}

// ended sends a call for a task that has been stopped.
func ended(action string, edits ...edit) step {
	return func(ctx context.Context, s *session) string {
		if s.task == nil {
			s.stopNow(ctx, s.running(ctx))
			s.waitFor(ctx, s.task, notExist)
		}
		return s.onTask(ctx, s.task, action, s.run.config.Region, edits...)
	}
}

// begun starts a task and describes it after 10 seconds.
func begun(edits ...edit) step {
	return func(ctx context.Context, s *session) string {
		started := s.running(ctx, edits...)
		if s.err == nil {
			s.err = s.run.config.Clock.Sleep(ctx, 10*time.Second)
		}
		return s.onTask(ctx, started, actionDescribe, s.run.config.Region)
	}
}

// aMinuteOld describes the task of begun 50 seconds later, and stops it.
func aMinuteOld(ctx context.Context, s *session) string {
	started := s.task
	if s.err == nil {
		s.err = s.run.config.Clock.Sleep(ctx, 50*time.Second)
	}
	status := s.onTask(ctx, started, actionDescribe, s.run.config.Region)
	s.end(ctx, started)
	s.task = nil
	return status
}
