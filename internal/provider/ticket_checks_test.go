package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// TestTicketsChecked checks that a wrong ticket is an error of the plan, on its
// attribute, for a new task and for a running one. One that has expired is a
// warning of the plan and an error of the start, and nothing for a running task.
// Nothing is called, and the ticket is not quoted.
func TestTicketsChecked(t *testing.T) {
	t.Parallel()
	for name, wrong := range wrongTickets() {
		for _, suffix := range []string{"", "_wo"} {
			t.Run(name+suffix, func(t *testing.T) {
				t.Parallel()
				world := acctest.NewWorld(t)
				attribute := wrong.argument + suffix
				running := world.Created(t, world.Values(t, nil))
				config := wrong.values(t, world, suffix)
				sibling := acctest.SessionOf(t, world.Provider(t, nil))
				plan := sibling.Plan(t.Context(), config)
				diags := plan.Diagnostics
				if wrong.expired {
					acctest.ExpectWarning(t, diags.On(attribute), wrong.rule)
					diags = append(diags, sibling.Apply(t.Context(), plan)...)
				}
				acctest.ExpectError(t, diags, attribute, wrong.rule)
				if token, _ := config[attribute].(string); strings.Contains(fmt.Sprint(diags), token[10:30]) {
					t.Errorf("%s quotes the ticket", diags)
				}
				diags = running.Plan(t.Context(), config).Diagnostics
				if !wrong.expired {
					acctest.ExpectError(t, diags, attribute, wrong.rule)
				} else if diags.HasErrors() {
					t.Errorf("diagnostics: %s, want no error: the task needs no ticket", diags)
				}
				world.ExpectJournal(t)
			})
		}
	}
}

// TestTicketsAccepted checks that there is no diagnostic about tickets that match,
// and about those whose task is not known yet.
func TestTicketsAccepted(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	whole := ticket{}.mint(t, world)
	for name, change := range map[string]tfcore.Values{
		"UserSig":                         {"user_sig_wo": whole},
		"PrivateMapKey":                   {"private_map_key_wo": ticket{roomKey: true}.mint(t, world)},
		"PrivateMapKey, type given":       {"room_id_type": 1, "private_map_key_wo": ticket{roomKey: true}.mint(t, world)},
		"PrivateMapKey of a string room":  {"room_id": "a b", "room_id_type": 0, "private_map_key_wo": ticket{roomKey: true, room: "a b", stringRoom: true}.mint(t, world)},
		"white space at the ends":         {"user_sig_wo": " \t" + whole + "\r\n"},
		"unknown UserSig":                 {"user_sig_wo": tfcore.Unknown},
		"unknown user":                    {"user_sig_wo": ticket{user: "robot-2"}.mint(t, world), "user_id": tfcore.Unknown},
		"unknown application":             {"user_sig_wo": ticket{sdkAppID: 1}.mint(t, world), "sdk_app_id": tfcore.Unknown},
		"unknown room":                    {"private_map_key_wo": ticket{roomKey: true, room: "9"}.mint(t, world), "room_id": tfcore.Unknown},
		"unknown kind of room":            {"private_map_key_wo": ticket{roomKey: true}.mint(t, world), "room_id_type": tfcore.Unknown},
		"as long as the longest run":      {"user_sig_wo": ticket{lifetime: 7 * 24 * time.Hour}.mint(t, world), "repeat_num": -1, "max_duration": 10080},
		"more than ten minutes, no limit": {"user_sig_wo": ticket{lifetime: 10*time.Minute + time.Second}.mint(t, world), "repeat_num": -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": whole}).With(change)
			if plan := world.Session(t).Plan(t.Context(), config); plan.Action != tfcore.Create || len(plan.Diagnostics) > 0 {
				t.Errorf("planned to %s, diagnostics: %s", plan, plan.Diagnostics)
			}
		})
	}
}

// TestTicketsNotDecodable checks that a plan that starts a task warns about a
// ticket that only the service can check, and does not quote the ticket. Another
// plan does not warn.
func TestTicketsNotDecodable(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	whole, roomKey := ticket{}.mint(t, world), ticket{roomKey: true}.mint(t, world)
	running := world.Created(t, world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": whole}))
	for name, test := range map[string]struct{ argument, token, reason string }{
		"no ticket":        {"user_sig_wo", "no-ticket-at-all", "it is not"},
		"a ticket's start": {"user_sig_wo", whole[:3], "it is not"},
		"damaged":          {"user_sig_wo", whole[:40] + "AAAA" + whole[44:], "it is not zlib data"},
		"PrivateMapKey":    {"private_map_key_wo", roomKey[:40] + "AAAA" + roomKey[44:], "it is not zlib data"},
	} {
		config := world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": whole}).With(tfcore.Values{test.argument: test.token})
		plan := acctest.NewWorld(t).Session(t).Plan(t.Context(), config)
		if plan.Action != tfcore.Create || len(plan.Diagnostics) != 1 || strings.Contains(plan.Diagnostics.String(), test.token) {
			t.Errorf("%s: planned to %s, diagnostics: %s, want one warning without the ticket", name, plan, plan.Diagnostics)
		}
		acctest.ExpectWarning(t, plan.Diagnostics.On(test.argument), test.reason)
		if settled := running.Plan(t.Context(), config); settled.Action != tfcore.NoOp || len(settled.Diagnostics) > 0 {
			t.Errorf("%s: planned to %s, diagnostics: %s, want nothing", name, settled, settled.Diagnostics)
		}
	}
	world.ExpectJournal(t)
}

// TestTicketsTrimmed checks that white space at the ends of each ticket is not
// sent, and that state contains what is configured.
func TestTicketsTrimmed(t *testing.T) {
	t.Parallel()
	for _, suffix := range []string{"", "_wo"} {
		t.Run("user_sig"+suffix, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, privilegedApp)
			tickets := tfcore.Values{
				"user_sig" + suffix:        " " + ticket{}.mint(t, world) + "\n",
				"private_map_key" + suffix: "\t" + ticket{roomKey: true}.mint(t, world) + "\r\n",
			}
			config := world.Values(t, tfcore.Values{"user_sig": nil}).With(tickets)
			session := world.Session(t)
			if diags := acctest.ExpectApply(t, session, config, tfcore.Create); len(diags) > 0 {
				t.Errorf("diagnostics: %s", diags)
			}
			if suffix == "" {
				acctest.ExpectAttributes(t, session, tickets)
			}
			acctest.ExpectSettled(t, session, config)
			world.ExpectJournal(t, acctest.Start, acctest.Describe, acctest.Describe)
		})
	}
}

// TestAccTicketFromFile checks with a file that ends with a line break that its
// ticket starts a task, and that the ticket of another user does not stop a
// running one.
func TestAccTicketFromFile(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	cli := world.CLI(t)
	apply := func(ticket, room string) acctest.Output {
		cli.Write(t, "ticket.txt", ticket+"\n")
		cli.Write(t, "main.tf", world.Config(t, acctest.Arguments{"user_sig": `file("${path.module}/ticket.txt")`, "room_id": room}))
		return cli.Run(t, "apply", "-auto-approve", "-no-color")
	}
	if output := apply(world.UserSig(t, acctest.UserID), `"1001"`); output.ExitCode != 0 {
		t.Fatal(output)
	}
	world.ExpectChanges(t, acctest.Start)
	if output := apply(world.UserSig(t, "robot-2"), `"1002"`); output.ExitCode != 1 || !strings.Contains(output.Stderr, "The ticket is not for this task") {
		t.Errorf("exit code %d, %s", output.ExitCode, output.Stderr)
	}
	world.ExpectChanges(t)
	if alive := world.Mock.Alive(); len(alive) != 1 || alive[0].RoomID != "1001" {
		t.Errorf("running: %v, want the task of room 1001", alive)
	}
}

// TestTicketsUnknown checks that a ticket that is unknown at plan time is checked
// during apply, before the start.
func TestTicketsUnknown(t *testing.T) {
	t.Parallel()
	for name, wrong := range wrongTickets() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			session := world.Session(t)
			config := world.Values(t, nil)
			plan := session.Plan(t.Context(), config.With(tfcore.Values{wrong.argument: tfcore.Unknown}))
			acctest.ExpectPlan(t, plan, tfcore.Create)
			plan.Config = config.With(tfcore.Values{wrong.argument: wrong.token(t, world)})
			acctest.ExpectError(t, session.Apply(t.Context(), plan), wrong.argument, wrong.rule)
			acctest.ExpectState(t, session, nil)
			world.ExpectJournal(t)
		})
	}
}

// TestAccTicketsChecked checks what a user of each site sees of each wrong ticket.
// Nothing is called.
func TestAccTicketsChecked(t *testing.T) {
	t.Parallel()
	for domain, suffix := range map[string]string{"intl.tencentcloudapi.com": "", chinaDomain: "_wo"} {
		t.Run(domain, func(t *testing.T) {
			t.Parallel()
			if suffix != "" {
				acctest.Needs(t, features.WriteOnly)
			}
			world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.China = domain == chinaDomain })
			var steps []resource.TestStep
			for _, wrong := range wrongTickets() {
				if wrong.expired { // A warning: see TestAccDestroy.
					continue
				}
				arguments := acctest.Arguments{wrong.argument: ""}
				arguments[wrong.argument+suffix] = fmt.Sprintf("%q", wrong.token(t, world))
				steps = append(steps, resource.TestStep{
					Config:      world.ProviderBlock(fmt.Sprintf("domain = %q", domain)) + world.StreamIngest(t, arguments),
					PlanOnly:    true,
					ExpectError: regexp.MustCompile(`The ticket (is|has) (?s).*` + wrong.argument + suffix + ` +=`),
				})
			}
			world.Run(t, steps...)
			world.ExpectJournal(t)
		})
	}
}
