package conformance

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

const (
	clipLength = time.Minute
	// longMinutes is the MaxDuration of the task that outlives its ticket.
	longMinutes = 6
	// burst is twice the documented rate of one action.
	burst = 40
	// mostTasks is how many tasks the probe of the quota starts at most.
	mostTasks = 20
)

// longProbes are those of the tiers 2 and 3, and the passive one.
func longProbes() []Probe {
	return []Probe{
		{
			ID: 37, Fact: "One task for each application, room type, room and user: TaskExist", Tier: Tier2, Minutes: 5 * taskMinutes, Steps: []step{taskKey},
			Assumed: Observation{"same": "FailedOperation.TaskExist", "other user": success, "other room": success, "other type": success},
		},
		{
			ID: 38, Fact: "An Update keeps what it omits; the same URL does not start over; the volume is 100 at first", Tier: Tier2, Minutes: 2 * taskMinutes,
			Needs: []Need{needListener}, Steps: []step{omittedFields},
			Assumed: Observation{"full volume at first": "true", "volume kept": "true", "pause kept": "true", "goes on after the same URL": "true"},
		},
		{
			ID: 39, Fact: "A task ends after its repeats; a pause and SeekSecond do not change that", Tier: Tier2, Minutes: 4 * 3,
			Needs: []Need{needClip}, Steps: []step{endOfPlay},
			Assumed: Observation{"once": "on time", "twice": "on time", "paused": "on time", "from 30 s": "on time"},
		},
		{
			ID: 40, Fact: "MaxDuration counts from Start, and only with RepeatNum -1", Tier: Tier2, Minutes: 3 + 4,
			Needs: []Need{needClip}, Steps: []step{maxDuration},
			Assumed: Observation{"endless": "on time", "three times": "later"},
		},
		{
			ID: 41, Fact: "A task outlives its UserSig, and an empty room does not end it", Tier: Tier2, Minutes: longMinutes, Unmodeled: true, Steps: []step{outlivedTicket},
			Assumed: Observation{"after 5 minutes": inProgress},
		},
		{
			ID: 42, Fact: "PrivateMapKey is checked in every application, but not its privileges", Tier: Tier2, Minutes: 4 * taskMinutes, Steps: []step{
				withMapKey("no ticket", func(*session, string) string { return poison }),
				withMapKey("other room", func(s *session, user string) string {
					return s.privateMapKey(s.run.config.App, user, "tf-live-other", tickets.AllPrivileges)
				}),
				fewPrivileges, withoutMapKey,
			},
			Assumed: Observation{
				"no ticket": "InvalidParameter", "other room": "InvalidParameter", "few privileges": success, "required but absent": "MissingParameter",
			},
		},
		{
			ID: 43, Fact: "20 calls a second for each action and region, before parameters are checked", Tier: Tier3, Steps: []step{rateLimit},
			Assumed: Observation{
				"accepted of 40": "20", "invalid call": "RequestLimitExceeded", "other action": "FailedOperation.TaskFinished",
				"other region": notExist, "a second later": notExist,
			},
		},
		{
			ID: 44, Fact: "The quota refuses with RestrictedConcurrency, after TaskExist; a stopped task frees its place", Tier: Tier3, Minutes: (mostTasks + 1) * taskMinutes,
			Steps:   []step{quota},
			Assumed: Observation{"refused with": "FailedOperation.RestrictedConcurrency", "same task": "FailedOperation.TaskExist", "after a Stop": success},
		},
		{
			ID: 45, Fact: "A Start that was refused for the rate or for want of capacity did not run", Tier: Passive, Minutes: taskMinutes,
			Assumed: Observation{"RequestLimitExceeded": refusalNotRun, "ResourceInsufficient": refusalNotRun},
		},
	}
}

// taskKey starts a task and then others that differ from it in one parameter.
func taskKey(ctx context.Context, s *session) {
	number := "4294967290"
	first := s.validStart(with("RoomId", number))
	s.runningOf(ctx, first)
	user := s.name()
	for _, variant := range []struct {
		name  string
		edits []edit
	}{
		{"same", nil},
		{"other user", []edit{with("UserId", user), with("UserSig", s.userSig(s.run.config.App, user, ticketLife, 0))}},
		{"other room", []edit{with("RoomId", s.name())}},
		{"other type", []edit{with("RoomIdType", tickets.RoomIDTypeInt)}},
	} {
		started, got := s.begin(ctx, s.run.config.Region, first.edited(variant.edits))
		s.seeAnswer(variant.name, got)
		s.end(ctx, started)
	}
}

// omittedFields asks a person in the room.
func omittedFields(ctx context.Context, s *session) {
	ask := func(name, room, question string) {
		if s.err != nil {
			return
		}
		heard, err := s.run.config.Listen(ctx, room, question)
		if s.err = err; err == nil {
			s.see(name, strconv.FormatBool(heard))
		}
	}
	change := func(t *task, edits ...edit) {
		if got := s.existing(ctx, actionUpdate, t.region, t.existing(edits...)); got.code != "" && s.err == nil {
			s.err = &inconclusiveError{"Update was refused with " + got.value()}
		}
	}
	p := s.validStart(with("MaxDuration", 2*taskMinutes))
	started := s.runningOf(ctx, p)
	if s.err != nil {
		return
	}
	room, _ := p["RoomId"].(string)
	ask("full volume at first", room, "Does the stream play at full volume?")
	change(started, with("Volume", 30))
	change(started, with("IsPause", true))
	change(started, with("Volume", 20))
	ask("pause kept", room, "Is the stream silent?")
	change(started, with("IsPause", false))
	ask("volume kept", room, "Is the stream much quieter than before?")
	change(started, with("StreamUrl", p["StreamUrl"]))
	ask("goes on after the same URL", room, "Did the stream go on without starting over?")
}

// endOfPlay starts four tasks together and waits for each to end.
func endOfPlay(ctx context.Context, s *session) {
	type play struct {
		name     string
		edits    []edit
		expected time.Duration
		started  *task
		since    time.Time
	}
	plays := []*play{
		{name: "once", expected: clipLength, edits: []edit{with("RepeatNum", 1)}},
		{name: "paused", expected: clipLength, edits: []edit{with("RepeatNum", 1)}},
		{name: "from 30 s", expected: clipLength, edits: []edit{with("RepeatNum", 1), with("SeekSecond", 30)}},
		{name: "twice", expected: 2 * clipLength, edits: []edit{with("RepeatNum", 2)}},
	}
	for _, p := range plays {
		p.started = s.running(ctx, append(p.edits, with("StreamUrl", s.run.config.ClipURL.Reveal()), without("MaxDuration"))...)
		p.since = s.run.config.Clock.Now()
		if s.err == nil && p.name == "paused" {
			s.existing(ctx, actionUpdate, p.started.region, p.started.existing(with("IsPause", true)))
		}
	}
	for _, p := range plays {
		if s.err == nil {
			s.seeEnd(ctx, p.name, p.started, p.since, p.expected)
		}
	}
}

// seeEnd waits for the end of a task and records when it came.
func (s *session) seeEnd(ctx context.Context, name string, t *task, since time.Time, expected time.Duration) {
	took, ended := s.waitFor(ctx, t, notExist, since, 5*time.Second, expected*5/4+15*time.Second)
	s.see(name, endBucket(took, expected, ended))
}

func maxDuration(ctx context.Context, s *session) {
	clip := with("StreamUrl", s.run.config.ClipURL.Reveal())
	endless := s.running(ctx, clip, with("MaxDuration", 1))
	since := s.run.config.Clock.Now()
	repeated := s.running(ctx, clip, with("MaxDuration", 1), with("RepeatNum", 3))
	if s.err != nil {
		return
	}
	s.seeEnd(ctx, "endless", endless, since, time.Minute)
	s.seeEnd(ctx, "three times", repeated, since, time.Minute)
}

// outlivedTicket starts a task with a ticket of a minute, in a room without
// anybody else.
func outlivedTicket(ctx context.Context, s *session) {
	p := s.validStart(with("MaxDuration", longMinutes))
	user, _ := p["UserId"].(string)
	p["UserSig"] = s.userSig(s.run.config.App, user, time.Minute, 0)
	started := s.runningOf(ctx, p)
	if s.err != nil {
		return
	}
	s.err = s.run.config.Clock.Sleep(ctx, 5*time.Minute)
	s.seeAnswer("after 5 minutes", s.existing(ctx, actionDescribe, started.region, started.existing()))
}

// withMapKey sends a Start with a PrivateMapKey.
func withMapKey(name string, ticket func(s *session, user string) string) step {
	return func(ctx context.Context, s *session) {
		p := s.validStart()
		user, _ := p["UserId"].(string)
		p["PrivateMapKey"] = ticket(s, user)
		started, got := s.begin(ctx, s.run.config.Region, p)
		s.seeAnswer(name, got)
		s.end(ctx, started)
	}
}

// fewPrivileges sends a Start whose PrivateMapKey allows to receive video only.
func fewPrivileges(ctx context.Context, s *session) {
	p := s.validStart()
	user, _ := p["UserId"].(string)
	room, _ := p["RoomId"].(string)
	p["PrivateMapKey"] = s.privateMapKey(s.run.config.App, user, room, tickets.PrivilegeReceiveVideo)
	started, got := s.begin(ctx, s.run.config.Region, p)
	s.seeAnswer("few privileges", got)
	s.end(ctx, started)
}

// withoutMapKey sends a Start for an application that requires a PrivateMapKey,
// if there is one.
func withoutMapKey(ctx context.Context, s *session) {
	if s.run.config.PrivilegedApp.ID == 0 {
		return
	}
	started, got := s.begin(ctx, s.run.config.Region, s.startOf(s.run.config.PrivilegedApp))
	s.seeAnswer("required but absent", got)
	s.end(ctx, started)
}

// rateLimit sends a burst of Describes and then, within the same second, single
// calls that do or do not count with them.
func rateLimit(ctx context.Context, s *session) {
	s.limited = true
	if s.err == nil {
		// The window of the probes before this one has to pass.
		s.err = s.run.config.Clock.Sleep(ctx, 2*time.Second)
	}
	if s.err != nil {
		return
	}
	p := parameters{"SdkAppId": foreignApp, "TaskId": madeUpTask}
	here := s.run.config.Region
	answers := make([]answer, burst)
	var sent sync.WaitGroup
	for i := range answers {
		sent.Go(func() {
			got, err := s.run.transmit(ctx, request{action: actionDescribe, region: here, parameters: p})
			if answers[i] = got; err != nil {
				answers[i].code = noEnvelope
			}
		})
	}
	sent.Wait()
	accepted := 0
	for _, got := range answers {
		switch {
		case got.code == "":
			accepted++
		case !hasFamily(got.code, "RequestLimitExceeded"):
			s.err = &inconclusiveError{"a call of the burst was answered with " + got.value()}
			return
		}
	}
	s.see("accepted of 40", acceptedBucket(accepted))
	for _, single := range []struct {
		name   string
		action string
		region string
		edits  []edit
	}{
		{"invalid call", actionDescribe, here, []edit{with("SdkAppId", 0)}},
		{"other action", actionStop, here, nil},
		{"other region", actionDescribe, s.run.otherRegion(), nil},
	} {
		got, err := s.run.transmit(ctx, request{action: single.action, region: single.region, parameters: p.edited(single.edits)})
		if err != nil && s.err == nil {
			s.err = &inconclusiveError{err.Error()}
		}
		s.seeAnswer(single.name, got)
	}
	if s.err == nil {
		s.err = s.run.config.Clock.Sleep(ctx, 1100*time.Millisecond)
	}
	s.seeAnswer("a second later", s.existing(ctx, actionDescribe, here, p))
}

func acceptedBucket(accepted int) string {
	switch {
	case accepted < 20:
		return "under 20"
	case accepted == 20:
		return "20"
	case accepted < burst:
		return "21 to 39"
	default:
		return "40"
	}
}

// quota starts tasks until one is refused.
func quota(ctx context.Context, s *session) {
	var tasks []*task
	var first parameters
	for s.err == nil {
		p := s.validStart()
		if first == nil {
			first = p
		}
		started, got := s.begin(ctx, s.run.config.Region, p)
		if started == nil {
			s.seeAnswer("refused with", got)
			break
		}
		if tasks = append(tasks, started); len(tasks) == mostTasks {
			s.err = &inconclusiveError{fmt.Sprintf("%d tasks at once were not refused", mostTasks)}
		}
	}
	if s.err != nil || len(tasks) == 0 {
		return
	}
	again, got := s.begin(ctx, s.run.config.Region, first)
	s.seeAnswer("same task", got)
	s.end(ctx, again)
	s.stopNow(ctx, tasks[0])
	next, got := s.begin(ctx, s.run.config.Region, s.validStart())
	s.seeAnswer("after a Stop", got)
	s.end(ctx, next)
}
