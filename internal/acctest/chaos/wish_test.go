package chaos

import (
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// wish is the body of a resource block. It is made of parts that are drawn, and
// edited, as a whole, so that every wish is a valid one.
type wish struct{ parts map[string]tfcore.Values }

// values are the arguments, but for the write-only ticket.
func (w wish) values() tfcore.Values {
	all := tfcore.Values{}
	for _, part := range w.parts {
		maps.Copy(all, part)
	}
	return all
}

// with returns the wish with one part changed.
func (w wish) with(name string, part tfcore.Values) *wish {
	changed := wish{parts: maps.Clone(w.parts)}
	changed.parts[name] = part
	return &changed
}

// The parts of a wish that operations change on purpose.
const (
	seatPart   = "seat"
	pausePart  = "paused"
	streamPart = "stream"
)

func seat(room string, roomType int64, user string) tfcore.Values {
	return tfcore.Values{"room_id": room, "room_id_type": roomType, "user_id": user}
}

// seats are few, so that blocks get into each other's way. The first and the
// last differ in their type alone.
func seats() []tfcore.Values {
	return []tfcore.Values{
		seat("1001", 1, "robot-1"), seat("1002", 1, "robot-1"), seat("1001", 1, "robot-2"),
		seat("1002", 1, "robot-2"), seat("the lobby", 0, "robot-1"), seat("1001", 0, "robot-1"),
	}
}

// freshSeat is one that nobody else has.
func freshSeat(number int) tfcore.Values { return seat(fmt.Sprint(9000+number), 1, "robot-1") }

// lasting stands for a ticket that the configuration holds on to.
const lasting = "a lasting ticket"

// alternatives are the values of each part.
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
		seatPart:  seats(),
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
		"ticket":      {{"user_sig": nil}, {"user_sig": nil}, {"user_sig": lasting}},
		"timeouts":    {{"timeouts": nil}, {"timeouts": nil}, {"timeouts": nil}, {"timeouts": hurry()}},
	}
}

func hurry() tfcore.Values {
	return tfcore.Values{"create": "20s", "read": "5s", "update": "10s", "delete": "15s"}
}

func drawWish(r *rapid.T) *wish {
	drawn := &wish{parts: map[string]tfcore.Values{}}
	choices := alternatives()
	for _, name := range slices.Sorted(maps.Keys(choices)) {
		drawn.parts[name] = rapid.SampledFrom(choices[name]).Draw(r, name)
	}
	return drawn
}

// drawEdit draws one or two parts of a wish anew.
func drawEdit(r *rapid.T, w *wish) *wish {
	choices := alternatives()
	for range rapid.IntRange(1, 2).Draw(r, "edits") {
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(choices))).Draw(r, "part")
		w = w.with(name, rapid.SampledFrom(choices[name]).Draw(r, name))
	}
	return w
}

// config is the wish as Terraform hands it over. A ticket that does not last was
// minted just now, as by the ephemeral resource.
func (u *universe) config(w *wish) tfcore.Values {
	values := w.values()
	values["sdk_app_id"] = acctest.SdkAppID
	user, _ := values["user_id"].(string)
	if values["user_sig"] == lasting {
		values["user_sig"] = u.secrets.lasting(user, u.clock.Now())
	} else {
		values["user_sig_wo"] = u.secrets.fleeting(user, u.clock.Now())
	}
	return values
}
