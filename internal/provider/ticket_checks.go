package provider

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

const (
	// expirySoon is the remaining time of a ticket that is too short to be sure
	// that an apply starts the task in time.
	expirySoon = 10 * time.Minute
	// expirySlack is how much earlier than its task a ticket may expire without a
	// warning: it was minted some time before the task starts.
	expirySlack = time.Minute
)

// check reports tickets of the configuration that are incomplete, of the wrong
// kind or not for the task. In expiry, which is nil when no task is started, it
// reports those that have expired, soon will, or cannot be decoded. The service
// checks the latter and the signature. Unknown values pass. No diagnostic quotes a
// ticket.
func (s *startTickets) check(config configValues, expiry, diags *diag.Diagnostics) {
	for _, argument := range []struct {
		name string
		kind tickets.Kind
	}{{"user_sig", tickets.KindUserSig}, {"private_map_key", tickets.KindPrivateMapKey}} {
		given := config.secret(argument.name)
		if given.IsEmpty() {
			continue
		}
		ticket, err := tickets.Decode(given.Reveal())
		undecodable, failed := errors.AsType[*tickets.DecodeError](err)
		switch {
		case failed && undecodable.Reason == tickets.ReasonTruncated:
			diags.AddAttributeError(given.attribute, "The ticket is incomplete",
				fmt.Sprintf("%s looks like a %s but is truncated. Copy the whole ticket.", given.attribute, argument.kind))
		case failed && expiry != nil:
			expiry.AddAttributeWarning(given.attribute, "The ticket cannot be checked",
				fmt.Sprintf("%s is not a %s that the provider can decode: %s. The service decides whether to accept it. Check that the value is the whole ticket.",
					given.attribute, argument.kind, undecodable.Reason))
		case err != nil:
		case ticket.Kind != argument.kind:
			diags.AddAttributeError(given.attribute, "The ticket is of the wrong kind",
				fmt.Sprintf("%s is a %s, but must be a %s: a UserSig authenticates the user, a PrivateMapKey authorizes room entry.",
					given.attribute, ticket.Kind, argument.kind))
		case len(config.contradictions(ticket)) > 0:
			diags.AddAttributeError(given.attribute, "The ticket is not for this task",
				fmt.Sprintf("%s was issued for %s. Provide a %s for this task, or correct the other arguments.",
					given.attribute, strings.Join(config.contradictions(ticket), " and "), ticket.Kind))
		case expiry != nil:
			s.checkExpiry(ticket, given.attribute, config.number("max_duration"), expiry)
		}
	}
}

// checkExpiry reports a ticket that has expired before the start of the task,
// and warns about one that will expire soon or before max_duration ends the task.
func (s *startTickets) checkExpiry(ticket tickets.Ticket, attribute path.Path, maxDuration types.Int64, diags *diag.Diagnostics) {
	now := s.clock.Now().Add(s.skew())
	run := time.Duration(maxDuration.ValueInt64()) * time.Minute
	expiry := ticket.ExpiresAt.Format(time.RFC3339)
	switch {
	case ticket.IsExpired(now):
		diags.AddAttributeError(attribute, "The ticket has expired",
			fmt.Sprintf("%s, a %s, expired at %s, and this plan starts a task. Provide a new ticket. The time now is %s: if that is wrong, synchronize the local clock (NTP).",
				attribute, ticket.Kind, expiry, now.UTC().Format(time.RFC3339)))
	case ticket.IsExpired(now.Add(expirySoon)):
		diags.AddAttributeWarning(attribute, "The ticket expires soon",
			fmt.Sprintf("%s, a %s, expires at %s, in less than 10 minutes. After that the service refuses to start the task.", attribute, ticket.Kind, expiry))
	case ticket.IsExpired(now.Add(run - expirySlack)):
		diags.AddAttributeWarning(attribute, "The ticket expires before the task ends",
			fmt.Sprintf("%s, a %s, expires at %s, before max_duration (%d minutes) ends the task. "+
				"Tencent does not document what happens to a running task then: it may end early. Provide a ticket that is valid for longer.",
				attribute, ticket.Kind, expiry, maxDuration.ValueInt64()))
	}
}

// contradictions returns the claims of a ticket that the configuration
// contradicts. Null and unknown values contradict nothing.
func (c configValues) contradictions(ticket tickets.Ticket) []string {
	var claims []string
	users, applications := []string{ticket.UserID}, []int64{ticket.SdkAppID}
	if ticket.Kind == tickets.KindPrivateMapKey { // It names them twice.
		users, applications = append(users, ticket.RoomUserID), append(applications, ticket.RoomSdkAppID)
	}
	for _, user := range slices.Compact(users) {
		if want := c.text("user_id").ValueString(); c.isSet("user_id") && user != want {
			claims = append(claims, fmt.Sprintf("user %.64q (user_id is %q)", user, want))
		}
	}
	for _, application := range slices.Compact(applications) {
		if want := c.number("sdk_app_id").ValueInt64(); c.isSet("sdk_app_id") && application != want {
			claims = append(claims, fmt.Sprintf("application %d (sdk_app_id is %d)", application, want))
		}
	}
	idType := c.number("room_id_type")
	if idType.IsNull() {
		idType = types.Int64Value(tickets.RoomIDTypeInt)
	}
	room, err := tickets.ParseRoom(idType.ValueInt64(), c.text("room_id").ValueString())
	if ticket.Kind == tickets.KindPrivateMapKey && c.isSet("room_id") && !idType.IsUnknown() && err == nil && room != ticket.Room {
		claims = append(claims, fmt.Sprintf("%s (room_id and room_id_type name %s)", roomName(ticket.Room), roomName(room)))
	}
	return claims
}

// roomName returns the room as diagnostics name it.
func roomName(room tickets.Room) string {
	if room.IDType() == tickets.RoomIDTypeInt {
		return "integer room " + room.ID()
	}
	return fmt.Sprintf("string room %.64q", room.ID())
}
