package trtcmock

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

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
			if _, err := decodeUserbuf(base64.StdEncoding.EncodeToString([]byte(raw))); !errors.Is(err, errUserbufForm) {
				t.Errorf("error %v, want %v", err, errUserbufForm)
			}
		})
	}
	if _, err := decodeUserbuf("***"); !errors.Is(err, errUserbufForm) {
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
			b := newBench(t, test.change)
			b.wantCode(b.call("StartStreamIngest", start), test.want)
		})
	}
}
