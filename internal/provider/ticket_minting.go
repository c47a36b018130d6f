package provider

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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
// variable, or the zero Key when neither is set. White space at the ends of a key
// is removed. invalid says what is wrong with a malformed key.
func applicationKey(argument types.String, lookupEnv func(string) (string, bool)) (key tickets.Key, invalid string) {
	given := readSetting(lookupEnv, argument, "sdk_secret_key", sdkSecretKeyVariable)
	key, err := tickets.NewKey(given.value)
	if err != nil && !errors.Is(err, tickets.ErrEmptyKey) {
		invalid = "In the " + given.source + " " + err.Error() + "."
	}
	return key, invalid
}

func sdkSecretKeyValidator() validator.String {
	return stringRule{rule[string]{description: "64 lower-case hexadecimal digits", check: checkKey}}
}

// checkKey accepts a blank, which applicationKey treats as unset.
func checkKey(text string) error {
	_, err := tickets.NewKey(strings.TrimSpace(text))
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
