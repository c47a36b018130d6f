package tickets

import (
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

// vector is one ticket that the official library made.
type vector struct {
	Kind          string     `json:"kind"`
	SdkAppID      int64      `json:"sdk_app_id"`
	SDKSecretKey  string     `json:"sdk_secret_key"`
	UserID        string     `json:"user_id"`
	ExpireSeconds int64      `json:"expire_seconds"`
	IssuedAtUnix  int64      `json:"issued_at_unix"`
	RoomIDInt     uint32     `json:"room_id_int"`
	RoomIDString  string     `json:"room_id_string"`
	PrivilegeMap  Privileges `json:"privilege_map"`
	UserBufBase64 string     `json:"userbuf_base64"`
	SigBase64     string     `json:"sig_base64"`
	Token         string     `json:"token"`
}

func loadVectors(t testing.TB) []vector {
	t.Helper()
	var vectors []vector
	must(0, json.Unmarshal(must(os.ReadFile("testdata/tickets.json"))(t), &vectors))(t)
	if len(vectors) != 24 {
		t.Fatal("testdata does not hold 24 vectors")
	}
	return vectors
}

// ticket returns the content of the vector's token.
func (v vector) ticket() Ticket {
	issued := time.Unix(v.IssuedAtUnix, 0).UTC()
	ticket := Ticket{
		Kind: KindUserSig, SdkAppID: v.SdkAppID, UserID: v.UserID,
		IssuedAt: issued, ExpiresAt: issued.Add(time.Duration(v.ExpireSeconds) * time.Second),
	}
	if v.Kind == "private_map_key" {
		ticket.Kind, ticket.Privileges = KindPrivateMapKey, v.PrivilegeMap
		ticket.RoomUserID, ticket.RoomSdkAppID = v.UserID, v.SdkAppID
		ticket.Room = Room{number: v.RoomIDInt, name: v.RoomIDString}
	}
	return ticket
}

// mint makes the vector's ticket with this package.
func (v vector) mint(t testing.TB) string {
	t.Helper()
	key, issued := must(NewKey(v.SDKSecretKey))(t), time.Unix(v.IssuedAtUnix, 0)
	user := UserSigClaims{SdkAppID: v.SdkAppID, UserID: v.UserID, Lifetime: v.ExpireSeconds}
	if v.Kind == "user_sig" {
		return must(MintUserSig(key, issued, user))(t)
	}
	return must(MintPrivateMapKey(key, issued, PrivateMapKeyClaims{
		UserSigClaims: user, Room: v.ticket().Room, Privileges: v.PrivilegeMap,
	}))(t)
}

// TestOfficialVectors compares the official tickets, and the same tickets
// minted here, with the claims that they were made from.
func TestOfficialVectors(t *testing.T) {
	t.Parallel()
	for i, v := range loadVectors(t) {
		t.Run(strconv.Itoa(i)+" "+v.Kind, func(t *testing.T) {
			t.Parallel()
			for origin, token := range map[string]string{"official": v.Token, "minted": v.mint(t)} {
				ticket, err := Decode(token)
				if err != nil || ticket != v.ticket() {
					t.Fatalf("%s: ticket\n got %+v, %v\nwant %+v", origin, ticket, err, v.ticket())
				}
				var signed document
				must(0, json.Unmarshal(must(decompress(token))(t), &signed))(t)
				if signed.Signature != v.SigBase64 {
					t.Errorf("%s: TLS.sig is %s, want %s", origin, signed.Signature, v.SigBase64)
				}
				packed := ""
				if signed.UserBuf != nil {
					packed = *signed.UserBuf
				}
				if packed != v.UserBufBase64 {
					t.Errorf("%s: TLS.userbuf is %s, want %s", origin, packed, v.UserBufBase64)
				}
				// A decoded ticket may be logged: it holds nothing that signs.
				if shown := fmt.Sprintf("%+v %#v", ticket, ticket); strings.Contains(shown, v.SigBase64) {
					t.Errorf("%s: the ticket shows its signature: %s", origin, shown)
				}
			}
		})
	}
}

func TestDecode_TruncatedToken(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t) {
		for _, token := range []string{v.Token, v.mint(t)} {
			for length := range len(token) {
				want := ReasonTruncated
				if length < 4 {
					want = ReasonCompression
				}
				_, err := Decode(token[:length])
				expectReason(t, err, want)
			}
		}
	}
}

func TestDecode_TokenWithMore(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t)[:2] {
		for _, token := range []string{v.Token, v.mint(t)} {
			compressed := must(tokenEncoding().DecodeString(token))(t)
			for changed, want := range map[string]Reason{
				token + "\r\n\r\n":           ReasonText, // a whole group
				token[:8] + "\r" + token[8:]: ReasonText,
				" " + token:                  ReasonText,
				base64.StdEncoding.EncodeToString(append([]byte{0xff, 0xff, 0xff}, compressed...)): ReasonText,
				tokenEncoding().EncodeToString(append(compressed, 0)):                              ReasonCompression,
				tokenEncoding().EncodeToString(append(compressed, compressed...)):                  ReasonCompression,
			} {
				_, err := Decode(changed)
				expectReason(t, err, want)
				if err != nil && strings.Contains(err.Error(), token[4:16]) {
					t.Errorf("the error quotes the token: %v", err)
				}
			}
		}
	}
}

// FuzzDecodeDocument skips the compression, whose checksum keeps a fuzzer out.
func FuzzDecodeDocument(f *testing.F) {
	for _, v := range loadVectors(f) {
		f.Add(must(decompress(v.Token))(f))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		ticket, err := decodeDocument(text)
		if err != nil {
			var undecodable *DecodeError
			if !errors.As(err, &undecodable) || ticket != (Ticket{}) {
				t.Errorf("error is %v with %+v, want a DecodeError alone", err, ticket)
			}
			return
		}
		if ticket.UserID == "" || ticket.SdkAppID == 0 || ticket.IssuedAt.Unix() < 1 ||
			(ticket.Kind == KindPrivateMapKey) != (ticket.Room != Room{}) {
			t.Errorf("ticket %+v", ticket)
		}
	})
}
