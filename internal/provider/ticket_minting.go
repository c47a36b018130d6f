package provider

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

const (
	// sdkSecretKeyVariable is the environment variable used when no
	// sdk_secret_key is set.
	sdkSecretKeyVariable = "TRTC_SDK_SECRET_KEY"

	// defaultTicketLifetime is the longest run that max_duration allows.
	defaultTicketLifetime = maxDurationMinutes * time.Minute
)

// ticketMinter mints tickets locally, with the provider's clock and environment.
type ticketMinter struct {
	now       func() time.Time
	lookupEnv func(string) (string, bool)
}

// key returns the application's key from the argument, else from the variable.
// It reports an error on the argument when there is no valid key.
func (m ticketMinter) key(argument types.String, diags *diag.Diagnostics) tickets.Key {
	text, source := m.keyText(argument)
	key, err := tickets.NewKey(text)
	switch {
	case errors.Is(err, tickets.ErrEmptyKey):
		diags.AddAttributeError(path.Root("sdk_secret_key"), "No application key",
			"A ticket is signed with the SDKSecretKey of the TRTC application. Set sdk_secret_key or the environment variable "+sdkSecretKeyVariable+
				" to the key that the TRTC console shows.\n\n"+
				"Terraform opens ephemeral resources in a destroy as well, although it needs no ticket. To destroy without the key, set the variable to any 64 hexadecimal digits, "+
				"or remove the ephemeral resource and the argument that uses it from the configuration.")
	case err != nil:
		diags.Append(invalidKey(source, err))
	}
	return key
}

// keyText returns the application's key from the argument, else from the
// variable, and names its source.
func (m ticketMinter) keyText(argument types.String) (text, source string) {
	if text := argument.ValueString(); text != "" {
		return text, "the argument sdk_secret_key"
	}
	text, _ = m.lookupEnv(sdkSecretKeyVariable)
	return text, "the environment variable " + sdkSecretKeyVariable
}

// invalidKey returns the diagnostic for a malformed application key.
func invalidKey(source string, err error) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("sdk_secret_key"), "Invalid application key", "In "+source+" "+err.Error()+".")
}

func sdkSecretKeyValidator() validator.String {
	return stringRule{rule[string]{description: "64 lower-case hexadecimal digits", check: checkKey}}
}

// mint returns the ticket that sign creates, and records its expiry in data. It
// reports an invalid key, and does nothing when diags has an error.
func (m ticketMinter) mint(data *ticketModel, sign func(tickets.Key, time.Time) (string, error), diags *diag.Diagnostics) types.String {
	key := m.key(data.SdkSecretKey, diags)
	if diags.HasError() {
		return types.StringNull()
	}
	now := m.now()
	ticket, err := sign(key, now)
	if err != nil {
		reportClaims(err, diags)
		return types.StringNull()
	}
	data.setExpiry(now)
	return types.StringValue(ticket)
}

// reportClaims reports each error of package tickets in err, if any. They are
// about values that were unknown when validators ran.
func reportClaims(err error, diags *diag.Diagnostics) {
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
		diags.Append(invalidValue(path.Root(ticketArgument(broken.Field)), broken))
	case errors.As(err, &unknown):
		diags.AddAttributeError(path.Root("privileges"), "Invalid value for privileges", sentence(unknown.Error()))
	default:
		diags.AddError("The ticket could not be minted", sentence(err.Error()))
	}
}

// ticketArgument returns the argument of a ticket's field.
func ticketArgument(field tickets.Field) string {
	return map[tickets.Field]string{
		tickets.FieldSdkAppID: "sdk_app_id", tickets.FieldUserID: "user_id", tickets.FieldLifetime: "expires_in",
		tickets.FieldRoomID: "room_id", tickets.FieldRoomIDType: "room_id_type", tickets.FieldPrivileges: "privileges",
	}[field]
}

// ticketEphemeral is the common part of the ephemeral resources.
type ticketEphemeral struct{ minter ticketMinter }

// Configure stores the provider's ticketMinter.
func (e *ticketEphemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	if data := providerDataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		e.minter = data.minter
	}
}

// ticketModel is the common part of the ephemeral resources' configurations and
// results.
//
//nolint:recvcheck // A model is a value; only the setter changes one.
type ticketModel struct {
	SdkAppID     types.Int64  `tfsdk:"sdk_app_id"`
	UserID       types.String `tfsdk:"user_id"`
	ExpiresIn    types.Int64  `tfsdk:"expires_in"`
	SdkSecretKey types.String `tfsdk:"sdk_secret_key"`
	ExpiresAt    types.String `tfsdk:"expires_at"`
}

// ticketAttributes returns the attributes of ticketModel.
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

// checkKey accepts the empty string, which ticketMinter.key treats as unset.
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
		return errors.New("must be 64 lower-case hexadecimal digits, as the TRTC console shows them; this value contains other characters")
	}
}

// secrets returns the values to mask in logs.
func (m ticketModel) secrets() []secret.Text {
	return []secret.Text{secret.New(m.SdkSecretKey.ValueString())}
}

// userClaims returns the claims about the user, which both tickets contain.
func (m ticketModel) userClaims() tickets.UserSigClaims {
	return tickets.UserSigClaims{
		SdkAppID: uint64(m.SdkAppID.ValueInt64()), //nolint:gosec // Validated with the claims.
		UserID:   m.UserID.ValueString(),
		Lifetime: m.lifetime(),
	}
}

// lifetime returns expires_in or its default, or zero, which is invalid, when
// it is out of range.
func (m ticketModel) lifetime() time.Duration {
	if m.ExpiresIn.IsNull() {
		return defaultTicketLifetime
	}
	lifetime, _ := tickets.LifetimeFromSeconds(m.ExpiresIn.ValueInt64())
	return lifetime
}

// setExpiry sets expires_in and expires_at of a ticket that was minted at now.
func (m *ticketModel) setExpiry(now time.Time) {
	lifetime := m.lifetime()
	m.ExpiresIn = types.Int64Value(int64(lifetime.Seconds()))
	m.ExpiresAt = types.StringValue(now.Add(lifetime).UTC().Truncate(time.Second).Format(time.RFC3339))
}
