package provider_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

const lifetimeRule = "must be a whole number of seconds from 60 to 15552000"

// privateMapKeyValues returns the arguments of a trtc_private_map_key for
// integer room 1001, with changes.
func privateMapKeyValues(changes tfcore.Values) tfcore.Values {
	return userSigValues(tfcore.Values{"room_id": "1001"}).With(changes)
}

func TestPrivateMapKeyEphemeral(t *testing.T) {
	t.Parallel()
	room := func(idType int64, id string) tickets.Room {
		parsed, err := tickets.ParseRoom(idType, id)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	audio := tickets.PrivilegeEnterRoom | tickets.PrivilegeSendAudio
	for name, test := range map[string]struct {
		change     tfcore.Values
		room       tickets.Room
		roomIDType int
		privileges tickets.Privileges
		lifetime   time.Duration
	}{
		"defaults":      {nil, room(1, "1001"), 1, tickets.AllPrivileges, week},
		"integer room":  {tfcore.Values{"room_id": "4294967295", "room_id_type": 1}, room(1, "4294967295"), 1, tickets.AllPrivileges, week},
		"string room":   {tfcore.Values{"room_id": "main hall", "room_id_type": 0}, room(0, "main hall"), 0, tickets.AllPrivileges, week},
		"digits string": {tfcore.Values{"room_id_type": 0}, room(0, "1001"), 0, tickets.AllPrivileges, week},
		"privileges":    {tfcore.Values{"privileges": []string{"send_audio", "enter_room"}}, room(1, "1001"), 1, audio, week},
		"an hour":       {tfcore.Values{"expires_in": 3600}, room(1, "1001"), 1, tickets.AllPrivileges, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			world.Clock.Advance(500 * time.Millisecond)
			config := privateMapKeyValues(test.change)
			result := newEphemeralServer(t, world).opened(t, privateMapKeyType, config)

			token, _ := result["private_map_key"].(string)
			ticket, err := verify(keyOf(t, acctest.SdkSecretKey), token)
			if err != nil {
				t.Fatal(err)
			}
			issued := world.Clock.Now().Truncate(time.Second)
			expires := issued.Add(test.lifetime)
			want := tickets.Ticket{
				Kind: tickets.KindPrivateMapKey, SdkAppID: acctest.SdkAppID, UserID: acctest.UserID,
				RoomSdkAppID: acctest.SdkAppID, RoomUserID: acctest.UserID,
				IssuedAt: issued, ExpiresAt: expires, Room: test.room, Privileges: test.privileges,
			}
			if diff := cmp.Diff(want, ticket, cmp.AllowUnexported(tickets.Room{})); diff != "" {
				t.Errorf("ticket (-want +got):\n%s", diff)
			}
			rest := tfcore.Values{"privileges": tickets.PrivilegeNames()}.With(config).With(tfcore.Values{
				"room_id_type": test.roomIDType, "private_map_key": token,
				"expires_in": int(test.lifetime.Seconds()), "expires_at": expires.Format(time.RFC3339),
			})
			if diff := cmp.Diff(rest, result, cmpopts.SortSlices(strings.Compare)); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			world.ExpectJournal(t)
		})
	}
}

func TestPrivateMapKeyEphemeralRefused(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	server := newEphemeralServer(t, world)
	for name, test := range map[string]refusedTicket{
		"integer room lobby":      {tfcore.Values{"room_id": "lobby"}, "room_id", integerRoomRule},
		"integer room 0":          {tfcore.Values{"room_id": "0"}, "room_id", integerRoomRule},
		"integer room 007":        {tfcore.Values{"room_id": "007", "room_id_type": 1}, "room_id", integerRoomRule},
		"integer room 4294967296": {tfcore.Values{"room_id": "4294967296"}, "room_id", integerRoomRule},
		"string room empty":       {tfcore.Values{"room_id": "", "room_id_type": 0}, "room_id", stringRoomRule},
		"string room of 65 bytes": {tfcore.Values{"room_id": strings.Repeat("a", 65), "room_id_type": 0}, "room_id", stringRoomRule},
		"string room, slash":      {tfcore.Values{"room_id": "a/b", "room_id_type": 0}, "room_id", stringRoomRule},
		"room_id_type 2":          {tfcore.Values{"room_id_type": 2}, "room_id_type", "0"},
		"no privileges":           {tfcore.Values{"privileges": []string{}}, "privileges", "at least"},
		"unknown privilege":       {tfcore.Values{"privileges": []string{"enter_room", "fly"}}, "privileges", "send_audio"},
		"expires_in 59":           {tfcore.Values{"expires_in": 59}, "expires_in", lifetimeRule},
		"user_id empty":           {tfcore.Values{"user_id": ""}, "user_id", userIDRule},
		"sdk_app_id -1":           {tfcore.Values{"sdk_app_id": -1}, "sdk_app_id", "1"},
		"key too short":           {tfcore.Values{"sdk_secret_key": acctest.SdkSecretKey[1:]}, "sdk_secret_key", "63 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.check(t, server, privateMapKeyType, privateMapKeyValues(test.change))
			world.ExpectJournal(t)
		})
	}
}

// TestEphemeralReportsEveryError checks that all errors are reported at once, also
// when they are known only when the resource is opened.
func TestEphemeralReportsEveryError(t *testing.T) {
	t.Parallel()
	server := newEphemeralServer(t, acctest.NewWorld(t))
	user := tfcore.Values{"sdk_app_id": 0, "user_id": "", "sdk_secret_key": "short", "expires_in": 1}
	for typeName, config := range map[string]tfcore.Values{
		userSigType:       user,
		privateMapKeyType: user.With(tfcore.Values{"room_id": "lobby", "privileges": []string{"fly"}}),
	} {
		_, diags := server.open(t, typeName, config)
		var on []string
		for _, one := range diags.Errors() {
			on = append(on, one.Attribute)
		}
		slices.Sort(on)
		if want := slices.Sorted(maps.Keys(config)); !slices.Equal(on, want) {
			t.Errorf("%s: errors on %v, want one on each of %v; diagnostics: %s", typeName, on, want, diags)
		}
	}
}

// TestEphemeralClockFarOff checks the limit of a ticket's times, which have
// four bytes.
func TestEphemeralClockFarOff(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	world.Clock.Advance(100 * 365 * 24 * time.Hour)
	server := newEphemeralServer(t, world)
	for typeName, config := range map[string]tfcore.Values{userSigType: userSigValues(nil), privateMapKeyType: privateMapKeyValues(nil)} {
		_, diags := server.open(t, typeName, config)
		acctest.ExpectError(t, diags, "", "could not be minted", "2106-02-07T06:28:15Z")
	}
}
