package trtcmock

import (
	"bytes"
	"compress/zlib"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
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
	return startWith(changes)
}

// check verifies the ticket alone: the vectors have no pair of both kinds for
// one user.
func (o officialTicket) check(t *testing.T, change func(map[string]any), key string, at time.Time) error {
	t.Helper()
	s := newTestServer(t, func(opt *Options) { opt.AppKeys = map[uint64]string{o.SdkAppID: key} })
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
	return s.checkTicket(parsed, map[string]string{"user_sig": "UserSig", "private_map_key": "PrivateMapKey"}[o.Kind], at)
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
				want   error
			}{
				{"as issued", nil, o.SdkSecretKey, testStart(), nil},
				{"last second", nil, o.SdkSecretKey, issued.Add(lifetime - time.Second), nil},
				{"expired", nil, o.SdkSecretKey, issued.Add(lifetime), errTicketExpired},
				{"other key", nil, o.SdkSecretKey[1:] + "0", testStart(), errTicketSignature},
				{"line break", set(map[string]string{"user_sig": "UserSig", "private_map_key": "PrivateMapKey"}[o.Kind], o.Token+"\n"), o.SdkSecretKey, testStart(), errTicketForm},
				{"other user", set("UserId", "somebody"), o.SdkSecretKey, testStart(), errTicketUser},
			}
			for _, test := range tests {
				if got := o.check(t, test.change, test.key, test.at); !errors.Is(got, test.want) {
					t.Errorf("%s: %v, want %v", test.name, got, test.want)
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
			if got := o.check(t, otherRoom, o.SdkSecretKey, testStart()); !errors.Is(got, errTicketRoom) {
				t.Errorf("other room: %v", got)
			}
			if o.RoomIDInt == nil {
				return // The room is not a valid integer room.
			}
			otherType := func(parameters map[string]any) { parameters["RoomIdType"] = 0 }
			if got := o.check(t, otherType, o.SdkSecretKey, testStart()); !errors.Is(got, errTicketRoom) {
				t.Errorf("string room of the same name: %v", got)
			}
		})
	}
}

func TestTicketsOfTheOtherKind(t *testing.T) {
	t.Parallel()
	for i, o := range officialTickets(t) {
		o.Kind = map[bool]string{true: "private_map_key", false: "user_sig"}[o.Kind == "user_sig"]
		o.RoomIDString = "room"
		if got := o.check(t, nil, o.SdkSecretKey, testStart()); !errors.Is(got, errTicketForm) {
			t.Errorf("%d used as %s: %v", i, o.Kind, got)
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

// packTicket packs any text the way tickets are packed.
func packTicket(t *testing.T, text string) string {
	t.Helper()
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("+", "*", "/", "-", "=", "_").Replace(base64.StdEncoding.EncodeToString(packed.Bytes()))
}

func TestTicketForm(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]string{
		"no base64":       "%%%",
		"no zlib":         "AAAA",
		"no JSON":         packTicket(t, "ticket"),
		"no object":       packTicket(t, "null"),
		"other version":   packTicket(t, `{"TLS.ver":"1.0"}`),
		"fields as text":  packTicket(t, `{"TLS.ver":"2.0","TLS.sdkappid":"1"}`),
		"unpacks to much": packTicket(t, `{"TLS.ver":"2.0","x":"`+strings.Repeat("x", maxTicketBytes)+`"}`),
		"cut":             packTicket(t, `{"TLS.ver":"2.0","TLS.identifier":"somebody"}`)[:20],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := decodeTicket(token); !errors.Is(err, errTicketForm) {
				t.Errorf("error %v, want %v", err, errTicketForm)
			}
		})
	}
	if _, err := decodeTicket(packTicket(t, `{"TLS.ver":"2.0"}`)); err != nil {
		t.Errorf("the packing of this test is refused: %v", err)
	}
}

func TestUserbufForm(t *testing.T) {
	t.Parallel()
	whole := "\x00\x00\x01u" + strings.Repeat("\x00\x00\x00\x01", 4) + "\x00\x00\x00\x00"
	if _, err := decodeUserbuf(base64.StdEncoding.EncodeToString([]byte(whole))); err != nil {
		t.Fatalf("a well-formed userbuf is refused: %v", err)
	}
	for name, raw := range map[string]string{
		"empty":              "",
		"cut":                whole[:len(whole)-1],
		"trailing byte":      whole + "x",
		"unknown version":    "\x02" + whole[1:],
		"account type 1":     whole[:len(whole)-1] + "\x01",
		"string room absent": "\x01" + whole[1:],
		"length beyond end":  "\x00\xff\xff" + whole[3:],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := decodeUserbuf(base64.StdEncoding.EncodeToString([]byte(raw))); !errors.Is(err, errTicketUserbuf) {
				t.Errorf("error %v, want %v", err, errTicketUserbuf)
			}
		})
	}
	if _, err := decodeUserbuf("***"); !errors.Is(err, errTicketUserbuf) {
		t.Errorf("no base64: %v", err)
	}
}

func TestUserbufOpens(t *testing.T) {
	t.Parallel()
	integer, text := userbuf{version: 0, integer: 5}, userbuf{version: 1, room: "5"}
	for name, test := range map[string]struct {
		buffer     userbuf
		roomIDType uint64
		roomID     string
		want       bool
	}{
		"integer room":                   {integer, roomIDTypeInteger, "5", true},
		"other integer room":             {integer, roomIDTypeInteger, "6", false},
		"integer room as string room":    {integer, roomIDTypeString, "5", false},
		"string room":                    {text, roomIDTypeString, "5", true},
		"string room as integer room":    {text, roomIDTypeInteger, "5", false},
		"number in a string room's":      {userbuf{version: 1, integer: 5, room: "5"}, roomIDTypeString, "5", false},
		"number of a string room's":      {userbuf{version: 1, integer: 5, room: "5"}, roomIDTypeInteger, "5", false},
		"string room under version zero": {userbuf{version: 0, room: "5"}, roomIDTypeString, "5", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.buffer.opens(test.roomIDType, test.roomID); got != test.want {
				t.Errorf("opens: %v, want %v", got, test.want)
			}
		})
	}
}

func TestWhichAppKey(t *testing.T) {
	t.Parallel()
	official := officialTickets(t)[0]
	start := official.entering()
	for name, test := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"right key of this app":   {func(o *Options) { o.AppKeys = map[uint64]string{official.SdkAppID: official.SdkSecretKey} }, ""},
		"wrong key of this app":   {func(o *Options) { o.AppKeys = map[uint64]string{official.SdkAppID: "x"} }, codeInvalidUserSig},
		"right key of any app":    {func(o *Options) { o.AnyAppKey = official.SdkSecretKey }, ""},
		"wrong key of any app":    {func(o *Options) { o.AnyAppKey = "x" }, codeInvalidUserSig},
		"key of another app only": {func(o *Options) { o.AppKeys = map[uint64]string{1: "x"} }, ""},
		"app before any": {func(o *Options) {
			o.AppKeys, o.AnyAppKey = map[uint64]string{official.SdkAppID: official.SdkSecretKey}, "x"
		}, ""},
		"privileged app": {func(o *Options) { o.PrivilegedApps = map[uint64]bool{official.SdkAppID: true} }, codeMissingParameter},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, test.change)
			s.wantCode(s.call("StartStreamIngest", start), test.want)
		})
	}
}

// mintUserSig makes a UserSig the way the reference describes it.
func mintUserSig(t *testing.T, o officialTicket) string {
	t.Helper()
	const issued, expire = 1795425568, 60
	mac := hmac.New(sha256.New, []byte(o.SdkSecretKey))
	_, _ = fmt.Fprintf(mac, "TLS.identifier:%s\nTLS.sdkappid:%d\nTLS.time:%d\nTLS.expire:%d\n",
		o.UserID, o.SdkAppID, issued, expire)
	return packTicket(t, fmt.Sprintf(
		`{"TLS.ver":"2.0","TLS.identifier":%q,"TLS.sdkappid":%d,"TLS.expire":%d,"TLS.time":%d,"TLS.sig":%q}`,
		o.UserID, o.SdkAppID, expire, issued, base64.StdEncoding.EncodeToString(mac.Sum(nil))))
}

func TestStartWithBothTickets(t *testing.T) {
	t.Parallel()
	official := officialTickets(t)
	first := official[1] // a PrivateMapKey of an integer room
	start := changed(first.entering(), map[string]any{"UserSig": mintUserSig(t, first)})
	for name, test := range map[string]struct {
		changes map[string]any
		want    string
	}{
		"both right":                 {nil, ""},
		"no PrivateMapKey":           {map[string]any{"PrivateMapKey": nil}, codeMissingParameter},
		"PrivateMapKey of another":   {map[string]any{"PrivateMapKey": official[4].Token}, codeInvalidParameter},
		"PrivateMapKey is a UserSig": {map[string]any{"PrivateMapKey": start["UserSig"]}, codeInvalidParameter},
		"UserSig is a PrivateMapKey": {map[string]any{"UserSig": first.Token}, codeInvalidUserSig},
		"UserSig of another":         {map[string]any{"UserSig": official[0].Token}, codeInvalidUserSig},
		"other room":                 {map[string]any{"RoomId": "17"}, codeInvalidParameter},
		"other app":                  {map[string]any{"SdkAppId": first.SdkAppID + 1}, codeInvalidUserSig},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTestServer(t, func(o *Options) {
				o.AnyAppKey = first.SdkSecretKey
				o.PrivilegedApps = map[uint64]bool{first.SdkAppID: true}
			})
			s.wantCode(s.call("StartStreamIngest", changed(start, test.changes)), test.want)
		})
	}
}
