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
	userSig := "InvalidParameter.UserSig"
	return []Probe{
		{
			ID: 25, Fact: "Start checks UserSig itself, with one code for all faults", Tier: Tier1, Minutes: 5 * taskMinutes, Steps: []step{
				withTicket("expired", func(s *session, user string) string { return s.userSig(s.run.config.App, user, time.Hour) }),
				withTicket("other user", func(s *session, _ string) string { return s.userSig(s.run.config.App, s.name(), 0) }),
				withTicket("other application", func(s *session, user string) string {
					return s.userSig(App{ID: foreignApp, Key: s.run.config.App.Key}, user, 0)
				}),
				withTicket("other key", func(s *session, user string) string {
					key, _ := tickets.NewKey(strings.Repeat("0", tickets.KeyLength)) // It has the form of a key.
					return s.userSig(App{ID: s.run.config.App.ID, Key: key}, user, 0)
				}),
				withTicket("no ticket", func(*session, string) string { return invalidUserSig }),
			},
			Assumed: Observation{
				"expired": userSig, "other user": userSig, "other application": userSig, "other key": userSig, "no ticket": userSig,
			},
		},
		{
			ID: 26, Fact: "RoomIdType 1 is the integer room", Tier: Tier1, Minutes: 3 * taskMinutes, Steps: []step{
				valid("word, type 1", with("RoomIdType", 1)), valid("word, type 0"),
				valid("number, type 1", with("RoomIdType", 1), with("RoomId", "4294967290")),
			},
			Assumed: Observation{"word, type 1": "InvalidParameter.RoomId", "word, type 0": success, "number, type 1": success},
		},
		{
			ID: 27, Fact: "RoomId: one spelling of 1 to 2^32-1, or 1 to 64 bytes of the documented set", Tier: Tier1, Minutes: 5 * taskMinutes, Steps: []step{
				valid("0", with("RoomIdType", 1), with("RoomId", "0")), valid("01", with("RoomIdType", 1), with("RoomId", "01")),
				valid("2^32", with("RoomIdType", 1), with("RoomId", "4294967296")),
				valid("65 bytes", with("RoomId", padded(65))), valid("slash", with("RoomId", "tf-live/room")),
			},
			Assumed: Observation{
				"0": "InvalidParameter.RoomId", "01": "InvalidParameter.RoomId", "2^32": "InvalidParameter.RoomId",
				"65 bytes": "InvalidParameter.StrRoomId", "slash": "InvalidParameter.StrRoomId",
			},
		},
		{
			// No ticket can be minted for these users, so that a service which checks
			// tickets first answers with the code of UserSig.
			ID: 28, Fact: "UserId: at most 32 bytes of a-zA-Z0-9_-, else InvalidParameter.UserId", Tier: Tier1, Minutes: 2 * taskMinutes, Steps: []step{
				valid("33 bytes", with("UserId", padded(33))), valid("at sign", with("UserId", "tf-live@user")),
			},
			Assumed: Observation{"33 bytes": "InvalidParameter.UserId", "at sign": "InvalidParameter.UserId"},
		},
		{
			ID: 29, Fact: "StreamUrl may be absent; http, https and rtmp only; whether the host exists is not checked", Tier: Tier1, Minutes: 4 * taskMinutes, Steps: []step{
				valid("absent", without("StreamUrl")), valid("empty", with("StreamUrl", "")), valid("ftp", with("StreamUrl", unknownScheme)),
				valid("dead host", with("StreamUrl", "http://tf-live.invalid/audio.mp3")),
			},
			Assumed: Observation{
				"absent": success, "empty": "InvalidParameter.StreamUrl", "ftp": "InvalidParameter.StreamUrl", "dead host": success,
			},
		},
		{
			ID: 30, Fact: "Numbers out of range: InvalidParameterValue", Tier: Tier1, Minutes: 11 * taskMinutes, Steps: []step{
				valid("RoomIdType 2", with("RoomIdType", 2)), valid("SeekSecond -1", with("SeekSecond", -1)),
				valid("RepeatNum -2", with("RepeatNum", -2)), valid("RepeatNum 0", with("RepeatNum", 0)), valid("RepeatNum 1001", with("RepeatNum", 1001)),
				valid("MaxDuration 0", with("MaxDuration", 0)), valid("MaxDuration 10081", with("MaxDuration", 10081)),
				volume("Volume at its maximum", 0), volume("Volume above its maximum", 1),
				ifChina(valid("Tempo 3", with("Tempo", 3))), ifChina(valid("IdleTimeout 601", with("IdleTimeout", 601))),
			},
			Assumed: Observation{
				"RoomIdType 2": "InvalidParameterValue", "SeekSecond -1": "InvalidParameterValue", "RepeatNum -2": "InvalidParameterValue",
				"RepeatNum 0": "InvalidParameterValue", "RepeatNum 1001": "InvalidParameterValue", "MaxDuration 0": "InvalidParameterValue",
				"MaxDuration 10081": "InvalidParameterValue", "Volume at its maximum": success, "Volume above its maximum": "InvalidParameterValue",
			},
			China: Observation{"Tempo 3": "InvalidParameterValue", "IdleTimeout 601": "InvalidParameterValue"},
		},
		{
			ID: 31, Fact: "Describe shows a new task at once", Tier: Tier1, Minutes: taskMinutes, Steps: []step{newTaskVisible},
			Assumed: Observation{"visible": "within 1 s"},
		},
		{
			ID: 32, Fact: "A TaskId has 64 to 127 characters, also of +-._", Tier: Tier1, Minutes: taskMinutes, Steps: []step{taskIDShape},
			Assumed: Observation{"length": "64 to 127", "+": "true", "-": "true", ".": "true", "_": "true", "others": "false"},
		},
		{
			ID: 33, Fact: "A task can be read, updated and stopped from every region", Tier: Tier1, Minutes: taskMinutes, Steps: []step{fromOtherRegion},
			Assumed: Observation{"describe": inProgress, "update": inProgress, "stop": success},
		},
		{
			ID: 34, Fact: "An Update that changes nothing, is repeated, or meets a paused task: InProgress", Tier: Tier1, Minutes: taskMinutes, Steps: []step{updates},
			Assumed: Observation{
				"empty": inProgress, "volume": inProgress, "volume again": inProgress, "pause": inProgress, "pause again": inProgress,
				"volume while paused": inProgress, "resume": inProgress,
			},
		},
		{
			ID: 35, Fact: "After Stop a task is NotExist, and its room and user are free, at once", Tier: Tier1, Minutes: 2 * taskMinutes, Steps: []step{afterStop},
			Assumed: Observation{"gone": "within 1 s", "free": "within 1 s"},
		},
		{
			ID: 36, Fact: "An ended task: Update TaskNotExist, Stop TaskFinished, as often as asked", Tier: Tier1, Minutes: taskMinutes, Steps: []step{endedTask},
			Assumed: Observation{
				"update": "FailedOperation.TaskNotExist", "update again": "FailedOperation.TaskNotExist",
				"stop": "FailedOperation.TaskFinished", "stop again": "FailedOperation.TaskFinished",
			},
		},
		{
			ID: 46, Fact: "A task is InProgress for a minute, even if its URL cannot be played, and in an empty room", Tier: Tier1, Minutes: 3 * taskMinutes,
			Unmodeled: true, Steps: []step{
				aMinute("stream"), aMinute("404", with("StreamUrl", "https://example.com/tf-live-no-such-file.mp4")),
				aMinute("web page", with("StreamUrl", "https://example.com/")),
			},
			Assumed: Observation{
				"stream after 10 s": inProgress, "stream after 60 s": inProgress, "404 after 10 s": inProgress, "404 after 60 s": inProgress,
				"web page after 10 s": inProgress, "web page after 60 s": inProgress,
			},
		},
	}
}

// padded returns a text of n bytes that is valid in every other respect.
func padded(n int) string { return "tf-live-" + strings.Repeat("x", n-len("tf-live-")) }

// withTicket sends a Start that is valid except for its UserSig.
func withTicket(name string, ticket func(s *session, user string) string) step {
	return start(name, func(s *session) parameters {
		p := s.validStart()
		user, _ := p["UserId"].(string)
		return p.edited([]edit{with("UserSig", ticket(s, user))})
	})
}

// volume sends a Start with a volume above the maximum of the site.
func volume(name string, above int) step {
	return func(ctx context.Context, s *session) {
		highest := 100
		if s.run.config.China {
			highest = 200
		}
		valid(name, with("Volume", highest+above))(ctx, s)
	}
}

// running starts a task that the probe needs, or ends the probe.
func (s *session) running(ctx context.Context, edits ...edit) *task {
	return s.runningOf(ctx, s.validStart(edits...))
}

func (s *session) runningOf(ctx context.Context, p parameters) *task {
	started, got := s.begin(ctx, p)
	if started == nil && s.err == nil {
		s.err = &inconclusiveError{"a valid Start was rejected with " + got.value()}
	}
	return started
}

func newTaskVisible(ctx context.Context, s *session) {
	started := s.running(ctx)
	if s.err != nil {
		return
	}
	took, visible := s.waitFor(ctx, started, inProgress, s.run.config.Clock.Now())
	s.record("visible", lag(took, visible))
}

func taskIDShape(ctx context.Context, s *session) {
	started := s.running(ctx)
	if s.err != nil {
		return
	}
	s.record("length", lengthBucket(started.id))
	const separators = "+-._"
	for _, r := range separators {
		s.record(string(r), strconv.FormatBool(strings.ContainsRune(started.id, r)))
	}
	s.record("others", strconv.FormatBool(otherCharacters(started.id, separators)))
}

func fromOtherRegion(ctx context.Context, s *session) {
	started := s.running(ctx)
	if s.err != nil {
		return
	}
	// The task has to be visible in its own region first.
	s.waitFor(ctx, started, inProgress, s.run.config.Clock.Now())
	other := s.run.otherRegion()
	s.recordAnswer("describe", s.existing(ctx, actionDescribe, other, started.existing()))
	s.recordAnswer("update", s.existing(ctx, actionUpdate, other, started.existing(with("Volume", 50))))
	s.recordAnswer("stop", s.existing(ctx, actionStop, other, started.existing()))
}

func updates(ctx context.Context, s *session) {
	started := s.running(ctx)
	if s.err != nil {
		return
	}
	for _, change := range []struct {
		name  string
		edits []edit
	}{
		{"empty", nil},
		{"volume", []edit{with("Volume", 50)}},
		{"volume again", []edit{with("Volume", 50)}},
		{"pause", []edit{with("IsPause", true)}},
		{"pause again", []edit{with("IsPause", true)}},
		{"volume while paused", []edit{with("Volume", 60)}},
		{"resume", []edit{with("IsPause", false)}},
	} {
		s.recordAnswer(change.name, s.existing(ctx, actionUpdate, started.region, started.existing(change.edits...)))
	}
}

// stopNow sends one Stop, or ends the probe if it is refused.
func (s *session) stopNow(ctx context.Context, started *task) time.Time {
	got := s.existing(ctx, actionStop, started.region, started.existing())
	if got.code != "" && s.err == nil {
		s.err = &inconclusiveError{"Stop was rejected with " + got.value()}
	}
	return s.run.config.Clock.Now()
}

func afterStop(ctx context.Context, s *session) {
	started := s.running(ctx)
	if s.err != nil {
		return
	}
	stopped := s.stopNow(ctx, started)
	took, gone := s.waitFor(ctx, started, notExist, stopped)
	s.record("gone", lag(took, gone))
	s.end(ctx, started)

	p := s.validStart()
	second := s.runningOf(ctx, p)
	if s.err != nil {
		return
	}
	stopped = s.stopNow(ctx, second)
	for s.err == nil {
		third, got := s.begin(ctx, p)
		took := s.run.config.Clock.Now().Sub(stopped)
		switch {
		case third != nil || got.code != "FailedOperation.TaskExist" || took >= longestLag:
			if third == nil && got.code != "FailedOperation.TaskExist" {
				s.recordAnswer("free", got)
			} else {
				s.record("free", lag(took, third != nil))
			}
			return
		case s.err == nil:
			s.err = s.run.config.Clock.Sleep(ctx, time.Second)
		}
	}
}

func endedTask(ctx context.Context, s *session) {
	started := s.running(ctx)
	if s.err != nil {
		return
	}
	stopped := s.stopNow(ctx, started)
	s.waitFor(ctx, started, notExist, stopped)
	for _, suffix := range []string{"", " again"} {
		s.recordAnswer("update"+suffix, s.existing(ctx, actionUpdate, started.region, started.existing(with("Volume", 50))))
		s.recordAnswer("stop"+suffix, s.existing(ctx, actionStop, started.region, started.existing()))
	}
}

// aMinute starts a task and describes it after 10 and after 60 seconds.
func aMinute(name string, edits ...edit) step {
	return func(ctx context.Context, s *session) {
		started := s.running(ctx, edits...)
		for _, wait := range []struct {
			after string
			time.Duration
		}{{" after 10 s", 10 * time.Second}, {" after 60 s", 50 * time.Second}} {
			if s.err != nil {
				return
			}
			s.err = s.run.config.Clock.Sleep(ctx, wait.Duration)
			s.recordAnswer(name+wait.after, s.existing(ctx, actionDescribe, started.region, started.existing()))
		}
		s.end(ctx, started)
	}
}
