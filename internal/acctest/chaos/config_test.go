package chaos

import (
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// config is the body of a resource block. Its parts are drawn and edited as a
// whole, so that every config is valid.
type config struct{ parts map[string]tfcore.Values }

// values returns the arguments without the ticket of user_sig_wo.
func (c config) values() tfcore.Values {
	all := tfcore.Values{}
	for _, part := range c.parts {
		maps.Copy(all, part)
	}
	return all
}

// with returns the config with one part changed.
func (c config) with(name string, part tfcore.Values) *config {
	changed := config{parts: maps.Clone(c.parts)}
	changed.parts[name] = part
	return &changed
}

// The parts of a config that operations change.
const (
	roomPart   = "room and user"
	pausePart  = "paused"
	streamPart = "stream"
)

func roomAndUser(room string, roomType int64, user string) tfcore.Values {
	return tfcore.Values{"room_id": room, "room_id_type": roomType, "user_id": user}
}

// roomsAndUsers returns few values, so that blocks conflict. The first and the last
// differ only in their type.
func roomsAndUsers() []tfcore.Values {
	return []tfcore.Values{
		roomAndUser("1001", 1, "robot-1"), roomAndUser("1002", 1, "robot-1"), roomAndUser("1001", 1, "robot-2"),
		roomAndUser("1002", 1, "robot-2"), roomAndUser("the lobby", 0, "robot-1"), roomAndUser("1001", 0, "robot-1"),
	}
}

// unusedRoom returns a room that no other block and no task has.
func unusedRoom(number int) tfcore.Values { return roomAndUser(fmt.Sprint(9000+number), 1, "robot-1") }

// storedTicket stands for a ticket that the configuration contains for days.
const storedTicket = "a stored ticket"

// alternatives returns the values of each part.
func alternatives() map[string][]tfcore.Values {
	stream := func(address any) tfcore.Values {
		return tfcore.Values{"stream_url": address, "stream_url_wo": nil, "stream_url_wo_version": nil}
	}
	hidden := func(address string, version int64) tfcore.Values {
		return tfcore.Values{"stream_url": nil, "stream_url_wo": address, "stream_url_wo_version": version}
	}
	repeat := func(times, minutes any) tfcore.Values {
		return tfcore.Values{"repeat_num": times, "max_duration": minutes}
	}
	return map[string][]tfcore.Values{
		roomPart:  roomsAndUsers(),
		pausePart: {{"paused": nil}, {"paused": nil}, {"paused": true}, {"paused": false}},
		streamPart: {
			stream("https://example.com/a.flv"), stream("rtmp://example.com/live"), stream(nil),
			stream("https://example.com/b.flv?sign=" + shownQuery),
			hidden("https://example.com/c.flv?sign="+hiddenQuery, 1), hidden("https://example.com/d.flv?sign="+hiddenQuery, 2),
			hidden("https://example.com/d.flv?sign="+hiddenQuery, 3),
		},
		"repeat":      {repeat(nil, nil), repeat(int64(3), nil), repeat(int64(-1), nil), repeat(int64(-1), int64(30)), repeat(int64(1000), nil)},
		"volume":      {{"volume": nil}, {"volume": int64(0)}, {"volume": int64(40)}, {"volume": int64(100)}},
		"on_task_end": {{"on_task_end": nil}, {"on_task_end": "keep"}, {"on_task_end": "recreate"}},
		"seek_second": {{"seek_second": nil}, {"seek_second": nil}, {"seek_second": nil}, {"seek_second": int64(10)}},
		"auto_push":   {{"auto_push": nil}, {"auto_push": nil}, {"auto_push": nil}, {"auto_push": true}},
		"region":      {{"region": nil}, {"region": nil}, {"region": nil}, {"region": regions()[0]}, {"region": regions()[1]}},
		"ticket":      {{"user_sig": nil}, {"user_sig": nil}, {"user_sig": storedTicket}},
		"timeouts":    {{"timeouts": nil}, {"timeouts": nil}, {"timeouts": nil}, {"timeouts": shortTimeouts()}},
	}
}

func shortTimeouts() tfcore.Values {
	return tfcore.Values{"create": "20s", "read": "5s", "update": "10s", "delete": "15s"}
}

func drawConfig(r *rapid.T) *config {
	drawn := &config{parts: map[string]tfcore.Values{}}
	choices := alternatives()
	for _, name := range slices.Sorted(maps.Keys(choices)) {
		drawn.parts[name] = rapid.SampledFrom(choices[name]).Draw(r, name)
	}
	return drawn
}

// drawEdit draws new values for one or two parts of a config.
func drawEdit(r *rapid.T, c *config) *config {
	choices := alternatives()
	for range rapid.IntRange(1, 2).Draw(r, "edits") {
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(choices))).Draw(r, "part")
		c = c.with(name, rapid.SampledFrom(choices[name]).Draw(r, name))
	}
	return c
}

// configValues returns the arguments of a config. A ticket that is not stored is
// minted now, as by the ephemeral resource.
func (sim *simulation) configValues(c *config) tfcore.Values {
	values := c.values()
	values["sdk_app_id"] = acctest.SdkAppID
	user, _ := values["user_id"].(string)
	if values["user_sig"] == storedTicket {
		values["user_sig"] = sim.secrets.storedTicket(user, sim.clock.Now())
	} else {
		values["user_sig_wo"] = sim.secrets.writeOnlyTicket(user, sim.clock.Now())
	}
	return values
}
