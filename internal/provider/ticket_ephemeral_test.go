package provider_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

const (
	userSigType       = "trtc_user_sig"
	privateMapKeyType = "trtc_private_map_key"

	sdkSecretKeyVariable = "TRTC_SDK_SECRET_KEY"

	// otherKey is the key of another application.
	otherKey = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

	week = 7 * 24 * time.Hour
)

// userSigValues returns the arguments of a trtc_user_sig with the changes.
func userSigValues(changes tfcore.Values) tfcore.Values {
	return tfcore.Values{
		"sdk_app_id": int64(acctest.SdkAppID), "user_id": acctest.UserID, "sdk_secret_key": acctest.SdkSecretKey,
	}.With(changes)
}

// privateMapKeyValues returns the arguments of a trtc_private_map_key for
// integer room 1001 with the changes.
func privateMapKeyValues(changes tfcore.Values) tfcore.Values {
	return userSigValues(tfcore.Values{"room_id": "1001"}).With(changes)
}

// verify decodes a ticket and checks that the key signed it, by minting it again.
func verify(t *testing.T, sdkSecretKey, token string) tickets.Ticket {
	t.Helper()
	key, wrongKey := tickets.NewKey(sdkSecretKey)
	ticket, err := tickets.Decode(token)
	if err = errors.Join(wrongKey, err); err != nil {
		t.Fatal(err)
	}
	user := tickets.UserSigClaims{SdkAppID: ticket.SdkAppID, UserID: ticket.UserID, Lifetime: ticket.ExpiresAt.Unix() - ticket.IssuedAt.Unix()}
	again, err := tickets.MintUserSig(key, ticket.IssuedAt, user)
	if ticket.Kind == tickets.KindPrivateMapKey {
		again, err = tickets.MintPrivateMapKey(key, ticket.IssuedAt,
			tickets.PrivateMapKeyClaims{UserSigClaims: user, Room: ticket.Room, Privileges: ticket.Privileges})
	}
	if err != nil || again != token {
		t.Errorf("another key signed the ticket: %v", err)
	}
	return ticket
}

// minted holds what the tests of both ephemeral resources expect of a ticket.
type minted struct {
	variable, key string
	lifetime      time.Duration
	ticket        tickets.Ticket
	// rest are the attributes of the result that are neither configured nor about time.
	rest tfcore.Values
}

// expectMinted opens an ephemeral resource, and checks the ticket and the result.
func expectMinted(t *testing.T, typeName, attribute string, config tfcore.Values, want minted) {
	t.Helper()
	world := acctest.NewWorld(t)
	world.Setenv(map[string]string{sdkSecretKeyVariable: want.variable})
	// Tickets have whole seconds, and times are in UTC.
	now := time.Date(2026, 3, 1, 20, 0, 0, 999_999_999, time.FixedZone("east", 8*3600))
	world.Options.Clock = clocktest.New(now)
	connected := world.Provider(t, nil)
	if diags := connected.ValidateEphemeral(t.Context(), typeName, config); len(diags) > 0 {
		t.Fatal(diags)
	}
	result, diags := connected.OpenEphemeral(t.Context(), typeName, config)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	token, _ := result[attribute].(string)
	ticket := want.ticket
	ticket.SdkAppID, ticket.UserID, ticket.IssuedAt = acctest.SdkAppID, acctest.UserID, now.UTC().Truncate(time.Second)
	ticket.ExpiresAt = ticket.IssuedAt.Add(want.lifetime)
	if diff := cmp.Diff(ticket, verify(t, want.key, token), cmp.AllowUnexported(tickets.Room{})); diff != "" {
		t.Errorf("ticket (-want +got):\n%s", diff)
	}
	whole := want.rest.With(config).With(tfcore.Values{
		attribute: token, "expires_in": int64(want.lifetime.Seconds()), "expires_at": ticket.ExpiresAt.Format(time.RFC3339),
	})
	ignoreOrder := cmpopts.SortSlices(func(a, b any) bool { return a.(string) < b.(string) })
	if diff := cmp.Diff(whole, result, ignoreOrder); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	world.ExpectJournal(t)
}

func TestUserSigEphemeral(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change        tfcore.Values
		variable, key string
		lifetime      time.Duration
	}{
		"defaults":                   {nil, "", acctest.SdkSecretKey, week},
		"shortest":                   {tfcore.Values{"expires_in": 60}, "", acctest.SdkSecretKey, time.Minute},
		"longest":                    {tfcore.Values{"expires_in": 15552000}, "", acctest.SdkSecretKey, 180 * 24 * time.Hour},
		"key of the variable":        {tfcore.Values{"sdk_secret_key": nil}, otherKey, otherKey, week},
		"key with white space":       {tfcore.Values{"sdk_secret_key": " " + otherKey + "\r\n"}, "", otherKey, week},
		"blank key, variable":        {tfcore.Values{"sdk_secret_key": " \n"}, otherKey + "\n", otherKey, week},
		"argument over the variable": {nil, otherKey, acctest.SdkSecretKey, week},
		"argument over a bad one":    {nil, "nonsense", acctest.SdkSecretKey, week},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectMinted(t, userSigType, "user_sig", userSigValues(test.change), minted{
				variable: test.variable, key: test.key, lifetime: test.lifetime, ticket: tickets.Ticket{Kind: tickets.KindUserSig},
			})
		})
	}
}

func TestPrivateMapKeyEphemeral(t *testing.T) {
	t.Parallel()
	all := []any{}
	for _, name := range tickets.PrivilegeNames() {
		all = append(all, name)
	}
	audio := tickets.ParsePrivileges([]string{"enter_room", "send_audio"})
	for name, test := range map[string]struct {
		change     tfcore.Values
		roomIDType int64
		roomID     string
		privileges tickets.Privileges
	}{
		"defaults":      {nil, 1, "1001", tickets.AllPrivileges},
		"integer room":  {tfcore.Values{"room_id": "4294967295", "room_id_type": int64(1)}, 1, "4294967295", tickets.AllPrivileges},
		"string room":   {tfcore.Values{"room_id": "main hall", "room_id_type": int64(0)}, 0, "main hall", tickets.AllPrivileges},
		"digits string": {tfcore.Values{"room_id_type": int64(0)}, 0, "1001", tickets.AllPrivileges},
		"privileges":    {tfcore.Values{"privileges": []any{"send_audio", "enter_room"}}, 1, "1001", audio},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			room, err := tickets.ParseRoom(test.roomIDType, test.roomID)
			if err != nil {
				t.Fatal(err)
			}
			expectMinted(t, privateMapKeyType, "private_map_key", privateMapKeyValues(test.change), minted{
				key: acctest.SdkSecretKey, lifetime: week, rest: tfcore.Values{"privileges": all, "room_id_type": int64(1)},
				ticket: tickets.Ticket{
					Kind: tickets.KindPrivateMapKey, RoomSdkAppID: acctest.SdkAppID, RoomUserID: acctest.UserID, Room: room, Privileges: test.privileges,
				},
			})
		})
	}
}

// TestEphemeral_Refused checks that errors are on the argument, with the rule and
// without the value, which may be a misplaced secret, even when the value was
// unknown during validation.
func TestEphemeral_Refused(t *testing.T) {
	t.Parallel()
	const lifetimeRule = "must be a whole number of seconds from 60 to 15552000"
	key := acctest.SdkSecretKey
	world := acctest.NewWorld(t)
	t.Cleanup(func() { world.ExpectJournal(t) })
	connected := world.Provider(t, nil)
	for name, test := range map[string]struct {
		change          tfcore.Values
		attribute, rule string
	}{
		"expires_in 59":       {tfcore.Values{"expires_in": 59}, "expires_in", lifetimeRule},
		"expires_in -1":       {tfcore.Values{"expires_in": -1}, "expires_in", lifetimeRule},
		"expires_in 15552001": {tfcore.Values{"expires_in": 15552001}, "expires_in", lifetimeRule},
		"expires_in 1 << 62":  {tfcore.Values{"expires_in": int64(1) << 62}, "expires_in", lifetimeRule},
		"user_id with a dot":  {tfcore.Values{"user_id": "a.b"}, "user_id", userIDRule},
		"sdk_app_id 0":        {tfcore.Values{"sdk_app_id": 0}, "sdk_app_id", "1"},
		"sdk_app_id 1 << 32":  {tfcore.Values{"sdk_app_id": int64(1) << 32}, "sdk_app_id", "4294967295"},
		"key too short":       {tfcore.Values{"sdk_secret_key": key[1:]}, "sdk_secret_key", "63 bytes"},
		"key with line break": {tfcore.Values{"sdk_secret_key": key[:32] + "\n" + key[32:]}, "sdk_secret_key", "65 bytes"},
		"key in upper case":   {tfcore.Values{"sdk_secret_key": "ABCDEF" + key[6:]}, "sdk_secret_key", "other characters"},
		"integer room lobby":  {tfcore.Values{"room_id": "lobby"}, "room_id", integerRoomRule},
		"string room, slash":  {tfcore.Values{"room_id": "a/b", "room_id_type": 0}, "room_id", stringRoomRule},
		"room_id_type 2":      {tfcore.Values{"room_id_type": 2}, "room_id_type", "0"},
		"no privileges":       {tfcore.Values{"privileges": []any{}}, "privileges", "at least"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			typeName, config := userSigType, userSigValues(test.change)
			if strings.Contains(test.attribute, "room") || test.attribute == "privileges" {
				typeName, config = privateMapKeyType, privateMapKeyValues(test.change)
			}
			acctest.ExpectError(t, connected.ValidateEphemeral(t.Context(), typeName, config), test.attribute, test.rule)
			_, diags := connected.OpenEphemeral(t.Context(), typeName, config)
			acctest.ExpectError(t, diags, test.attribute, test.rule)
			if len(diags.Mentioning(key[6:32])) > 0 {
				t.Errorf("%s quotes the key", diags)
			}
		})
	}
	diags := connected.ValidateEphemeral(t.Context(), privateMapKeyType, privateMapKeyValues(tfcore.Values{"privileges": []any{"fly"}}))
	if len(diags.Errors().Mentioning("send_audio")) != 1 {
		t.Errorf("diagnostics of an unknown privilege: %s", diags)
	}
}

// TestEphemeral_NoKey checks that a missing key is reported when the resource is
// opened, since validation may run in another environment.
func TestEphemeral_NoKey(t *testing.T) {
	t.Parallel()
	const unset = "Set sdk_secret_key or the environment variable TRTC_SDK_SECRET_KEY"
	for _, test := range []struct{ variable, mention string }{
		{"", unset}, {" \n", unset}, {otherKey + "0", "this value is 65 bytes long"},
	} {
		world := acctest.NewWorld(t)
		world.Setenv(map[string]string{sdkSecretKeyVariable: test.variable})
		connected, config := world.Provider(t, nil), userSigValues(tfcore.Values{"sdk_secret_key": nil})
		if diags := connected.ValidateEphemeral(t.Context(), userSigType, config); len(diags) > 0 {
			t.Errorf("validation: %s", diags)
		}
		_, diags := connected.OpenEphemeral(t.Context(), userSigType, config)
		acctest.ExpectError(t, diags, "sdk_secret_key", test.mention, "terraform destroy -refresh=false")
		if len(diags.Mentioning(otherKey)) > 0 {
			t.Errorf("%s quotes the key", diags)
		}
	}
}

// TestEphemeral_Unknown checks that unknown values are valid.
func TestEphemeral_Unknown(t *testing.T) {
	t.Parallel()
	connected := acctest.NewWorld(t).Provider(t, nil)
	for typeName, config := range map[string]tfcore.Values{
		userSigType:       userSigValues(tfcore.Values{"expires_in": 60}),
		privateMapKeyType: privateMapKeyValues(tfcore.Values{"room_id_type": 0, "privileges": []any{"send_audio"}}),
	} {
		for name := range config {
			if diags := connected.ValidateEphemeral(t.Context(), typeName, config.With(tfcore.Values{name: tfcore.Unknown})); len(diags) > 0 {
				t.Errorf("%s with unknown %s: %s", typeName, name, diags)
			}
		}
	}
}

// TestEphemeral_EveryError checks that all errors that are known only when the
// resource is opened are reported at once.
func TestEphemeral_EveryError(t *testing.T) {
	t.Parallel()
	config := tfcore.Values{
		"sdk_app_id": 0, "user_id": "", "sdk_secret_key": "short", "expires_in": 1, "room_id": "lobby",
	}
	_, diags := acctest.NewWorld(t).Provider(t, nil).OpenEphemeral(t.Context(), privateMapKeyType, config)
	var on []string
	for _, one := range diags.Errors() {
		on = append(on, one.Attribute)
	}
	slices.Sort(on)
	if want := slices.Sorted(maps.Keys(config)); !slices.Equal(on, want) {
		t.Errorf("errors on %v, want one on each of %v; diagnostics: %s", on, want, diags)
	}
}

// TestEphemeral_ClockFarOff checks the limit of a ticket's times, which have
// four bytes.
func TestEphemeral_ClockFarOff(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Clock.Advance(100 * 365 * 24 * time.Hour)
	_, diags := world.Provider(t, nil).OpenEphemeral(t.Context(), userSigType, userSigValues(nil))
	acctest.ExpectError(t, diags, "", "could not be minted", "2106-02-07T06:28:15Z")
}
