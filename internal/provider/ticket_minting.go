package provider

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

const (
	// sdkSecretKeyVariable is read when sdk_secret_key is not set.
	sdkSecretKeyVariable = "TRTC_SDK_SECRET_KEY"

	// defaultTicketLifetime is the longest run that max_duration allows.
	defaultTicketLifetime = maxDurationMinutes * time.Minute

	invalidKey = "Invalid application key"
)

// applicationKey returns the application's key from the argument, else from the
// variable, or the zero Key when neither is set. White space at the ends of a key
// is removed. invalid says what is wrong with a malformed key.
func applicationKey(argument types.String, lookupEnv func(string) (string, bool)) (key tickets.Key, invalid string) {
	given := readSetting(lookupEnv, argument, "sdk_secret_key", sdkSecretKeyVariable)
	key, err := tickets.NewKey(given.value)
	if broken, ok := errors.AsType[*tickets.RuleError](err); ok {
		invalid = "The " + given.source + " " + broken.Rule + "."
	}
	return key, invalid
}

func sdkSecretKeyValidator() validator.String {
	return stringRule{rule[string]{description: "64 lower-case hexadecimal digits", check: checkKey}}
}

// checkKey accepts a blank, which applicationKey treats as unset.
func checkKey(text string) error {
	if _, err := tickets.NewKey(strings.TrimSpace(text)); !errors.Is(err, tickets.ErrEmptyKey) {
		return err
	}
	return nil
}

// reportClaims reports each error of package tickets in err, if any. They are
// about values that were unknown when validators ran.
func reportClaims(err error, diags *diag.Diagnostics) {
	arguments := map[tickets.Field]string{
		tickets.FieldSdkAppID: "sdk_app_id", tickets.FieldUserID: "user_id", tickets.FieldLifetime: "expires_in",
		tickets.FieldRoomID: "room_id", tickets.FieldRoomIDType: "room_id_type", tickets.FieldPrivileges: "privileges",
	}
	var joined interface{ Unwrap() []error }
	var broken *tickets.RuleError
	switch {
	case err == nil:
	case errors.As(err, &joined):
		for _, one := range joined.Unwrap() {
			reportClaims(one, diags)
		}
	case errors.As(err, &broken):
		diags.Append(invalidValue(path.Root(arguments[broken.Field]), broken))
	default:
		diags.AddError("The ticket could not be minted", sentence(err.Error()))
	}
}

// mintPrivateMapKey returns the PrivateMapKey of a user for a room.
func mintPrivateMapKey(
	key tickets.Key, now time.Time, user tickets.UserSigClaims, roomIDType types.Int64, roomID types.String, privileges []string,
) (string, error) {
	room, err := tickets.ParseRoom(roomIDType.ValueInt64(), roomID.ValueString())
	if err != nil {
		return "", errors.Join(user.Validate(), err)
	}
	return tickets.MintPrivateMapKey(key, now, tickets.PrivateMapKeyClaims{
		UserSigClaims: user, Room: room, Privileges: tickets.ParsePrivileges(privileges),
	})
}

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
			"mint_private_map_key needs the SDKSecretKey of the application, which is not set. "+
				"Set the environment variable "+sdkSecretKeyVariable+" or sdk_secret_key in the provider block, or set private_map_key_wo instead.")
	}
}

// mint adds the tickets that the configuration does not give, after needsKey, or
// replaces those that it added before. They are issued at the service's time, and
// valid for the longest run that max_duration allows, after waiting as long as
// Create may wait.
func (s *startTickets) mint(plan streamIngestModel, wait time.Duration, secrets *startSecrets, diags *diag.Diagnostics) {
	user := tickets.UserSigClaims{SdkAppID: plan.task().SdkAppID, UserID: plan.UserID.ValueString(), Lifetime: int64((defaultTicketLifetime + wait) / time.Second)}
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
