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
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestValidPlansAreAccepted checks for both sites that the mock, which validates
// parameters with its own code, starts every task that the provider plans, and
// that Terraform's rules hold in between.
func TestValidPlansAreAccepted(t *testing.T) {
	t.Parallel()
	for _, domain := range []string{"intl.tencentcloudapi.com", chinaDomain} {
		t.Run("domain "+domain, func(t *testing.T) {
			t.Parallel()
			china := domain == chinaDomain
			world := acctest.NewWorld(t, anyTicket, func(options *trtcmock.Options) { options.China = china })
			below := world.Provider(t, tfcore.Values{"domain": domain})
			rapid.Check(t, func(r *rapid.T) {
				ctx := context.Background()
				session := below.Session(acctest.ResourceType)
				config := drawConfig(r, china)
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
				if diags := session.Apply(ctx, plan); diags.HasErrors() {
					r.Fatalf("the plan was accepted, but: %s", diags)
				}
				if next := session.Plan(ctx, config); next.Action != tfcore.NoOp {
					r.Fatalf("planned to %s after the apply", next)
				}
				if diags := session.Destroy(ctx); diags.HasErrors() {
					r.Fatal(diags)
				}
			})
		})
	}
}

// drawConfig draws values at their limits. At most two arguments may be beyond
// them, so that many plans are valid.
func drawConfig(r *rapid.T, china bool) tfcore.Values {
	config := tfcore.Values{"user_sig": "a-ticket"}
	valid, boundary := validValues(china), boundaryValues()
	wild := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(valid))), 0, 2, rapid.ID[string]).Draw(r, "wild")
	for _, name := range slices.Sorted(maps.Keys(valid)) {
		values := valid[name]
		if slices.Contains(wild, name) {
			values = boundary[name]
		}
		if value := values.Draw(r, name); value != nil {
			config[name] = value
		}
	}
	return config
}

// validValues generate values within the documented ranges of a site, except for
// rules that involve another argument.
func validValues(china bool) map[string]*rapid.Generator[any] {
	values := map[string]*rapid.Generator[any]{
		"sdk_app_id":      anyOf(1, 1400000001, int64(4294967295)),
		"room_id_type":    anyOf(nil, 0, 1),
		"room_id":         anyOf("1", "4294967295", "1001"),
		"user_id":         rapid.OneOf(anyOf("robot", strings.Repeat("u", 32)), textOf("abcXYZ019_-", 1)),
		"stream_url":      anyOf(nil, "http://a", "https://example.com/x?y#z", "rtmp://a:1/b"),
		"seek_second":     anyOf(nil, 0, int64(1)<<40),
		"auto_push":       anyOf(nil, true, false),
		"repeat_num":      anyOf(nil, -1, -1, -1, 1, 1000),
		"max_duration":    anyOf(nil, nil, 1, 10080),
		"volume":          anyOf(nil, 0, 100),
		"tempo":           anyOf(nil),
		"enable_progress": anyOf(nil),
		"idle_timeout":    anyOf(nil),
		"paused":          anyOf(nil, true, false),
	}
	if china {
		values["volume"] = anyOf(nil, 0, 100, 200)
		values["tempo"] = anyOf(nil, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2)
		values["enable_progress"] = anyOf(nil, true, false)
		values["idle_timeout"] = anyOf(nil, 0, 600)
	}
	return values
}

// boundaryValues generate values around the limits and beyond, of either site.
func boundaryValues() map[string]*rapid.Generator[any] {
	return map[string]*rapid.Generator[any]{
		"sdk_app_id":   anyOf(0, -1, int64(4294967296)),
		"room_id_type": anyOf(2, -1),
		"room_id": rapid.OneOf(anyOf("", "4294967296", strings.Repeat("r", 64), strings.Repeat("r", 65)),
			textOf("0123456789", 0), textOf("ab #[]~,{}|^_.@?>=<;:-+()&%$!", 0), textOf("a/\\'\"*`é大\n", 0)),
		"user_id":         rapid.OneOf(anyOf("", strings.Repeat("u", 33)), textOf("a. é", 0)),
		"stream_url":      rapid.OneOf(anyOf("", "https://", "ftp://a", "http://a b", "https://:1", "//a"), textOf("htps:/a%2?#[]@", 0)),
		"seek_second":     anyOf(-1),
		"auto_push":       anyOf(nil),
		"repeat_num":      anyOf(0, -2, 1001),
		"max_duration":    anyOf(0, 10081),
		"volume":          anyOf(-1, 101, 200, 201),
		"tempo":           anyOf(0, -1, 0.25, 1, 1.1, 2.25),
		"enable_progress": anyOf(true, false),
		"idle_timeout":    anyOf(-1, 0, 601),
		"paused":          anyOf(nil),
	}
}

func anyOf(values ...any) *rapid.Generator[any] { return rapid.SampledFrom(values) }

func textOf(alphabet string, least int) *rapid.Generator[any] {
	return rapid.StringOfN(rapid.RuneFrom([]rune(alphabet)), least, 12, -1).AsAny()
}
