package provider

import (
	"errors"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

const (
	// sdkSecretKeyVariable holds the application's key where no argument does.
	sdkSecretKeyVariable = "TRTC_SDK_SECRET_KEY"

	// defaultTicketLifetime is the longest run that max_duration can bound.
	defaultTicketLifetime = 7 * 24 * time.Hour
)

// ticketMintAttributes are what both kinds of tickets are minted from.
func ticketMintAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"sdk_app_id": schema.Int64Attribute{
			MarkdownDescription: sdkAppIDDescription,
			CustomType:          sdkAppIDType(),
			Required:            true,
			Validators:          sdkAppIDValidators(),
		},
		"user_id": schema.StringAttribute{
			MarkdownDescription: "The user that the ticket is for: 1 to 32 characters of `a-z`, `A-Z`, `0-9`, `_` and `-`.",
			Required:            true,
			Validators:          []validator.String{userIDValidator()},
		},
		"expires_in": schema.Int64Attribute{
			MarkdownDescription: "How long the ticket is good for, in seconds, 60 to 15552000 (180 days). Default 604800 (7 days), the longest run that `max_duration` can bound.",
			CustomType:          wholeNumber{},
			Optional:            true, Computed: true,
			Validators: []validator.Int64{int64Rule{description: "60 to 15552000", check: func(seconds int64) error {
				_, err := tickets.LifetimeFromSeconds(seconds)
				return err
			}}},
		},
		"sdk_secret_key": schema.StringAttribute{
			MarkdownDescription: "The application's SDKSecretKey, as the TRTC console shows it. Also read from `" + sdkSecretKeyVariable + "`.",
			Optional:            true, Sensitive: true,
			Validators: []validator.String{stringRule{description: "64 lower-case hexadecimal digits", check: checkKey}},
		},
		"expires_at": schema.StringAttribute{
			MarkdownDescription: "When the ticket expires, as an RFC 3339 timestamp in UTC.",
			Computed:            true,
		},
	}
}

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

// checkKey leaves the empty string to ticketMinter.key, where it means unset.
func checkKey(text string) error {
	_, err := tickets.NewKey(text)
	var malformed *tickets.KeyError
	switch {
	case !errors.As(err, &malformed):
		return nil
	case malformed.Length != tickets.KeyLength:
		return errors.New("must be 64 lower-case hexadecimal digits, as the TRTC console shows them; this value is " +
			strconv.Itoa(malformed.Length) + " bytes long")
	default:
		return errors.New("must be 64 lower-case hexadecimal digits, as the TRTC console shows them; this value holds other characters")
	}
}

// lifetime returns the lifetime that expires_in asks for, or zero, which no
// ticket may have, when it is out of range.
func lifetime(expiresIn types.Int64) time.Duration {
	if expiresIn.IsNull() {
		return defaultTicketLifetime
	}
	valid, _ := tickets.LifetimeFromSeconds(expiresIn.ValueInt64())
	return valid
}

// expiry is the value of expires_at.
func expiry(now time.Time, lifetime time.Duration) types.String {
	return types.StringValue(now.Add(lifetime).UTC().Truncate(time.Second).Format(time.RFC3339))
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
