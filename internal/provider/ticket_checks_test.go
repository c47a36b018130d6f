package provider_test

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/features"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// ticket is a ticket of the world's application, user and room, except for what
// is set. It is a PrivateMapKey if roomKey is true.
type ticket struct {
	roomKey    bool
	user       string
	sdkAppID   int64
	room       string
	stringRoom bool
	lifetime   time.Duration
}

// mint returns the ticket, issued at the time of the world's clock.
func (c ticket) mint(t testing.TB, world *acctest.World) string {
	t.Helper()
	user := tickets.UserSigClaims{
		SdkAppID: cmp.Or(c.sdkAppID, acctest.SdkAppID), UserID: cmp.Or(c.user, acctest.UserID), Lifetime: int64(cmp.Or(c.lifetime, 24*time.Hour) / time.Second),
	}
	key, keyErr := tickets.NewKey(acctest.SdkSecretKey)
	token, err := tickets.MintUserSig(key, world.Clock.Now(), user)
	if c.roomKey {
		roomType := tickets.RoomIDTypeInt
		if c.stringRoom {
			roomType = tickets.RoomIDTypeString
		}
		var room tickets.Room
		room, err = tickets.ParseRoom(roomType, cmp.Or(c.room, "1001"))
		claims := tickets.PrivateMapKeyClaims{UserSigClaims: user, Room: room, Privileges: tickets.AllPrivileges}
		if err == nil {
			token, err = tickets.MintPrivateMapKey(key, world.Clock.Now(), claims)
		}
	}
	if err := errors.Join(keyErr, err); err != nil {
		t.Fatal(err)
	}
	return token
}

// wrongTicket is a ticket that is not valid for the task of the tests.
type wrongTicket struct {
	// argument is the argument without _wo, and rule is what its error mentions.
	argument, rule string
	ticket         ticket
	// cut is how many characters are missing at the end.
	cut int
	// expired is true for a ticket that matches but has expired.
	expired bool
}

// wrongTickets are tickets that a plan refuses. TestContradictions has every claim
// of a ticket.
func wrongTickets() map[string]wrongTicket {
	return map[string]wrongTicket{
		"UserSig of another user":        {argument: "user_sig", rule: `user "robot-2" (user_id is "robot-1")`, ticket: ticket{user: "robot-2"}},
		"UserSig, expired":               {argument: "user_sig", rule: "expired at 2026-03-01T13:00:00Z", ticket: ticket{lifetime: time.Hour}, expired: true},
		"UserSig, one character short":   {argument: "user_sig", rule: "is truncated", cut: 1},
		"PrivateMapKey given as UserSig": {argument: "user_sig", rule: "must be a UserSig", ticket: ticket{roomKey: true}},
		"PrivateMapKey of another room":  {argument: "private_map_key", rule: "integer room 1002 (", ticket: ticket{roomKey: true, room: "1002"}},
		"PrivateMapKey, expired":         {argument: "private_map_key", rule: "expired at 2026-03-01T13:00:00Z", ticket: ticket{roomKey: true, lifetime: time.Hour}, expired: true},
		"UserSig given as PrivateMapKey": {argument: "private_map_key", rule: "must be a PrivateMapKey"},
	}
}

// token mints the ticket, then cuts it or lets it expire.
func (w wrongTicket) token(t testing.TB, world *acctest.World) string {
	t.Helper()
	token := w.ticket.mint(t, world)
	if w.expired {
		world.Clock.Advance(w.ticket.lifetime)
	}
	return token[:len(token)-w.cut]
}

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
				token := wrong.token(t, world)
				config := world.Values(t, tfcore.Values{wrong.argument: nil}).With(tfcore.Values{attribute: token + "\r\n"}) // As from a file.
				sibling := world.Provider(t, nil).Session(acctest.ResourceType)
				plan := sibling.Plan(t.Context(), config)
				diags := plan.Diagnostics
				if wrong.expired {
					acctest.ExpectWarning(t, diags.On(attribute), wrong.rule)
					diags = append(diags, sibling.Apply(t.Context(), plan)...)
				}
				acctest.ExpectError(t, diags, attribute, wrong.rule)
				if strings.Contains(fmt.Sprint(diags), token[10:30]) {
					t.Errorf("%s quotes the ticket", diags)
				}
				diags = running.Plan(t.Context(), config).Diagnostics
				if wrong.expired {
					acctest.ExpectSuccess(t, diags) // The task needs no ticket.
				} else {
					acctest.ExpectError(t, diags, attribute, wrong.rule)
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
		"PrivateMapKey of a string room":  {"room_id": "a b", "room_id_type": 0, "private_map_key_wo": ticket{roomKey: true, room: "a b", stringRoom: true}.mint(t, world)},
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
		"no ticket":     {"user_sig_wo", "no-ticket-at-all", "it is not"},
		"damaged":       {"user_sig_wo", whole[:40] + "AAAA" + whole[44:], "it is not zlib data"},
		"PrivateMapKey": {"private_map_key_wo", roomKey[:40] + "AAAA" + roomKey[44:], "it is not zlib data"},
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
			acctest.ExpectSilence(t, acctest.ExpectApply(t, session, config, tfcore.Create))
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
			session, config := world.Session(t), world.Values(t, nil)
			plan := session.Plan(t.Context(), config.With(tfcore.Values{wrong.argument: tfcore.Unknown}))
			acctest.ExpectPlan(t, plan, tfcore.Create)
			plan.Config = config.With(tfcore.Values{wrong.argument: wrong.token(t, world)})
			acctest.ExpectError(t, session.Apply(t.Context(), plan), wrong.argument, wrong.rule)
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

// TestTicketExpiresSoon checks that a plan that starts a task, even a
// replacement, warns about a ticket that expires within ten minutes or before
// max_duration ends the task.
func TestTicketExpiresSoon(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ticket  ticket
		minutes any
		warning string
	}{
		"ten minutes":                   {ticket{lifetime: 10 * time.Minute}, nil, "in less than 10 minutes"},
		"a minute before the end":       {ticket{lifetime: 59 * time.Minute}, 60, "before max_duration (60 minutes)"},
		"PrivateMapKey, before the end": {ticket{roomKey: true, lifetime: time.Hour}, 120, "before max_duration (120 minutes)"},
		"until the end":                 {ticket{lifetime: time.Hour}, 60, ""},
		"max_duration unknown":          {ticket{lifetime: time.Hour}, tfcore.Unknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			argument := "user_sig_wo"
			config := world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": ticket{}.mint(t, world), "repeat_num": -1, "max_duration": 600})
			running := world.Created(t, config)
			if test.ticket.roomKey {
				argument = "private_map_key_wo"
			}
			config = config.With(tfcore.Values{argument: test.ticket.mint(t, world)})
			expect := func(plan tfcore.Plan, action tfcore.Action, warning string) {
				t.Helper()
				acctest.ExpectPlan(t, plan, action)
				if warning == "" {
					acctest.ExpectSilence(t, plan.Diagnostics)
				} else {
					acctest.ExpectWarning(t, plan.Diagnostics.On(argument), warning)
				}
			}
			limited := config.With(tfcore.Values{"max_duration": test.minutes})
			expect(acctest.NewWorld(t).Session(t).Plan(t.Context(), limited), tfcore.Create, test.warning)
			expect(running.Plan(t.Context(), limited), tfcore.Replace, test.warning)
			running.Serve(world.Provider(t, nil)) // The next run.
			expect(running.Plan(t.Context(), config.With(tfcore.Values{"volume": 5})), tfcore.Update, "")
		})
	}
}

// TestTicketExpired checks that an expired ticket of a running task is an error
// only of a plan that replaces the task, which keeps running.
func TestTicketExpired(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(*tfcore.Session, tfcore.Values) tfcore.Plan{
		"changed": func(session *tfcore.Session, config tfcore.Values) tfcore.Plan {
			return session.Plan(t.Context(), config.With(tfcore.Values{"room_id": tfcore.Unknown}))
		},
		"-replace": func(session *tfcore.Session, config tfcore.Values) tfcore.Plan {
			return session.PlanReplace(t.Context(), config)
		},
		"tainted": func(session *tfcore.Session, config tfcore.Values) tfcore.Plan {
			session.Taint()
			return session.Plan(t.Context(), config)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, tfcore.Values{"user_sig": nil, "user_sig_wo": ticket{}.mint(t, world)})
			session := world.Created(t, config)
			world.Clock.Advance(48 * time.Hour)
			acctest.ExpectSettled(t, session, config)
			acctest.ExpectApply(t, session, config.With(tfcore.Values{"volume": 3}), tfcore.Update)
			world.Mock.ResetJournal()
			acctest.ExpectError(t, replace(session, config).Diagnostics, "user_sig_wo", "expired at 2026-03-02T12:00:00Z", "time now is 2026-03-03T12:00:0")
			world.ExpectJournal(t)
			world.ExpectRunning(t, 1)
		})
	}
}
