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
	parsed, err := parseParameters(body, startParameters(internationalSite()), "InvalidParameter.BodyParamsError")
	if err != nil {
		t.Fatal(err)
	}
	return s.checkTicket(parsed, map[string]string{"user_sig": "UserSig", "private_map_key": "PrivateMapKey"}[o.Kind], at)
}

func TestTicket_Official(t *testing.T) {
	t.Parallel()
	set := func(name string, value any) func(map[string]any) {
		return func(parameters map[string]any) { parameters[name] = value }
	}
	for i, o := range officialTickets(t) {
		t.Run(strconv.Itoa(i)+" "+o.Kind, func(t *testing.T) {
			t.Parallel()
			lifetime := time.Duration(o.ExpireSeconds) * time.Second
			issued := testStart().Add(-time.Second)
			type test struct {
				name   string
				change func(map[string]any)
				key    string
				at     time.Time
				want   error
			}
			tests := []test{
				{"as issued", nil, o.SdkSecretKey, testStart(), nil},
				{"last second", nil, o.SdkSecretKey, issued.Add(lifetime - time.Second), nil},
				{"expired", nil, o.SdkSecretKey, issued.Add(lifetime), errTicketExpired},
				{"other key", nil, o.SdkSecretKey[1:] + "0", testStart(), errTicketSignature},
				{"line break", set(map[string]string{"user_sig": "UserSig", "private_map_key": "PrivateMapKey"}[o.Kind], o.Token+"\n"), o.SdkSecretKey, testStart(), errTicketForm},
				{"other user", set("UserId", "somebody"), o.SdkSecretKey, testStart(), errTicketUser},
			}
			if o.Kind == "private_map_key" {
				tests = append(tests, test{"other room", set("RoomId", "17"), o.SdkSecretKey, testStart(), errTicketRoom})
			}
			if o.RoomIDInt != nil {
				tests = append(tests, test{"string room of the same name", set("RoomIdType", 0), o.SdkSecretKey, testStart(), errTicketRoom})
			}
			for _, test := range tests {
				if got := o.check(t, test.change, test.key, test.at); !errors.Is(got, test.want) {
					t.Errorf("%s: %v, want %v", test.name, got, test.want)
				}
			}
		})
	}
}

func TestTicket_OtherKind(t *testing.T) {
	t.Parallel()
	for i, o := range officialTickets(t) {
		o.Kind = map[bool]string{true: "private_map_key", false: "user_sig"}[o.Kind == "user_sig"]
		o.RoomIDString = "room"
		if got := o.check(t, nil, o.SdkSecretKey, testStart()); !errors.Is(got, errTicketForm) {
			t.Errorf("%d used as %s: %v", i, o.Kind, got)
		}
	}
}

// TestUserbuf_Check checks that a userbuf is for one user, app and room, and ends on its
// own.
func TestUserbuf_Check(t *testing.T) {
	t.Parallel()
	integer := userbuf{userID: "u", sdkAppID: 7, integer: 5, expires: 100}
	text := userbuf{version: 1, userID: "u", sdkAppID: 7, room: "5", expires: 100}
	number := text
	number.integer = 5
	for name, test := range map[string]struct {
		buffer     userbuf
		app        uint64
		user       string
		roomIDType uint64
		at         int64
		want       error
	}{
		"integer room":                {integer, 7, "u", roomIDTypeInteger, 99, nil},
		"string room":                 {text, 7, "u", roomIDTypeString, 99, nil},
		"expired":                     {integer, 7, "u", roomIDTypeInteger, 100, errTicketExpired},
		"other app":                   {integer, 8, "u", roomIDTypeInteger, 99, errTicketApp},
		"other user":                  {integer, 7, "v", roomIDTypeInteger, 99, errTicketUser},
		"integer room as string room": {integer, 7, "u", roomIDTypeString, 99, errTicketRoom},
		"string room as integer room": {text, 7, "u", roomIDTypeInteger, 99, errTicketRoom},
		"string room with a number":   {number, 7, "u", roomIDTypeString, 99, errTicketRoom},
	} {
		if err := test.buffer.check(test.app, test.user, test.roomIDType, "5", time.Unix(test.at, 0)); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
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

func TestTicket_Form(t *testing.T) {
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
		if _, err := decodeTicket(token); !errors.Is(err, errTicketForm) {
			t.Errorf("%s: error %v, want %v", name, err, errTicketForm)
		}
	}
	if _, err := decodeTicket(packTicket(t, `{"TLS.ver":"2.0"}`)); err != nil {
		t.Errorf("the packing of this test is refused: %v", err)
	}
}

func TestUserbuf_Form(t *testing.T) {
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
		if _, err := decodeUserbuf(base64.StdEncoding.EncodeToString([]byte(raw))); !errors.Is(err, errTicketUserbuf) {
			t.Errorf("%s: error %v, want %v", name, err, errTicketUserbuf)
		}
	}
	if _, err := decodeUserbuf("***"); !errors.Is(err, errTicketUserbuf) {
		t.Errorf("no base64: %v", err)
	}
}

func TestStart_AppKeys(t *testing.T) {
	t.Parallel()
	official := officialTickets(t)[0]
	start := official.entering()
	for name, test := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"right key of this app":   {func(o *Options) { o.AppKeys = map[uint64]string{official.SdkAppID: official.SdkSecretKey} }, ""},
		"wrong key of this app":   {func(o *Options) { o.AppKeys = map[uint64]string{official.SdkAppID: "x"} }, "InvalidParameter.UserSig"},
		"right key of any app":    {func(o *Options) { o.AnyAppKey = official.SdkSecretKey }, ""},
		"wrong key of any app":    {func(o *Options) { o.AnyAppKey = "x" }, "InvalidParameter.UserSig"},
		"key of another app only": {func(o *Options) { o.AppKeys = map[uint64]string{1: "x"} }, ""},
		"app before any": {func(o *Options) {
			o.AppKeys, o.AnyAppKey = map[uint64]string{official.SdkAppID: official.SdkSecretKey}, "x"
		}, ""},
		"privileged app": {func(o *Options) { o.PrivilegedApps = map[uint64]bool{official.SdkAppID: true} }, "MissingParameter"},
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

func TestStart_BothTickets(t *testing.T) {
	t.Parallel()
	official := officialTickets(t)
	first := official[1] // a PrivateMapKey of an integer room
	start := changed(first.entering(), map[string]any{"UserSig": mintUserSig(t, first)})
	for name, test := range map[string]struct {
		changes map[string]any
		want    string
	}{
		"both right":                 {nil, ""},
		"no PrivateMapKey":           {map[string]any{"PrivateMapKey": nil}, "MissingParameter"},
		"PrivateMapKey of another":   {map[string]any{"PrivateMapKey": official[4].Token}, "InvalidParameter"},
		"PrivateMapKey is a UserSig": {map[string]any{"PrivateMapKey": start["UserSig"]}, "InvalidParameter"},
		"UserSig is a PrivateMapKey": {map[string]any{"UserSig": first.Token}, "InvalidParameter.UserSig"},
		"UserSig of another":         {map[string]any{"UserSig": official[0].Token}, "InvalidParameter.UserSig"},
		"other room":                 {map[string]any{"RoomId": "17"}, "InvalidParameter"},
		"other app":                  {map[string]any{"SdkAppId": first.SdkAppID + 1}, "InvalidParameter.UserSig"},
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
