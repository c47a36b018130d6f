package provider

import (
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

const (
	// sdkSecretKeyVariable holds the application's key where no argument does.
	sdkSecretKeyVariable = "TRTC_SDK_SECRET_KEY"

	// defaultTicketLifetime is the longest run that max_duration can bound.
	defaultTicketLifetime = 7 * 24 * time.Hour
)

// ticketMinter mints tickets on this machine, with a clock and an environment
// of the provider's.
type ticketMinter struct {
	now       func() time.Time
	lookupEnv func(string) (string, bool)
}

// key returns the application's key from the argument or the variable, and
// reports on the argument what is wrong with it.
func (m ticketMinter) key(argument types.String, diags *diag.Diagnostics) tickets.Key {
	text, source := argument.ValueString(), "the argument sdk_secret_key"
	if text == "" {
		text, _ = m.lookupEnv(sdkSecretKeyVariable)
		source = "the environment variable " + sdkSecretKeyVariable
	}
	key, err := tickets.NewKey(text)
	switch {
	case errors.Is(err, tickets.ErrEmptyKey):
		diags.AddAttributeError(path.Root("sdk_secret_key"), "No application key",
			"A ticket is signed with the SDKSecretKey of the TRTC application. Set sdk_secret_key or the environment variable "+sdkSecretKeyVariable+
				" to the key that the TRTC console shows.")
	case err != nil:
		diags.AddAttributeError(path.Root("sdk_secret_key"), "Invalid application key", "In "+source+" "+err.Error()+".")
	}
	return key
}

// mint returns the ticket that sign makes, and records in data when it expires.
// It reports what is wrong with the key, and does nothing after an error.
func (m ticketMinter) mint(data *ticketModel, sign func(tickets.Key, time.Time) (string, error), diags *diag.Diagnostics) types.String {
	key := m.key(data.SdkSecretKey, diags)
	if diags.HasError() {
		return types.StringNull()
	}
	now := m.now()
	ticket, err := sign(key, now)
	if err != nil {
		refuseTicket(err, diags)
		return types.StringNull()
	}
	data.setExpiry(now)
	return types.StringValue(ticket)
}

// refuseTicket reports each error of package tickets in err, if any: those of
// values that no validator saw, because they were not known before.
func refuseTicket(err error, diags *diag.Diagnostics) {
	var several interface{ Unwrap() []error }
	var broken *tickets.RuleError
	var unknown *tickets.UnknownPrivilegeError
	switch {
	case err == nil:
	case errors.As(err, &several):
		for _, one := range several.Unwrap() {
			refuseTicket(one, diags)
		}
	case errors.As(err, &broken):
		diags.Append(ruleBroken(path.Root(ticketArgument(broken.Field)), broken))
	case errors.As(err, &unknown):
		diags.AddAttributeError(path.Root("privileges"), "Invalid value for privileges", sentence(unknown.Error()))
	default:
		diags.AddError("The ticket could not be minted", sentence(err.Error()))
	}
}

// ticketArgument is the argument that gives a field of a ticket.
func ticketArgument(field tickets.Field) string {
	return map[tickets.Field]string{
		tickets.FieldSdkAppID: "sdk_app_id", tickets.FieldUserID: "user_id", tickets.FieldLifetime: "expires_in",
		tickets.FieldRoomID: "room_id", tickets.FieldRoomIDType: "room_id_type", tickets.FieldPrivileges: "privileges",
	}[field]
}
