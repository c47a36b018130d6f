package provider

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
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

// startTickets mints the tickets of tasks that the provider starts, with the
// application key of the provider block or the environment. It is safe for
// concurrent use.
type startTickets struct {
	clock clock.Clock
	// skew returns by how much the service's clock is ahead of the local one.
	skew func() time.Duration
	// key is zero when no key is set, and while it is unknown.
	key     tickets.Key
	unknown bool
	// invalid says what is wrong with a malformed key, or is empty.
	invalid string
	// application is sdk_app_id of the provider block, which the key belongs
	// to: null when it is not set, unknown while its value is.
	application types.Int64

	mu sync.Mutex
	// signedFor is application, else the first one that tickets were needed for,
	// or 0.
	signedFor int64
}

// newStartTickets returns the startTickets of a provider configuration. A
// malformed key is reported where it is needed: the variable may be set for
// something else, and only a start needs the key. skew is that of the client.
func newStartTickets(config providerModel, options Options, skew func() time.Duration) *startTickets {
	s := &startTickets{clock: options.Clock, skew: skew, unknown: config.SdkSecretKey.IsUnknown(), application: config.SdkAppID}
	if !s.unknown {
		s.key, s.invalid = applicationKey(config.SdkSecretKey, options.LookupEnv)
	}
	return s
}

// authorize reports an error when the key must not sign for the application:
// because it belongs to another one or, when that is not known, because it
// already signs for another one. The variable TRTC_SDK_SECRET_KEY reaches every
// provider configuration, so it could sign for the wrong application unnoticed.
func (s *startTickets) authorize(application types.Int64, diags *diag.Diagnostics) {
	if application.IsUnknown() || s.application.IsUnknown() {
		return
	}
	id, own := application.ValueInt64(), s.application.ValueInt64()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signedFor = cmp.Or(s.signedFor, own, id)
	switch {
	case own == 0 && s.signedFor != id:
		diags.AddAttributeError(path.Root("sdk_app_id"), "One application key for two applications",
			fmt.Sprintf("This provider configuration has one application key and would sign tickets for the applications %d and %d. A key belongs to one application. "+
				"Use a provider configuration with sdk_app_id and sdk_secret_key for each application (provider aliases), or set user_sig_wo.", s.signedFor, id))
	case s.signedFor != id:
		diags.AddAttributeError(path.Root("sdk_app_id"), "The application key belongs to another application",
			fmt.Sprintf("The task belongs to application %d, but the provider signs tickets for application %d only (sdk_app_id in the provider block). "+
				"Use a provider configuration with the key of application %d (a provider alias), or set user_sig_wo.", id, own, id))
	}
}

// needsKey reports an error unless the tickets that a task needs are given or
// can be minted.
func (s *startTickets) needsKey(application types.Int64, privateMapKey bool, userSig secretArgument, diags *diag.Diagnostics) {
	mint := !userSig.given || privateMapKey
	switch {
	case mint && s.invalid != "":
		diags.AddError(invalidKey, s.invalid)
	case mint && (s.unknown || !s.key.IsEmpty()):
		s.authorize(application, diags)
	case !userSig.given:
		diags.AddAttributeError(userSig.attribute, "A ticket is required to start the task",
			"This plan starts a task, and the robot logs in to the room with a UserSig. There are two ways to provide it:\n\n"+
				"- Set the environment variable "+sdkSecretKeyVariable+" (or sdk_secret_key in the provider block) to the SDKSecretKey of the application, as the TRTC console shows it. "+
				"The provider then mints the ticket.\n"+
				"- Set user_sig_wo (Terraform 1.11 or OpenTofu 1.11 and later) or user_sig to a ticket from somebody who holds the key.")
	case mint:
		diags.AddAttributeError(path.Root("mint_private_map_key"), "An application key is required",
			"mint_private_map_key computes a PrivateMapKey with the SDKSecretKey of the application, and none is set. "+
				"Set the environment variable "+sdkSecretKeyVariable+" or sdk_secret_key in the provider block, or set private_map_key_wo instead.")
	}
}

// mint adds the tickets that the configuration does not give, after needsKey, or
// replaces those that it added before. They are issued at the service's time, and
// valid for the longest run that max_duration allows, after waiting as long as
// Create may wait.
func (s *startTickets) mint(plan streamIngestModel, wait time.Duration, secrets *startSecrets, diags *diag.Diagnostics) {
	user := tickets.UserSigClaims{SdkAppID: plan.task().SdkAppID, UserID: plan.UserID.ValueString(), Lifetime: defaultTicketLifetime + wait}
	secrets.clockSkew = s.skew()
	now := s.clock.Now().Add(secrets.clockSkew)
	if !secrets.userSig.given {
		ticket, err := tickets.MintUserSig(s.key, now, user)
		reportClaims(err, diags)
		secrets.userSig = secretArgument{Text: secret.New(ticket), minted: true}
	}
	if plan.MintPrivateMapKey.ValueBool() {
		ticket, err := mintPrivateMapKey(s.key, now, user, plan.RoomIDType, plan.RoomID, tickets.PrivilegeNames())
		reportClaims(err, diags)
		secrets.privateMapKey = secretArgument{Text: secret.New(ticket), minted: true}
	}
}

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
				fmt.Sprintf("%s starts as a %s does, but its end is missing. Copy the whole ticket.", given.attribute, argument.kind))
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
	users, applications := []string{ticket.UserID}, []uint64{ticket.SdkAppID}
	if ticket.Kind == tickets.KindPrivateMapKey { // It names them twice.
		users, applications = append(users, ticket.RoomUserID), append(applications, ticket.RoomSdkAppID)
	}
	for _, user := range slices.Compact(users) {
		if want := c.text("user_id").ValueString(); c.isSet("user_id") && user != want {
			claims = append(claims, fmt.Sprintf("user %.64q (user_id is %q)", user, want))
		}
	}
	for _, application := range slices.Compact(applications) {
		if want := c.number("sdk_app_id").ValueInt64(); c.isSet("sdk_app_id") && int64(application) != want { //nolint:gosec // An overflow differs too.
			claims = append(claims, fmt.Sprintf("application %d (sdk_app_id is %d)", application, want))
		}
	}
	idType := c.number("room_id_type")
	if idType.IsNull() {
		idType = types.Int64Value(integerRoom)
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
