package trtcmock

import (
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"testing"
	"time"
)

// officialTicket is one made by the vendor's own library.
type officialTicket struct {
	Kind          string  `json:"kind"`
	SdkAppID      uint64  `json:"sdk_app_id"`
	SdkSecretKey  string  `json:"sdk_secret_key"`
	UserID        string  `json:"user_id"`
	ExpireSeconds int64   `json:"expire_seconds"`
	RoomIDInt     *uint32 `json:"room_id_int"`
	RoomIDString  string  `json:"room_id_string"`
	Privileges    uint32  `json:"privilege_map"`
	Token         string  `json:"token"`
}

func officialTickets(t *testing.T) []officialTicket {
	t.Helper()
	text, err := os.ReadFile("testdata/tickets.json")
	if err != nil {
		t.Fatal(err)
	}
	var tickets []officialTicket
	if err := json.Unmarshal(text, &tickets); err != nil || len(tickets) != 24 {
		t.Fatalf("%d tickets, error %v", len(tickets), err)
	}
	return tickets
}

// entering returns the parameters of a Start that the ticket admits.
func (o officialTicket) entering() map[string]any {
	changes := map[string]any{"SdkAppId": o.SdkAppID, "UserId": o.UserID, "UserSig": o.Token}
	if o.Kind == "private_map_key" {
		changes["PrivateMapKey"], changes["UserSig"] = o.Token, "unused"
		changes["RoomId"], changes["RoomIdType"] = o.RoomIDString, 0
		if o.RoomIDInt != nil {
			changes["RoomId"], changes["RoomIdType"] = strconv.FormatUint(uint64(*o.RoomIDInt), 10), 1
		}
	}
	return startParametersWith(changes)
}

// check verifies the ticket alone: no official pair of both kinds exists for
// one user.
func (o officialTicket) check(t *testing.T, change func(map[string]any), key string, at time.Time) string {
	t.Helper()
	b := newBench(t, func(opt *Options) { opt.AppKeys = map[uint64]string{o.SdkAppID: key} })
	parameters := o.entering()
	if change != nil {
		change(parameters)
	}
	body, err := json.Marshal(parameters)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parseParameters(body, startParameters(internationalSite()), codeBodyParams)
	if err != nil {
		t.Fatal(err)
	}
	if err = b.checkUserSig(parsed, at); o.Kind == "private_map_key" {
		err = b.checkPrivateMapKey(parsed, at)
	}
	if err != nil {
		return asRefusal(err).code
	}
	return ""
}

func (o officialTicket) refusal() string {
	if o.Kind == "user_sig" {
		return codeInvalidUserSig
	}
	return codeInvalidParameter
}

func TestOfficialTickets(t *testing.T) {
	t.Parallel()
	set := func(name string, value any) func(map[string]any) {
		return func(parameters map[string]any) { parameters[name] = value }
	}
	for i, o := range officialTickets(t) {
		t.Run(strconv.Itoa(i)+" "+o.Kind, func(t *testing.T) {
			t.Parallel()
			lifetime := time.Duration(o.ExpireSeconds) * time.Second
			issued := testStart().Add(-time.Second)
			tests := []struct {
				name   string
				change func(map[string]any)
				key    string
				at     time.Time
				want   string
			}{
				{"as issued", nil, o.SdkSecretKey, testStart(), ""},
				{"last second", nil, o.SdkSecretKey, issued.Add(lifetime - time.Second), ""},
				{"expired", nil, o.SdkSecretKey, issued.Add(lifetime), o.refusal()},
				{"other key", nil, o.SdkSecretKey[1:] + "0", testStart(), o.refusal()},
				{"other user", set("UserId", "somebody"), o.SdkSecretKey, testStart(), o.refusal()},
			}
			for _, test := range tests {
				if got := o.check(t, test.change, test.key, test.at); got != test.want {
					t.Errorf("%s: %q, want %q", test.name, got, test.want)
				}
			}
		})
	}
}

func TestPrivateMapKeyRoom(t *testing.T) {
	t.Parallel()
	for i, o := range officialTickets(t) {
		if o.Kind != "private_map_key" {
			continue
		}
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			otherRoom := func(parameters map[string]any) { parameters["RoomId"] = "17" }
			if got := o.check(t, otherRoom, o.SdkSecretKey, testStart()); got != codeInvalidParameter {
				t.Errorf("other room: %q", got)
			}
			otherType := func(parameters map[string]any) {
				parameters["RoomIdType"] = map[bool]int{true: 0, false: 1}[o.RoomIDInt != nil]
			}
			if got := o.check(t, otherType, o.SdkSecretKey, testStart()); got != codeInvalidParameter {
				t.Errorf("other room type: %q", got)
			}
		})
	}
}

func TestTicketsOfTheOtherKind(t *testing.T) {
	t.Parallel()
	for i, o := range officialTickets(t) {
		want := map[bool]string{true: codeInvalidParameter, false: codeInvalidUserSig}[o.Kind == "user_sig"]
		o.Kind = map[bool]string{true: "private_map_key", false: "user_sig"}[o.Kind == "user_sig"]
		o.RoomIDString = "room"
		if got := o.check(t, nil, o.SdkSecretKey, testStart()); got != want {
			t.Errorf("%d used as %s: %q, want %q", i, o.Kind, got, want)
		}
	}
}

func TestUserbufFields(t *testing.T) {
	t.Parallel()
	for i, o := range officialTickets(t) {
		if o.Kind != "private_map_key" {
			continue
		}
		decoded, err := decodeTicket(o.Token)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		buffer, err := decodeUserbuf(decoded.Userbuf)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		expires := uint32(1795425568 + o.ExpireSeconds)
		if buffer.userID != o.UserID || buffer.privileges != o.Privileges || buffer.expires != expires {
			t.Errorf("%d: %+v does not have the fields of %+v", i, buffer, o)
		}
		roomIDType, roomID := uint64(roomIDTypeString), o.RoomIDString
		if o.RoomIDInt != nil {
			roomIDType, roomID = roomIDTypeInteger, strconv.FormatUint(uint64(*o.RoomIDInt), 10)
		}
		end := time.Unix(int64(expires), 0)
		if err := buffer.check(o.SdkAppID, o.UserID, roomIDType, roomID, end.Add(-1)); err != nil {
			t.Errorf("%d: %v before its end", i, err)
		}
		if err := buffer.check(o.SdkAppID, o.UserID, roomIDType, roomID, end); !errors.Is(err, errTicketExpired) {
			t.Errorf("%d: %v at its end", i, err)
		}
		if err := buffer.check(o.SdkAppID+1, o.UserID, roomIDType, roomID, testStart()); !errors.Is(err, errTicketApp) {
			t.Errorf("%d: %v for another app", i, err)
		}
	}
}
