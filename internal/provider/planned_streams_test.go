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

// plannedConfig returns the configuration that words describe. A word is a resource
// with its user, room and options, such as "a:u/1+loud", or "a[x]:u/1" with for_each,
// or a moved block, such as "a>b".
func plannedConfig(t *testing.T, world *acctest.World, words string) string {
	t.Helper()
	options := map[string]string{
		"cbd": "  lifecycle {\n    create_before_destroy = true\n  }\n", "keep": "  on_task_end = \"keep\"\n",
		"loud": "  volume = 5\n", "later": "  seek_second = 9\n",
	}
	text := world.ProviderBlock()
	for word := range strings.FieldsSeq(words) {
		if from, to, ok := strings.Cut(word, ">"); ok {
			key := strings.NewReplacer("[", `["`, "]", `"]`)
			text += "moved {\n  from = trtc_stream_ingest." + key.Replace(from) + "\n  to   = trtc_stream_ingest." + key.Replace(to) + "\n}\n"
			continue
		}
		name, stream, _ := strings.Cut(word, ":")
		user, stream, _ := strings.Cut(stream, "/")
		parts := strings.Split(stream, "+")
		arguments := acctest.Arguments{"user_id": `"` + user + `"`, "user_sig": `"` + world.UserSig(t, user) + `"`, "room_id": `"` + parts[0] + `"`}
		name, key, each := strings.Cut(strings.TrimSuffix(name, "]"), "[")
		if each {
			arguments["for_each"], arguments["room_id"] = `{ `+key+` = "`+parts[0]+`" }`, "each.value"
		}
		text += strings.TrimSuffix(acctest.StreamIngestBlock(name, world.StreamIngestArguments(t, arguments)), "}\n")
		for _, option := range parts[1:] {
			text += options[option]
		}
		text += "}\n"
	}
	return text
}

// alarms returns the summaries that a command printed, each as often as it did.
func alarms(output acctest.Output) string {
	var found []string
	for _, summary := range []string{sameStream, twoRooms, renamed} {
		for range strings.Count(output.Text(), "Warning: "+summary) {
			found = append(found, summary)
		}
	}
	return strings.Join(found, ", ")
}

// TestAccPlannedStreams plans changes with the real CLI and a server that serves
// every walk. Each alarm is one warning of the plan.
func TestAccPlannedStreams(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, features.Moved)
	for name, test := range map[string]struct {
		// before is applied, and after is planned.
		before, after string
		// between is a command, or "end" for the end of all tasks.
		between, options string
		alarm            string
	}{
		"two new resources, one room":                         {"", "a:u/1 b:u/1", "", "", sameStream},
		"new resource beside a running task":                  {"a:u/1", "a:u/1 b:u/1", "", "", sameStream},
		"two new resources, two rooms":                        {"", "a:u/1 b:u/2", "", "", twoRooms},
		"replacement into another room beside a running task": {"a:u/1 b:v/2", "a:u/1 b:u/2", "", "", twoRooms},
		"rename":                                       {"a:u/1", "b:u/1", "", "", renamed},
		"for_each with another key":                    {"a[x]:u/1", "a[y]:u/1", "", "", renamed},
		"rename with moved":                            {"a:u/1", "b:u/1 a>b", "", "", ""},
		"for_each with another key and moved":          {"a[x]:u/1", "a[y]:u/1 a[x]>a[y]", "", "", ""},
		"one user in two rooms already, settled":       {"a:u/1 b:u/2", "a:u/1+loud b:u/2", "", "", ""},
		"several users in a room":                      {"", "a:u/1 b:v/1", "", "", ""},
		"users swap rooms":                             {"a:u/1 b:v/2", "a:v/1 b:u/2", "", "", ""},
		"user moves from a removed resource":           {"a:u/1", "b:u/2", "", "", ""},
		"replacement by an argument":                   {"a:u/1", "a:u/1+later", "", "", ""},
		"replacement into another room":                {"a:u/1", "a:u/2", "", "", ""},
		"replacement into another room, created first": {"a:u/1+cbd", "a:v/2+cbd", "", "", ""},
		"replacement by option":                        {"a:u/1", "a:u/1", "", "-replace=trtc_stream_ingest.a", ""},
		"replacement by option, no refresh":            {"a:u/1", "a:u/1", "", "-replace=trtc_stream_ingest.a -refresh=false", ""},
		"taint":                                        {"a:u/1", "a:u/1", "taint trtc_stream_ingest.a", "", ""},
		"taint, no refresh":                            {"a:u/1", "a:u/1", "taint trtc_stream_ingest.a", "-refresh=false", ""},
		"ended":                                        {"a:u/1", "a:u/1", "end", "", ""},
		"ended and kept, then changed":                 {"a:u/1+keep", "a:u/1+keep+loud", "end", "", ""},
		"ended and kept, beside a new one":             {"a:u/1+keep", "a:u/1+keep b:u/1", "end", "", ""},
		"ended and kept, then removed for a new one":   {"a:u/1+keep", "b:u/1", "end", "", ""},
		"ended, then renamed":                          {"a:u/1", "b:u/1", "end", "", ""},
		"ended and kept, replacement by option":        {"a:u/1+keep", "a:u/1+keep", "end", "-replace=trtc_stream_ingest.a", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			cli := world.CLI(t)
			run := func(command, options string) acctest.Output {
				t.Helper()
				return cli.Run(t, strings.Fields(command+" "+options)...)
			}
			if test.before != "" {
				cli.Write(t, "main.tf", plannedConfig(t, world, test.before))
				cli.MustRun(t, "apply")
			}
			switch test.between {
			case "":
			case "end":
				world.FinishAll()
			default:
				run(test.between, "")
			}
			cli.Write(t, "main.tf", plannedConfig(t, world, test.after))
			planned := run("plan", test.options)
			if found := alarms(planned); planned.ExitCode != 0 || found != test.alarm {
				t.Errorf("exit code %d, warnings %q, want %q: %s", planned.ExitCode, found, test.alarm, planned.Text())
			}
			if test.alarm == renamed && !strings.Contains(planned.Stdout, "  moved {\n") {
				t.Errorf("the warning has no moved block: %s", planned.Stdout)
			}
			switch test.alarm {
			case sameStream:
				if applied := run("apply", ""); !strings.Contains(strings.ToLower(applied.Text()), "another resource") {
					t.Errorf("the error of the apply does not name the other resource: %s", applied.Text())
				}
			case "":
				if applied := run("apply", test.options); applied.ExitCode != 0 || alarms(applied) != "" {
					t.Errorf("exit code %d, want no warning: %s", applied.ExitCode, applied.Text())
				}
			}
			cli.MustRun(t, "destroy")
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
