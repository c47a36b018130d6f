package conformance

import (
	"context"
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
			expect("expired", badUserSig, valid(withTicket(func(s *session, user string) string { return s.userSig(s.run.config.App, user, time.Hour) }))),
			expect("other user", badUserSig, valid(withTicket(func(s *session, _ string) string { return s.userSig(s.run.config.App, s.name(), 0) }))),
			expect("other application", badUserSig, valid(withTicket(func(s *session, user string) string {
				return s.userSig(App{ID: foreignApp, Key: s.run.config.App.Key}, user, 0)
			}))),
			expect("other key", badUserSig, valid(withTicket(func(s *session, user string) string {
				key, _ := tickets.NewKey(strings.Repeat("0", tickets.KeyLength)) // It has the form of a key.
				return s.userSig(App{ID: s.run.config.App.ID, Key: key}, user, 0)
			}))),
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
		// tickets first returns the code of UserSig.
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
			{"Volume 100", success, "", valid(with("Volume", 100))},
			{"Volume 101", outOfRange, "", valid(with("Volume", 101))},
			{"Volume 200", "", success, valid(with("Volume", 200))},
			{"Volume 201", "", outOfRange, valid(with("Volume", 201))},
			{"Tempo 3", "", outOfRange, valid(with("Tempo", 3))},
			{"IdleTimeout 601", "", outOfRange, valid(with("IdleTimeout", 601))},
		}},
		{ID: 31, Fact: "Describe shows a new task at once", Tier: Tier1, Minutes: taskMinutes, Cases: []Case{
			expect("visible", "within 1 s", func(ctx context.Context, s *session) string {
				return lag(s.waitFor(ctx, s.running(ctx), inProgress))
			}),
		}},
		{ID: 32, Fact: "A TaskId has 64 to 127 letters, digits and +-._", Tier: Tier1, Minutes: taskMinutes, Cases: []Case{
			expect("length", "true", taskID("^.{64,127}$")), expect("characters", "true", taskID(`^[a-zA-Z0-9+._-]+$`)),
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
