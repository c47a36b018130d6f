package provider_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// ticket is a ticket of the world's application, user and room, except for what
// is set. It is a PrivateMapKey if roomKey is true.
type ticket struct {
	roomKey bool
	user    string
	// roomUser is the user in the userbuf of a PrivateMapKey; empty means user.
	roomUser   string
	sdkAppID   int64
	room       string
	stringRoom bool
	lifetime   time.Duration
}

// mint returns the ticket, issued at the time of the world's clock.
func (c ticket) mint(t testing.TB, world *acctest.World) string {
	t.Helper()
	user := tickets.UserSigClaims{SdkAppID: acctest.SdkAppID, UserID: acctest.UserID, Lifetime: 24 * time.Hour}
	if c.user != "" {
		user.UserID = c.user
	}
	if c.sdkAppID != 0 {
		user.SdkAppID = c.sdkAppID
	}
	if c.lifetime != 0 {
		user.Lifetime = c.lifetime
	}
	roomType, roomID := tickets.RoomIDTypeInt, "1001"
	if c.stringRoom {
		roomType = tickets.RoomIDTypeString
	}
	if c.room != "" {
		roomID = c.room
	}
	key, keyErr := tickets.NewKey(acctest.SdkSecretKey)
	room, roomErr := tickets.ParseRoom(roomType, roomID)
	token, err := tickets.MintUserSig(key, world.Clock.Now(), user)
	if c.roomKey {
		token, err = tickets.MintPrivateMapKey(key, world.Clock.Now(), tickets.PrivateMapKeyClaims{
			UserSigClaims: user, Room: room, Privileges: tickets.AllPrivileges,
		})
	}
	if keyErr != nil || roomErr != nil || err != nil {
		t.Fatal(keyErr, roomErr, err)
	}
	if c.roomUser != "" {
		other := c
		other.user, other.roomUser = c.roomUser, ""
		token = withUserBufOf(t, token, other.mint(t, world))
	}
	return token
}

// withUserBufOf returns the ticket with the userbuf of another one.
func withUserBufOf(t testing.TB, token, other string) string {
	t.Helper()
	encoding := base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-").WithPadding('_')
	document := func(token string) map[string]any {
		var content map[string]any
		packed, err := encoding.DecodeString(token)
		if err == nil {
			var reader io.Reader
			if reader, err = zlib.NewReader(bytes.NewReader(packed)); err == nil {
				err = json.NewDecoder(reader).Decode(&content)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	content := document(token)
	content["TLS.userbuf"] = document(other)["TLS.userbuf"]
	var packed bytes.Buffer
	writer := zlib.NewWriter(&packed)
	if err := errors.Join(json.NewEncoder(writer).Encode(content), writer.Close()); err != nil {
		t.Fatal(err)
	}
	return encoding.EncodeToString(packed.Bytes())
}

// wrongTicket is a ticket that is not valid for the task of the tests.
type wrongTicket struct {
	// argument is the argument without _wo, and rule is what its error mentions.
	argument, rule string
	ticket         ticket
	// cut is how many characters are missing at the end.
	cut int
	// expired is true for a ticket that matches but has expired.
	expired bool
}

// wrongTickets are the tickets that a plan refuses.
func wrongTickets() map[string]wrongTicket {
	const incomplete, wrongKind = "its end is missing", "must be a "
	return map[string]wrongTicket{
		"UserSig of another user":         {argument: "user_sig", rule: `user "robot-2" (user_id is "robot-1")`, ticket: ticket{user: "robot-2"}},
		"UserSig of another application":  {argument: "user_sig", rule: "application 1400000002 (sdk_app_id is 1400000001)", ticket: ticket{sdkAppID: otherSdkAppID}},
		"UserSig of another user and app": {argument: "user_sig", rule: "and application 1400000002", ticket: ticket{user: "robot-2", sdkAppID: otherSdkAppID}},
		"UserSig, expired":                {argument: "user_sig", rule: "expired at 2026-03-01T13:00:00Z", ticket: ticket{lifetime: time.Hour}, expired: true},
		"UserSig, one character short":    {argument: "user_sig", rule: incomplete, cut: 1},
		"UserSig, half":                   {argument: "user_sig", rule: incomplete, cut: 100},
		"PrivateMapKey given as UserSig":  {argument: "user_sig", rule: wrongKind + "UserSig", ticket: ticket{roomKey: true}},
		"PrivateMapKey of another user":   {argument: "private_map_key", rule: `user "robot-2" (user_id is "robot-1")`, ticket: ticket{roomKey: true, user: "robot-2"}},
		"PrivateMapKey of another app":    {argument: "private_map_key", rule: "application 1400000002", ticket: ticket{roomKey: true, sdkAppID: otherSdkAppID}},
		"PrivateMapKey, userbuf of another user": {
			argument: "private_map_key", rule: `issued for user "robot-2" (user_id is "robot-1")`, ticket: ticket{roomKey: true, roomUser: "robot-2"},
		},
		"PrivateMapKey of another room":  {argument: "private_map_key", rule: "integer room 1002 (", ticket: ticket{roomKey: true, room: "1002"}},
		"PrivateMapKey of a string room": {argument: "private_map_key", rule: `string room "1001" (`, ticket: ticket{roomKey: true, stringRoom: true}},
		"PrivateMapKey, expired":         {argument: "private_map_key", rule: "expired at 2026-03-01T13:00:00Z", ticket: ticket{roomKey: true, lifetime: time.Hour}, expired: true},
		"PrivateMapKey, half":            {argument: "private_map_key", rule: incomplete, ticket: ticket{roomKey: true}, cut: 100},
		"UserSig given as PrivateMapKey": {argument: "private_map_key", rule: wrongKind + "PrivateMapKey"},
	}
}

// token mints the ticket, then cuts it or lets it expire.
func (w wrongTicket) token(t testing.TB, world *acctest.World) string {
	t.Helper()
	token := w.ticket.mint(t, world)
	if w.expired {
		world.Clock.Advance(w.ticket.lifetime)
	}
	return token[:len(token)-w.cut]
}

// values are the arguments of a task with the wrong ticket in the argument or
// its write-only alternative. The latter ends as a file does.
func (w wrongTicket) values(t testing.TB, world *acctest.World, suffix string) tfcore.Values {
	t.Helper()
	token := w.token(t, world)
	if suffix != "" {
		token += "\r\n"
	}
	return world.Values(t, tfcore.Values{w.argument: nil}).With(tfcore.Values{w.argument + suffix: token})
}
