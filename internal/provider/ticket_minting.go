package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

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
// variable, or the zero Key when neither is set. invalid says what is wrong with
// a malformed key.
func applicationKey(argument types.String, lookupEnv func(string) (string, bool)) (key tickets.Key, invalid string) {
	text, source := argument.ValueString(), "the argument sdk_secret_key"
	if text == "" {
		text, _ = lookupEnv(sdkSecretKeyVariable)
		source = "the environment variable " + sdkSecretKeyVariable
	}
	key, err := tickets.NewKey(text)
	if err != nil && !errors.Is(err, tickets.ErrEmptyKey) {
		invalid = "In " + source + " " + err.Error() + "."
	}
	return key, invalid
}

func sdkSecretKeyValidator() validator.String {
	return stringRule{rule[string]{description: "64 lower-case hexadecimal digits", check: checkKey}}
}

// checkKey accepts the empty string, which applicationKey treats as unset.
func checkKey(text string) error {
	_, err := tickets.NewKey(text)
	malformed, ok := errors.AsType[*tickets.KeyError](err)
	if !ok {
		return nil
	}
	difference := "contains other characters"
	if malformed.Length != tickets.KeyLength {
		difference = fmt.Sprintf("is %d bytes long", malformed.Length)
	}
	return errors.New("must be 64 lower-case hexadecimal digits, as the TRTC console shows them; this value " + difference)
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
	var unknown *tickets.UnknownPrivilegeError
	switch {
	case err == nil:
	case errors.As(err, &joined):
		for _, one := range joined.Unwrap() {
			reportClaims(one, diags)
		}
	case errors.As(err, &broken):
		diags.Append(invalidValue(path.Root(arguments[broken.Field]), broken))
	case errors.As(err, &unknown):
		diags.AddAttributeError(path.Root("privileges"), "Invalid value for privileges", sentence(unknown.Error()))
	default:
		diags.AddError("The ticket could not be minted", sentence(err.Error()))
	}
}

// mintPrivateMapKey returns the PrivateMapKey of a user for a room.
func mintPrivateMapKey(
	key tickets.Key, now time.Time, user tickets.UserSigClaims, roomIDType types.Int64, roomID types.String, privileges []string,
) (string, error) {
	room, wrongRoom := tickets.ParseRoom(roomIDType.ValueInt64(), roomID.ValueString())
	granted, wrongPrivileges := tickets.ParsePrivileges(privileges)
	if wrong := errors.Join(wrongRoom, wrongPrivileges); wrong != nil {
		return "", errors.Join(user.Validate(), wrong)
	}
	return tickets.MintPrivateMapKey(key, now, tickets.PrivateMapKeyClaims{
		UserSigClaims: user, Room: room, Privileges: granted,
	})
}

// ticketEphemeral is the common part of the ephemeral resources.
type ticketEphemeral struct{ provider *providerData }

func (e *ticketEphemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, _ *ephemeral.ConfigureResponse) {
	e.provider, _ = req.ProviderData.(*providerData)
}

// mint returns the ticket that sign creates, and sets expires_in and expires_at
// in data. It reports a missing or invalid key and each invalid claim.
func (e *ticketEphemeral) mint(
	data *ticketModel, sign func(tickets.Key, time.Time, tickets.UserSigClaims) (string, error), diags *diag.Diagnostics,
) types.String {
	key, invalid := applicationKey(data.SdkSecretKey, e.provider.lookupEnv)
	switch {
	case invalid != "":
		diags.AddAttributeError(path.Root("sdk_secret_key"), invalidKey, invalid)
	case key.IsEmpty():
		diags.AddAttributeError(path.Root("sdk_secret_key"), "No application key",
			"A ticket is signed with the SDKSecretKey of the TRTC application. Set sdk_secret_key or the environment variable "+sdkSecretKeyVariable+
				" to the key that the TRTC console shows.\n\n"+
				"Terraform opens ephemeral resources in a destroy as well, although it needs no ticket. To destroy without the key, run terraform destroy -refresh=false, "+
				"or remove the ephemeral resource and the argument that uses it from the configuration.")
	}
	if data.ExpiresIn.IsNull() {
		data.ExpiresIn = types.Int64Value(int64(defaultTicketLifetime / time.Second))
	}
	// Zero, which sign reports, when it is out of range.
	lifetime, _ := tickets.LifetimeFromSeconds(data.ExpiresIn.ValueInt64())
	now := e.provider.clock.Now()
	data.ExpiresAt = types.StringValue(now.Add(lifetime).UTC().Format(time.RFC3339))
	ticket, err := sign(key, now, tickets.UserSigClaims{
		SdkAppID: uint64(data.SdkAppID.ValueInt64()), //nolint:gosec // Validated with the claims.
		UserID:   data.UserID.ValueString(),
		Lifetime: lifetime,
	})
	if !errors.Is(err, tickets.ErrEmptyKey) {
		reportClaims(err, diags)
	}
	return types.StringValue(ticket)
}

// ticketModel is the common part of the ephemeral resources' configurations and
// results.
type ticketModel struct {
	SdkAppID     types.Int64  `tfsdk:"sdk_app_id"`
	UserID       types.String `tfsdk:"user_id"`
	ExpiresIn    types.Int64  `tfsdk:"expires_in"`
	SdkSecretKey types.String `tfsdk:"sdk_secret_key"`
	ExpiresAt    types.String `tfsdk:"expires_at"`
}

func ticketAttributes() map[string]schema.Attribute {
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
			MarkdownDescription: "Lifetime of the ticket in seconds, 60 to 15552000 (180 days). Default 604800 (7 days), the longest run that `max_duration` allows.",
			CustomType:          wholeNumber{},
			Optional:            true, Computed: true,
			Validators: []validator.Int64{int64Rule{rule[int64]{description: "60 to 15552000", check: func(seconds int64) error {
				_, err := tickets.LifetimeFromSeconds(seconds)
				return err
			}}}},
		},
		"sdk_secret_key": schema.StringAttribute{
			MarkdownDescription: "The application's SDKSecretKey, as the TRTC console shows it. Also read from `" + sdkSecretKeyVariable + "`.",
			Optional:            true, Sensitive: true,
			Validators: []validator.String{sdkSecretKeyValidator()},
		},
		"expires_at": schema.StringAttribute{
			MarkdownDescription: "When the ticket expires, as an RFC 3339 timestamp in UTC.",
			Computed:            true,
		},
	}
}
