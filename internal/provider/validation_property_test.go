package provider_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// TestAccAcceptedPlansAreAccepted: the mock judges parameters with code of its
// own. What the provider lets through, the mock must start, and everything in
// between must go by core's rules.
func TestAccAcceptedPlansAreAccepted(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, anyTicket)
	below := world.Provider(t, nil)
	rapid.Check(t, func(r *rapid.T) {
		ctx := context.Background()
		session, err := below.Session(acctest.ResourceType)
		if err != nil {
			r.Fatal(err)
		}
		config := drawConfig(r)
		world.Mock.ResetJournal()
		plan := session.Plan(ctx, config)
		if bugs := plan.Diagnostics.Bugs(); len(bugs) > 0 {
			r.Fatal(bugs)
		}
		if plan.Diagnostics.HasErrors() {
			if calls := world.Calls(); len(calls) > 0 {
				r.Fatalf("a refused plan called %v", calls)
			}
			return
		}
		if said := session.Apply(ctx, plan); said.HasErrors() {
			r.Fatalf("the plan was accepted, but: %s", said)
		}
		if next := session.Plan(ctx, config); next.Action != tfcore.NoOp {
			r.Fatalf("planned to %s after the apply", next)
		}
		if said := session.Destroy(ctx); said.HasErrors() {
			r.Fatal(said)
		}
	})
}

// drawConfig draws values at their limits. At most two arguments may be beyond
// them, so that many plans get through.
func drawConfig(r *rapid.T) tfcore.Values {
	config := tfcore.Values{"user_sig": "a ticket"}
	wild := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(tameValues()))), 0, 2, rapid.ID[string]).Draw(r, "wild")
	for _, name := range slices.Sorted(maps.Keys(tameValues())) {
		values := tameValues()[name]
		if slices.Contains(wild, name) {
			values = wildValues()[name]
		}
		if value := values.Draw(r, name); value != nil {
			config[name] = value
		}
	}
	return config
}

// tameValues are inside of the documented ranges, but for what depends on
// another argument.
func tameValues() map[string]*rapid.Generator[any] {
	return map[string]*rapid.Generator[any]{
		"sdk_app_id":   anyOf(1, 1400000001, 4294967295),
		"room_id_type": anyOf(nil, 0, 1),
		"room_id":      anyOf("1", "4294967295", "1001"),
		"user_id":      rapid.OneOf(anyOf("robot", strings.Repeat("u", 32)), textOf("abcXYZ019_-", 1)),
		"stream_url":   anyOf(nil, "http://a", "https://example.com/x?y#z", "rtmp://a:1/b"),
		"seek_second":  anyOf(nil, 0, 1<<40),
		"auto_push":    anyOf(nil, true, false),
		"repeat_num":   anyOf(nil, -1, -1, -1, 1, 1000),
		"max_duration": anyOf(nil, nil, 1, 10080),
		"volume":       anyOf(nil, 0, 100),
		"paused":       anyOf(nil, true, false),
	}
}

// wildValues are around the limits and beyond.
func wildValues() map[string]*rapid.Generator[any] {
	return map[string]*rapid.Generator[any]{
		"sdk_app_id":   anyOf(0, -1, 4294967296),
		"room_id_type": anyOf(2, -1),
		"room_id": rapid.OneOf(anyOf("", "4294967296", strings.Repeat("r", 64), strings.Repeat("r", 65)),
			textOf("0123456789", 0), textOf("ab #[]~,{}|^_.@?>=<;:-+()&%$!", 0), textOf("a/\\'\"*`é大\n", 0)),
		"user_id":      rapid.OneOf(anyOf("", strings.Repeat("u", 33)), textOf("a. é", 0)),
		"stream_url":   rapid.OneOf(anyOf("", "https://", "ftp://a", "http://a b", "https://:1", "//a"), textOf("htps:/a%2?#[]@", 0)),
		"seek_second":  anyOf(-1),
		"auto_push":    anyOf(nil),
		"repeat_num":   anyOf(0, -2, 1001),
		"max_duration": anyOf(0, 10081),
		"volume":       anyOf(-1, 101),
		"paused":       anyOf(nil),
	}
}

func anyOf(values ...any) *rapid.Generator[any] { return rapid.SampledFrom(values) }

func textOf(alphabet string, least int) *rapid.Generator[any] {
	return rapid.StringOfN(rapid.RuneFrom([]rune(alphabet)), least, 12, -1).AsAny()
}
