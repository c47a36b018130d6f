package tickets

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// vector is one ticket that the official library made.
type vector struct {
	Kind          Kind       `json:"-"`
	KindText      string     `json:"kind"`
	SdkAppID      uint64     `json:"sdk_app_id"`
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

func (v vector) issuedAt() time.Time { return time.Unix(v.IssuedAtUnix, 0).UTC() }

func (v vector) key(tb testing.TB) Key {
	tb.Helper()
	return mustKey(tb, v.SDKSecretKey)
}

func (v vector) room(tb testing.TB) Room {
	tb.Helper()
	if v.RoomIDString != "" {
		return must(StringRoom(v.RoomIDString))(tb)
	}
	return must(IntRoom(v.RoomIDInt))(tb)
}

// mint makes the vector's ticket with this package.
func (v vector) mint(tb testing.TB) string {
	tb.Helper()
	lifetime := time.Duration(v.ExpireSeconds) * time.Second
	if v.Kind == KindUserSig {
		return must(MintUserSig(v.key(tb), v.issuedAt(), UserSigClaims{
			SdkAppID: v.SdkAppID, UserID: v.UserID, Lifetime: lifetime,
		}))(tb)
	}
	return must(MintPrivateMapKey(v.key(tb), v.issuedAt(), PrivateMapKeyClaims{
		SdkAppID: v.SdkAppID, UserID: v.UserID, Lifetime: lifetime,
		Room: v.room(tb), Privileges: v.PrivilegeMap,
	}))(tb)
}

func loadVectors(tb testing.TB) []vector {
	tb.Helper()
	content, err := os.ReadFile("testdata/tickets.json")
	if err != nil {
		tb.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(content, &vectors); err != nil {
		tb.Fatal(err)
	}
	if len(vectors) != 24 {
		tb.Fatalf("testdata holds %d vectors, want 24", len(vectors))
	}
	kinds := map[string]Kind{"user_sig": KindUserSig, "private_map_key": KindPrivateMapKey}
	for i, v := range vectors {
		kind, ok := kinds[v.KindText]
		if !ok {
			tb.Fatalf("vector %d is of unknown kind %q", i, v.KindText)
		}
		vectors[i].Kind = kind
	}
	return vectors
}

func TestOfficialTicketsAreRead(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t) {
		t.Run(v.UserID, func(t *testing.T) {
			t.Parallel()
			checkTicket(t, v, v.Token)
		})
	}
}

func TestMintedTicketsSayWhatOfficialOnesSay(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t) {
		t.Run(v.UserID, func(t *testing.T) {
			t.Parallel()
			checkTicket(t, v, v.mint(t))
		})
	}
}

// checkTicket verifies token and compares everything in it with the vector.
func checkTicket(t *testing.T, v vector, token string) {
	t.Helper()
	got, err := Verify(v.key(t), v.issuedAt(), token)
	if err != nil {
		t.Fatalf("Verify: %v", err)
	}
	lifetime := time.Duration(v.ExpireSeconds) * time.Second
	want := Ticket{
		Kind: v.Kind, Version: "2.0", SdkAppID: v.SdkAppID, UserID: v.UserID,
		IssuedAt: v.issuedAt(), Lifetime: lifetime, ExpiresAt: v.issuedAt().Add(lifetime),
		UserBuf: got.UserBuf,
	}
	if got != want {
		t.Errorf("ticket\n got %+v\nwant %+v", got, want)
	}
	checkUserBuf(t, v, got.UserBuf)
	checkPayload(t, v, token)
}

func checkUserBuf(t *testing.T, v vector, got *UserBuf) {
	t.Helper()
	if v.Kind == KindUserSig {
		if got != nil {
			t.Errorf("a UserSig has a userbuf: %+v", *got)
		}
		return
	}
	want := UserBuf{
		SdkAppID: v.SdkAppID, UserID: v.UserID, Room: v.room(t),
		ExpiresAt:  v.issuedAt().Add(time.Duration(v.ExpireSeconds) * time.Second),
		Privileges: v.PrivilegeMap,
	}
	if got == nil || *got != want {
		t.Errorf("userbuf\n got %+v\nwant %+v", got, want)
	}
}

// checkPayload compares what the exported API does not show: the signature and
// the packed bytes of the userbuf.
func checkPayload(t *testing.T, v vector, token string) {
	t.Helper()
	p := must(decodePayload(must(decodeToken(token))(t)))(t)
	if p.Signature != v.SigBase64 {
		t.Errorf("TLS.sig is %s, want %s", p.Signature, v.SigBase64)
	}
	if v.Kind == KindUserSig {
		return
	}
	if p.UserBuf == nil || *p.UserBuf != v.UserBufBase64 {
		t.Fatalf("TLS.userbuf is %v, want %s", p.UserBuf, v.UserBufBase64)
	}
	packed := must(base64.StdEncoding.DecodeString(v.UserBufBase64))(t)
	if again := encodeUserBuf(must(decodeUserBuf(packed))(t)); !bytes.Equal(again, packed) {
		t.Errorf("userbuf packs to %x, want %x", again, packed)
	}
}
