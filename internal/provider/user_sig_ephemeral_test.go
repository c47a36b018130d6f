package provider_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

const (
	sdkSecretKeyVariable = "TRTC_SDK_SECRET_KEY"

	// otherKey is the key of another application.
	otherKey = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

	week = 7 * 24 * time.Hour
)

// userSigValues returns the arguments of a trtc_user_sig, with changes.
func userSigValues(changes tfcore.Values) tfcore.Values {
	return tfcore.Values{
		"sdk_app_id": acctest.SdkAppID, "user_id": acctest.UserID, "sdk_secret_key": acctest.SdkSecretKey,
	}.With(changes)
}

// setVariables sets the whole environment of the world's providers.
func setVariables(world *acctest.World, variables map[string]string) {
	world.Options.LookupEnv = func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	}
}

func keyOf(t testing.TB, text string) tickets.Key {
	t.Helper()
	key, err := tickets.NewKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// verify decodes a ticket and checks that key signed it, by minting it again.
func verify(key tickets.Key, token string) (tickets.Ticket, error) {
	ticket, err := tickets.Decode(token)
	if err != nil {
		return ticket, err
	}
	user := tickets.UserSigClaims{SdkAppID: ticket.SdkAppID, UserID: ticket.UserID, Lifetime: ticket.ExpiresAt.Sub(ticket.IssuedAt)}
	again, err := tickets.MintUserSig(key, ticket.IssuedAt, user)
	if ticket.Kind == tickets.KindPrivateMapKey {
		again, err = tickets.MintPrivateMapKey(key, ticket.IssuedAt,
			tickets.PrivateMapKeyClaims{UserSigClaims: user, Room: ticket.Room, Privileges: ticket.Privileges})
	}
	if err == nil && again != token {
		err = errors.New("another key signed the ticket")
	}
	return ticket, err
}

func TestUserSigEphemeral(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change   tfcore.Values
		variable string
		signedBy string
		lifetime time.Duration
	}{
		"defaults":                   {nil, "", acctest.SdkSecretKey, week},
		"shortest":                   {tfcore.Values{"expires_in": 60}, "", acctest.SdkSecretKey, time.Minute},
		"longest":                    {tfcore.Values{"expires_in": 15552000}, "", acctest.SdkSecretKey, 180 * 24 * time.Hour},
		"key of the variable":        {tfcore.Values{"sdk_secret_key": nil}, otherKey, otherKey, week},
		"empty key, variable":        {tfcore.Values{"sdk_secret_key": ""}, otherKey, otherKey, week},
		"key with white space":       {tfcore.Values{"sdk_secret_key": " " + otherKey + "\r\n"}, "", otherKey, week},
		"blank key, variable":        {tfcore.Values{"sdk_secret_key": " \n"}, otherKey + "\n", otherKey, week},
		"argument over the variable": {nil, otherKey, acctest.SdkSecretKey, week},
		"argument over a bad one":    {nil, "nonsense", acctest.SdkSecretKey, week},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			setVariables(world, map[string]string{sdkSecretKeyVariable: test.variable})
			// Tickets have whole seconds.
			world.Clock.Advance(999 * time.Millisecond)
			config := userSigValues(test.change)
			result := newEphemeralServer(t, world).opened(t, userSigType, config)

			issued := world.Clock.Now().Truncate(time.Second)
			want := tickets.Ticket{
				Kind: tickets.KindUserSig, SdkAppID: acctest.SdkAppID, UserID: acctest.UserID,
				IssuedAt: issued, ExpiresAt: issued.Add(test.lifetime),
			}
			userSig, _ := result["user_sig"].(string)
			ticket, err := verify(keyOf(t, test.signedBy), userSig)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, ticket, cmp.AllowUnexported(tickets.Room{})); diff != "" {
				t.Errorf("ticket (-want +got):\n%s", diff)
			}
			rest := tfcore.Values{
				"sdk_app_id": acctest.SdkAppID, "user_id": acctest.UserID, "sdk_secret_key": config["sdk_secret_key"],
				"expires_in": int(test.lifetime.Seconds()), "expires_at": want.ExpiresAt.Format(time.RFC3339), "user_sig": userSig,
			}
			if diff := cmp.Diff(rest, result); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			world.ExpectJournal(t)
		})
	}
}

// TestUserSigEphemeralRefused checks that errors are on the argument, with the
// rule and without the value, which may be a misplaced secret, also when the
// value was unknown during validation.
func TestUserSigEphemeralRefused(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	server := newEphemeralServer(t, world)
	for name, test := range map[string]refusedTicket{
		"expires_in 59":       {tfcore.Values{"expires_in": 59}, "expires_in", lifetimeRule},
		"expires_in 0":        {tfcore.Values{"expires_in": 0}, "expires_in", lifetimeRule},
		"expires_in -1":       {tfcore.Values{"expires_in": -1}, "expires_in", lifetimeRule},
		"expires_in 15552001": {tfcore.Values{"expires_in": 15552001}, "expires_in", lifetimeRule},
		"expires_in 1 << 62":  {tfcore.Values{"expires_in": int64(1) << 62}, "expires_in", lifetimeRule},
		"user_id empty":       {tfcore.Values{"user_id": ""}, "user_id", userIDRule},
		"user_id of 33":       {tfcore.Values{"user_id": "a23456789012345678901234567890123"}, "user_id", userIDRule},
		"user_id with a dot":  {tfcore.Values{"user_id": "a.b"}, "user_id", userIDRule},
		"sdk_app_id 0":        {tfcore.Values{"sdk_app_id": 0}, "sdk_app_id", "1"},
		"sdk_app_id -1":       {tfcore.Values{"sdk_app_id": -1}, "sdk_app_id", "1"},
		"sdk_app_id 1 << 32":  {tfcore.Values{"sdk_app_id": int64(1) << 32}, "sdk_app_id", "4294967295"},
		"key too short":       {tfcore.Values{"sdk_secret_key": acctest.SdkSecretKey[1:]}, "sdk_secret_key", "63 bytes"},
		"key with line break": {tfcore.Values{"sdk_secret_key": acctest.SdkSecretKey[:32] + "\n" + acctest.SdkSecretKey[32:]}, "sdk_secret_key", "65 bytes"},
		"key in upper case":   {tfcore.Values{"sdk_secret_key": "ABCDEF" + acctest.SdkSecretKey[6:]}, "sdk_secret_key", "other characters"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.check(t, server, userSigType, userSigValues(test.change))
			world.ExpectJournal(t)
		})
	}
}

// refusedTicket is an invalid argument of an ephemeral resource.
type refusedTicket struct {
	change    tfcore.Values
	attribute string
	rule      string
}

func (r refusedTicket) check(t *testing.T, server ephemeralServer, typeName string, config tfcore.Values) {
	t.Helper()
	acctest.ExpectError(t, server.validate(t, typeName, config), r.attribute, r.rule)
	result, diags := server.open(t, typeName, config)
	if result != nil {
		t.Error("a ticket was minted anyway")
	}
	acctest.ExpectError(t, diags, r.attribute, r.rule)
	key, _ := config["sdk_secret_key"].(string)
	if len(diags.Mentioning(key[:32])) > 0 {
		t.Errorf("%s quotes the key", diags)
	}
}

// TestUserSigEphemeralKeyMissing checks that a missing key is reported when the
// resource is opened, since validation may run in another environment.
func TestUserSigEphemeralKeyMissing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variables map[string]string
		mention   []string
	}{
		"no variable":       {nil, []string{"Set sdk_secret_key or the environment variable TRTC_SDK_SECRET_KEY"}},
		"blank variable":    {map[string]string{sdkSecretKeyVariable: " \n"}, []string{"TRTC_SDK_SECRET_KEY"}},
		"empty variable":    {map[string]string{sdkSecretKeyVariable: ""}, []string{"TRTC_SDK_SECRET_KEY"}},
		"variable too long": {map[string]string{sdkSecretKeyVariable: otherKey + "0"}, []string{"environment variable TRTC_SDK_SECRET_KEY", "65 bytes"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			setVariables(world, test.variables)
			server := newEphemeralServer(t, world)
			for typeName, config := range map[string]tfcore.Values{
				userSigType:       userSigValues(tfcore.Values{"sdk_secret_key": nil}),
				privateMapKeyType: privateMapKeyValues(tfcore.Values{"sdk_secret_key": ""}),
			} {
				if diags := server.validate(t, typeName, config); len(diags) > 0 {
					t.Errorf("%s: validation says: %s", typeName, diags)
				}
				_, diags := server.open(t, typeName, config)
				acctest.ExpectError(t, diags, "sdk_secret_key", test.mention...)
				if len(diags.Mentioning(otherKey)) > 0 {
					t.Errorf("%s: %s quotes the key", typeName, diags)
				}
			}
		})
	}
}

// TestEphemeralUnknown checks that unknown values are valid.
func TestEphemeralUnknown(t *testing.T) {
	t.Parallel()
	server := newEphemeralServer(t, acctest.NewWorld(t))
	for typeName, config := range map[string]tfcore.Values{
		userSigType:       userSigValues(nil),
		privateMapKeyType: privateMapKeyValues(tfcore.Values{"room_id_type": 1, "privileges": []string{"send_audio"}}),
	} {
		for name := range config.With(tfcore.Values{"expires_in": 60}) {
			if diags := server.validate(t, typeName, config.With(tfcore.Values{name: tfcore.Unknown})); len(diags) > 0 {
				t.Errorf("%s with unknown %s: diags %s", typeName, name, diags)
			}
		}
	}
	stringRoom := privateMapKeyValues(tfcore.Values{"room_id": "lobby", "room_id_type": tfcore.Unknown})
	if diags := server.validate(t, privateMapKeyType, stringRoom); len(diags) > 0 {
		t.Errorf("a room of unknown type: diags %s", diags)
	}
}
