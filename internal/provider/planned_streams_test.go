package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// Summaries of the warnings about streams in one plan.
const (
	sameStream = "Two resources have the same application, room and user"
	twoRooms   = "One user is in two rooms"
	renamed    = "A stream is stopped and started again"
)

// ofUser are arguments for another user and room.
func ofUser(t *testing.T, world *acctest.World, user, room string) acctest.Arguments {
	t.Helper()
	return world.StreamIngestArguments(t, acctest.Arguments{
		"user_id": `"` + user + `"`, "user_sig": `"` + world.UserSig(t, user) + `"`, "room_id": `"` + room + `"`,
	})
}

// block is a resource block of ofUser with further lines.
func block(t *testing.T, world *acctest.World, name, user, room string, lines ...string) string {
	t.Helper()
	text := strings.TrimSuffix(acctest.StreamIngestBlock(name, ofUser(t, world, user, room)), "}\n")
	return text + strings.Join(lines, "\n") + "\n}\n"
}

// alarms returns the summaries that a command printed, each as often as it did.
func alarms(said acctest.Output) []string {
	var found []string
	for _, summary := range []string{sameStream, twoRooms, renamed} {
		for range strings.Count(said.Stdout+said.Stderr, "Warning: "+summary) {
			found = append(found, summary)
		}
	}
	return found
}

// TestAccPlannedStreams plans changes with the real CLI and a server that serves
// every walk. Each alarm is one warning of the plan.
func TestAccPlannedStreams(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Moved)
	const (
		cbd   = "  lifecycle {\n    create_before_destroy = true\n  }"
		keep  = `  on_task_end = "keep"`
		loud  = "  volume = 5"
		later = "  seek_second = 9"
		moved = "moved {\n  from = trtc_stream_ingest.a\n  to   = trtc_stream_ingest.b\n}\n"
	)
	type blocks = func(name, user, room string, lines ...string) string
	each := func(block blocks, keys string) string {
		return "locals {\n  rooms = " + keys + "\n}\n" + strings.NewReplacer(
			`"ROOM"`, "each.value").Replace(block("a", acctest.UserID, "ROOM", "  for_each = local.rooms"))
	}
	for name, c := range map[string]struct {
		before, after func(blocks) string
		command       []string
		ends          bool
		options       []string
		planOnly      bool
		alarm         string
	}{
		"two new resources, one room": {
			after: func(b blocks) string { return b("a", "u", "1") + b("b", "u", "1") }, alarm: sameStream,
		},
		"new resource beside a running task": {
			before: func(b blocks) string { return b("a", "u", "1") },
			after:  func(b blocks) string { return b("a", "u", "1") + b("b", "u", "1") }, alarm: sameStream,
		},
		"two new resources, two rooms": {
			after: func(b blocks) string { return b("a", "u", "1") + b("b", "u", "2") }, alarm: twoRooms,
		},
		"replacement into another room beside a running task": {
			before: func(b blocks) string { return b("a", "u", "1") + b("b", "v", "2") },
			after:  func(b blocks) string { return b("a", "u", "1") + b("b", "u", "2") }, alarm: twoRooms,
		},
		"rename": {
			before: func(b blocks) string { return b("a", "u", "1") },
			after:  func(b blocks) string { return b("b", "u", "1") }, alarm: renamed,
		},
		"for_each with another key": {
			before: func(b blocks) string { return each(b, `{ x = "1" }`) },
			after:  func(b blocks) string { return each(b, `{ y = "1" }`) }, alarm: renamed,
		},

		"rename with moved": {
			before: func(b blocks) string { return b("a", "u", "1") },
			after:  func(b blocks) string { return b("b", "u", "1") + moved },
		},
		"for_each with another key and moved": {
			before: func(b blocks) string { return each(b, `{ x = "1" }`) },
			after: func(b blocks) string {
				return each(b, `{ y = "1" }`) + "moved {\n  from = trtc_stream_ingest.a[\"x\"]\n  to   = trtc_stream_ingest.a[\"y\"]\n}\n"
			},
		},
		"one user in two rooms already, settled": {
			before: func(b blocks) string { return b("a", "u", "1") + b("b", "u", "2") },
			after:  func(b blocks) string { return b("a", "u", "1", loud) + b("b", "u", "2") },
		},
		"several users in a room": {
			after: func(b blocks) string { return b("a", "u", "1") + b("b", "v", "1") },
		},
		"users swap rooms": {
			before: func(b blocks) string { return b("a", "u", "1") + b("b", "v", "2") },
			after:  func(b blocks) string { return b("a", "v", "1") + b("b", "u", "2") },
		},
		"user moves from a removed resource": {
			before: func(b blocks) string { return b("a", "u", "1") },
			after:  func(b blocks) string { return b("b", "u", "2") },
		},
		"replacement by an argument": {
			before: func(b blocks) string { return b("a", "u", "1") },
			after:  func(b blocks) string { return b("a", "u", "1", later) },
		},
		"replacement into another room": {
			before: func(b blocks) string { return b("a", "u", "1") },
			after:  func(b blocks) string { return b("a", "u", "2") },
		},
		"replacement into another room, created first": {
			before: func(b blocks) string { return b("a", "u", "1", cbd) },
			after:  func(b blocks) string { return b("a", "v", "2", cbd) },
		},
		"replacement by the stream of a removed resource": { // As when a count shifts.
			before: func(b blocks) string { return b("a", "u", "1") + b("b", "v", "2") },
			after:  func(b blocks) string { return b("a", "v", "2") },
			// The plan removes the records of the starts.
			command: []string{"plan"},
			// The apply stops and starts the stream at once.
			planOnly: true,
		},
		"replacement by option": {
			before:  func(b blocks) string { return b("a", "u", "1") },
			options: []string{"-replace=trtc_stream_ingest.a"},
		},
		"replacement by option, no refresh": {
			before:  func(b blocks) string { return b("a", "u", "1") },
			options: []string{"-replace=trtc_stream_ingest.a", "-refresh=false"},
		},
		"taint": {
			before:  func(b blocks) string { return b("a", "u", "1") },
			command: []string{"taint", "trtc_stream_ingest.a"},
		},
		"taint, no refresh": {
			before:  func(b blocks) string { return b("a", "u", "1") },
			command: []string{"taint", "trtc_stream_ingest.a"},
			options: []string{"-refresh=false"},
		},
		"ended": {
			before: func(b blocks) string { return b("a", "u", "1") },
			ends:   true,
		},
		"ended and kept, then changed": {
			before: func(b blocks) string { return b("a", "u", "1", keep) },
			after:  func(b blocks) string { return b("a", "u", "1", keep, loud) },
			ends:   true,
		},
		"ended and kept, beside a new one": {
			before: func(b blocks) string { return b("a", "u", "1", keep) },
			after:  func(b blocks) string { return b("a", "u", "1", keep) + b("b", "u", "1") },
			ends:   true,
		},
		"ended and kept, then removed for a new one": {
			before: func(b blocks) string { return b("a", "u", "1", keep) },
			after:  func(b blocks) string { return b("b", "u", "1") },
			ends:   true,
		},
		"ended, then renamed": {
			before: func(b blocks) string { return b("a", "u", "1") },
			after:  func(b blocks) string { return b("b", "u", "1") },
			ends:   true,
		},
		"ended and kept, replacement by option": {
			before:  func(b blocks) string { return b("a", "u", "1", keep) },
			ends:    true,
			options: []string{"-replace=trtc_stream_ingest.a"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			cli := world.CLI(t)
			resource := func(name, user, room string, lines ...string) string {
				return block(t, world, name, user, room, lines...)
			}
			write := func(config func(blocks) string) {
				if config != nil {
					cli.Write(t, "main.tf", world.ProviderBlock()+config(resource))
				}
			}
			if write(c.before); c.before != nil {
				cli.MustRun(t, "apply", "-auto-approve")
			}
			if c.command != nil {
				cli.MustRun(t, c.command...)
			}
			if c.ends {
				world.FinishAll()
			}
			write(c.after)
			said := cli.MustRun(t, append([]string{"plan", "-no-color"}, c.options...)...)
			found := strings.Join(alarms(said), ", ")
			if found != c.alarm {
				t.Errorf("warnings %q, want %q, after %v:\n%s", found, c.alarm, world.Calls(), said.Stdout)
			}
			if c.alarm == renamed && !strings.Contains(said.Stdout, "  moved {\n") {
				t.Errorf("the warning has no moved block:\n%s", said.Stdout)
			}
			switch {
			case c.planOnly:
			case c.alarm == sameStream:
				said = cli.Run(t, "apply", "-auto-approve", "-no-color")
				if text := strings.Join(strings.Fields(strings.ReplaceAll(said.Stderr, "│", "")), " "); !strings.Contains(strings.ToLower(text), "another resource") {
					t.Errorf("the error of the apply does not name the other resource:\n%s", said.Stderr)
				}
			case c.alarm == "":
				said = cli.MustRun(t, append([]string{"apply", "-auto-approve", "-no-color"}, c.options...)...)
				if found := alarms(said); len(found) > 0 {
					t.Errorf("the apply warns %q:\n%s", found, said.Stdout)
				}
			}
			cli.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

// TestPlannedStreams_Renamed checks that the warning about a rename comes with the
// last of the three calls that show it, in any order, and not if the task has
// ended.
func TestPlannedStreams_Renamed(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"read destroy create", "read create destroy", "destroy read create", "destroy create read", "create read destroy", "create destroy read"} {
		for _, ended := range []bool{false, true} {
			world := acctest.NewWorld(t)
			config := world.Values(t, tfcore.Values{"on_task_end": "keep"})
			old := world.Created(t, config)
			if ended {
				world.FinishAll()
			}
			old.Serve(world.Provider(t, nil))
			other, before := old.Sibling(), *old
			calls := map[string]func() tfcore.Diagnostics{
				"read":    func() tfcore.Diagnostics { return old.Refresh(t.Context()) },
				"destroy": func() tfcore.Diagnostics { return before.PlanDestroy(t.Context()).Diagnostics },
				"create":  func() tfcore.Diagnostics { return other.Plan(t.Context(), config).Diagnostics },
			}
			var warned []bool
			for _, name := range strings.Fields(order) {
				warned = append(warned, len(calls[name]().Mentioning("moved {")) > 0)
			}
			if want := []bool{false, false, !ended}; !slices.Equal(warned, want) {
				t.Errorf("%s, ended: %t: warned %t, want %t", order, ended, warned, want)
			}
			world.ExpectChanges(t)
		}
	}
}

// TestPlannedStreams_PlannedBeforeRead checks the plan of a change that Terraform
// planned before it read the task, as with -minimal-refresh: no other resource has
// its stream, and a task that has ended is not replaced.
func TestPlannedStreams_PlannedBeforeRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change tfcore.Values
		ends   bool
		action tfcore.Action
	}{
		"replaced":         {change: tfcore.Values{"seek_second": 9}, action: tfcore.Replace},
		"ended, no ticket": {change: tfcore.Values{"volume": 5, "user_sig": nil}, ends: true, action: tfcore.Create},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Created(t, world.Values(t, nil))
			if test.ends {
				world.FinishAll()
			}
			config := world.Values(t, test.change)
			session.Plan(t.Context(), config)
			session.Refresh(t.Context())
			plan := session.Plan(t.Context(), config)
			if plan.Action != test.action || plan.Diagnostics.HasErrors() || len(plan.Diagnostics.Mentioning(sameStream)) > 0 {
				t.Errorf("planned to %s with %s", plan, plan.Diagnostics)
			}
		})
	}
}

// TestPlannedStreams_Replacement checks that a resource that is replaced is not
// the new address of a removed resource whose stream it takes.
func TestPlannedStreams_Replacement(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Created(t, world.Values(t, nil))
	removed := session.Sibling()
	config := world.Values(t, tfcore.Values{"user_id": "robot-2", "user_sig": world.UserSig(t, "robot-2"), "room_id": "2"})
	acctest.ExpectApply(t, removed, config, tfcore.Create)
	next := world.Provider(t, nil)
	session.Serve(next)
	removed.Serve(next)
	diags := removed.Refresh(t.Context()) // It removes the record of the start.
	plan := session.Plan(t.Context(), config)
	diags = append(diags, removed.PlanDestroy(t.Context()).Diagnostics...)
	if plan.Action != tfcore.Replace || len(diags) > 0 {
		t.Errorf("planned to %s, then %s", plan, diags)
	}
}
