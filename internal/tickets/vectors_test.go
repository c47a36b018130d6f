package tickets

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
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

func loadVectors(t failer) []vector {
	t.Helper()
	var vectors []vector
	must(0, json.Unmarshal(must(os.ReadFile("testdata/tickets.json"))(t), &vectors))(t)
	if len(vectors) != 24 {
		t.Fatal("testdata does not hold 24 vectors")
	}
	return vectors
}

var errSignature = errors.New("the signature of the ticket does not match the key")

// verify is Decode followed by a check that key signed the ticket.
func verify(key Key, token string) (Ticket, error) {
	ticket, err := Decode(token)
	if err != nil {
		return Ticket{}, err
	}
	text, err := decompress(token)
	var signed document
	if err = errors.Join(err, json.Unmarshal(text, &signed)); err != nil {
		return Ticket{}, err
	}
	if want, err := signed.sign(key); err != nil || signed.Signature != want {
		return Ticket{}, errors.Join(err, errSignature)
	}
	return ticket, nil
}

func (v vector) key(t failer) Key {
	t.Helper()
	return must(NewKey(v.SDKSecretKey))(t)
}

// ticket is what the vector's token must be decoded to.
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
func (v vector) mint(t failer) string {
	t.Helper()
	return mintTicket(t, v.key(t), v.ticket())
}

func mintTicket(t failer, key Key, ticket Ticket) string {
	t.Helper()
	user := UserSigClaims{SdkAppID: ticket.SdkAppID, UserID: ticket.UserID, Lifetime: ticket.ExpiresAt.Sub(ticket.IssuedAt)}
	if ticket.Kind == KindUserSig {
		return must(MintUserSig(key, ticket.IssuedAt, user))(t)
	}
	return must(MintPrivateMapKey(key, ticket.IssuedAt, PrivateMapKeyClaims{
		UserSigClaims: user, Room: ticket.Room, Privileges: ticket.Privileges,
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
				if got, err := verify(v.key(t), token); err != nil || got != ticket {
					t.Errorf("%s: verified as %+v, %v", origin, got, err)
				}
				if _, err := verify(keyOf(t, "a"), token); !errors.Is(err, errSignature) {
					t.Errorf("%s: another key: error is %v, want errSignature", origin, err)
				}
			}
		})
	}
}

func TestCutTokens(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t) {
		for _, token := range []string{v.Token, v.mint(t)} {
			for length := range len(token) {
				_, err := Decode(token[:length])
				if length < 4 {
					expectReason(t, err, ReasonCompression)
				} else {
					expectReason(t, err, ReasonTruncated)
				}
			}
		}
	}
}

func TestTokensWithMoreAroundThem(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t) {
		for _, token := range []string{v.Token, v.mint(t)} {
			compressed := must(tokenEncoding().DecodeString(token))(t)
			for name, c := range map[string]struct {
				token  string
				reason Reason
			}{
				"newline at the end":       {token + "\n", ReasonText},
				"newlines at the end":      {token + "\r\n\r\n", ReasonText},
				"carriage return inside":   {token[:8] + "\r" + token[8:], ReasonText},
				"space before":             {" " + token, ReasonText},
				"standard base64":          {base64.StdEncoding.EncodeToString(append([]byte{0xff, 0xff, 0xff}, compressed...)), ReasonText},
				"bytes after the stream":   {tokenEncoding().EncodeToString(append(compressed, 0)), ReasonCompression},
				"a stream after the first": {tokenEncoding().EncodeToString(append(compressed, compressed...)), ReasonCompression},
			} {
				_, err := Decode(c.token)
				expectReason(t, err, c.reason)
				if err == nil || strings.Contains(err.Error(), token[4:16]) {
					t.Errorf("%s: error %v", name, err)
				}
			}
		}
	}
}

// TestNoChangedCharacterChangesATicket: a changed token is refused or has
// exactly the same content. The second happens for the few bits of a zlib
// stream that mean nothing, such as the padding before a stored block: the
// claims are signed, their compressed form is not.
func TestNoChangedCharacterChangesATicket(t *testing.T) {
	t.Parallel()
	// The level in the header, and the padding before a stored block and at the
	// end of the stream, spread over two characters each at most, each of which
	// is changed twice.
	const mostMeaningless = 3 * 2 * 2
	for i, v := range loadVectors(t) {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			for _, token := range []string{v.Token, v.mint(t)} {
				same := 0
				for at := range len(token) {
					for _, flip := range []byte{0x01, 0x20} {
						got, err := verify(v.key(t), token[:at]+string([]byte{token[at] ^ flip})+token[at+1:])
						if err != nil {
							continue
						}
						same++
						if got != v.ticket() {
							t.Fatalf("byte %d xor %#x: accepted as %+v", at, flip, got)
						}
					}
				}
				if same > mostMeaningless {
					t.Errorf("%d changed tokens were accepted, more than padding explains", same)
				}
			}
		})
	}
}

// TestNoChangedByteOfTheDocumentChangesATicket is the same for the document,
// where no checksum helps: every changed claim must break the signature.
func TestNoChangedByteOfTheDocumentChangesATicket(t *testing.T) {
	t.Parallel()
	vectors := loadVectors(t)
	rapid.Check(t, func(r *rapid.T) {
		v := rapid.SampledFrom(vectors).Draw(r, "vector")
		text := must(decompress(v.Token))(t)
		at := rapid.IntRange(0, len(text)-1).Draw(r, "at")
		text[at] ^= rapid.ByteRange(1, 255).Draw(r, "flip")
		if got, err := verify(v.key(t), pack(r, text)); err == nil && got != v.ticket() {
			r.Fatalf("byte %d changed: accepted as %+v", at, got)
		}
	})
}

// TestSignatureMustBeExact refuses other spellings of a signature.
func TestSignatureMustBeExact(t *testing.T) {
	t.Parallel()
	d := newDocument(noon(), userSigClaims())
	signature := must(d.sign(keyOf(t, "a")))(t)
	sum := must(base64.StdEncoding.DecodeString(signature))(t)
	for name, changed := range map[string]string{
		"missing":     "",
		"line break":  signature[:4] + "\n" + signature[4:],
		"no padding":  strings.TrimRight(signature, "="),
		"shortened":   base64.StdEncoding.EncodeToString(sum[:31]),
		"prolonged":   base64.StdEncoding.EncodeToString(append(sum, 0)),
		"another one": base64.StdEncoding.EncodeToString(make([]byte, 32)),
	} {
		d.Signature = changed
		if _, err := verify(keyOf(t, "a"), documentToken(t, d)); !errors.Is(err, errSignature) {
			t.Errorf("%s: error is %v, want errSignature", name, err)
		}
	}
}

// documentToken makes a token of a document as it is.
func documentToken(t failer, d document) string {
	t.Helper()
	return pack(t, must(json.Marshal(d))(t))
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		issued := time.Unix(rapid.Int64Range(1, math.MaxUint32-15552000).Draw(r, "issued"), 0).UTC()
		want := Ticket{
			Kind:     rapid.SampledFrom([]Kind{KindUserSig, KindPrivateMapKey}).Draw(r, "kind"),
			SdkAppID: rapid.Int64Range(1, math.MaxUint32).Draw(r, "application"),
			UserID:   rapid.StringMatching(`[a-zA-Z0-9_-]{1,32}`).Draw(r, "user"),
			IssuedAt: issued, ExpiresAt: issued.Add(time.Duration(rapid.Int64Range(60, 15552000).Draw(r, "lifetime")) * time.Second),
		}
		if want.Kind == KindPrivateMapKey {
			want.RoomUserID, want.RoomSdkAppID = want.UserID, want.SdkAppID
			want.Room, want.Privileges = drawRoom(r), Privileges(rapid.Uint32Range(1, 255).Draw(r, "privileges"))
		}
		keys := rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9a-f]{64}`), 2, 2, rapid.ID[string]).Draw(r, "keys")
		token := mintTicket(r, must(NewKey(keys[0]))(r), want)
		if got, err := verify(must(NewKey(keys[0]))(r), token); err != nil || got != want {
			r.Fatalf("got %+v, %v, want %+v", got, err, want)
		}
		if _, err := verify(must(NewKey(keys[1]))(r), token); !errors.Is(err, errSignature) {
			r.Fatalf("another key: error is %v, want errSignature", err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, v := range loadVectors(f) {
		f.Add(v.Token)
		f.Add(v.mint(f))
	}
	f.Fuzz(func(t *testing.T, token string) {
		ticket, err := Decode(token)
		expectSound(t, ticket, err)
		if _, verified := verify(keyOf(t, "f"), token); verified == nil {
			t.Error("a key that signed nothing verifies the ticket")
		}
	})
}

// FuzzDocument skips the compression, whose checksum keeps a fuzzer out.
func FuzzDocument(f *testing.F) {
	for _, v := range loadVectors(f) {
		f.Add(must(decompress(v.Token))(f))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		ticket, err := decodeDocument(text)
		expectSound(t, ticket, err)
	})
}

// expectSound fails when the result of a decoding breaks a promise.
func expectSound(t *testing.T, ticket Ticket, err error) {
	t.Helper()
	var undecodable *DecodeError
	if err != nil {
		if !errors.As(err, &undecodable) || ticket != (Ticket{}) {
			t.Errorf("error is %v with %+v, want a DecodeError alone", err, ticket)
		}
		return
	}
	if ticket.UserID == "" || ticket.SdkAppID == 0 || ticket.IssuedAt.Unix() < 1 ||
		(ticket.Kind == KindPrivateMapKey) != (ticket.Room != Room{}) {
		t.Errorf("ticket %+v", ticket)
	}
}
