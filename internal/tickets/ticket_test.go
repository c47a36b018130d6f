package tickets

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"
)

// noon is when the tickets of the tests are issued.
func noon() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) }

// must returns the value of a call that may not fail.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func userSigClaims() UserSigClaims {
	return UserSigClaims{SdkAppID: 1400000001, UserID: "robot-1", Lifetime: 3600}
}

func privateMapKeyClaims() PrivateMapKeyClaims {
	return PrivateMapKeyClaims{UserSigClaims: userSigClaims(), Room: Room{name: "lobby"}, Privileges: AllPrivileges}
}

// pack makes a token of any text, the way official libraries do.
func pack(t testing.TB, text []byte) string {
	t.Helper()
	return tokenEncoding().EncodeToString(compress(t, text))
}

// documentToken makes a token of a document as it is.
func documentToken(t testing.TB, d document) string {
	t.Helper()
	return pack(t, must(json.Marshal(d))(t))
}

func compress(t testing.TB, text []byte) []byte {
	t.Helper()
	var compressed bytes.Buffer
	writer := zlib.NewWriter(&compressed)
	must(writer.Write(text))(t)
	must(0, writer.Close())(t)
	return compressed.Bytes()
}

// expectReason fails unless err is a DecodeError for the reason.
func expectReason(t *testing.T, err error, reason Reason) {
	t.Helper()
	var undecodable *DecodeError
	if !errors.As(err, &undecodable) || undecodable.Reason != reason {
		t.Errorf("error is %v, want a DecodeError: %s", err, reason)
	}
}

// TestMint_WholeSeconds checks that tickets of one second are the same.
func TestMint_WholeSeconds(t *testing.T) {
	t.Parallel()
	key := keyOf(t, "a")
	first := must(MintPrivateMapKey(key, noon(), privateMapKeyClaims()))(t)
	sameSecond := noon().Add(time.Second - 1).In(time.FixedZone("east", 8*3600))
	if again := must(MintPrivateMapKey(key, sameSecond, privateMapKeyClaims()))(t); again != first {
		t.Error("the same second gives another PrivateMapKey")
	}
	if later := must(MintPrivateMapKey(key, noon().Add(time.Second), privateMapKeyClaims()))(t); later == first {
		t.Error("the next second gives the same PrivateMapKey")
	}
}

// TestMint_LongestTicket mints the largest ticket there is, and reads it with a
// zlib reader and a base64 alphabet other than the package's own code.
func TestMint_LongestTicket(t *testing.T) {
	t.Parallel()
	token := must(MintPrivateMapKey(keyOf(t, "f"), time.Unix(math.MaxUint32-15552000, 0), PrivateMapKeyClaims{
		UserSigClaims: UserSigClaims{SdkAppID: math.MaxUint32, UserID: strings.Repeat("u", 32), Lifetime: maxLifetime},
		Room:          Room{name: strings.Repeat("r", 64)},
		Privileges:    AllPrivileges,
	}))(t)
	if !strings.HasPrefix(token, "eJ") || len(token) > 600 {
		t.Errorf("token of %d bytes: %s", len(token), token)
	}
	standard := strings.NewReplacer("*", "+", "-", "/", "_", "=").Replace(token)
	reader := must(zlib.NewReader(bytes.NewReader(must(base64.StdEncoding.DecodeString(standard))(t))))(t)
	text := must(io.ReadAll(reader))(t)
	if !strings.HasPrefix(string(text), `{"TLS.ver":"2.0","TLS.identifier":"uuu`) || !strings.HasSuffix(string(text), `="}`) {
		t.Errorf("the document is %s", text)
	}
}

func TestMint_InvalidClaims(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*PrivateMapKeyClaims)
		field  Field
		rule   string
		both   bool
	}{
		"no application": {func(c *PrivateMapKeyClaims) { c.SdkAppID = 0 }, FieldSdkAppID, SdkAppIDRule, true},
		"no user":        {func(c *PrivateMapKeyClaims) { c.UserID = "" }, FieldUserID, userIDRule, true},
		"key as a user":  {func(c *PrivateMapKeyClaims) { c.UserID = canary }, FieldUserID, userIDRule, true},
		"no lifetime":    {func(c *PrivateMapKeyClaims) { c.Lifetime = 0 }, FieldLifetime, lifetimeRule, true},
		"no room":        {func(c *PrivateMapKeyClaims) { c.Room = Room{} }, FieldRoomID, "must be given", false},
		"no privilege":   {func(c *PrivateMapKeyClaims) { c.Privileges = 0 }, FieldPrivileges, privilegesRule, false},
		"a ninth bit":    {func(c *PrivateMapKeyClaims) { c.Privileges = 256 }, FieldPrivileges, privilegesRule, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims := privateMapKeyClaims()
			c.change(&claims)
			token, err := MintPrivateMapKey(keyOf(t, "a"), noon(), claims)
			expectRule(t, err, c.field, c.rule)
			if c.both {
				var userSig string
				userSig, err = MintUserSig(keyOf(t, "a"), noon(), claims.UserSigClaims)
				expectRule(t, err, c.field, c.rule)
				token += userSig
			}
			if token != "" {
				t.Error("a ticket came with the error")
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("the error quotes a value: %v", err)
			}
		})
	}
	err := PrivateMapKeyClaims{}.Validate()
	for _, rule := range []string{SdkAppIDRule, userIDRule, lifetimeRule, privilegesRule, "RoomId must be given"} {
		if err == nil || !strings.Contains(err.Error(), rule) {
			t.Errorf("error %v does not list: %s", err, rule)
		}
	}
}

func TestMint_EmptyKey(t *testing.T) {
	t.Parallel()
	if token, err := MintUserSig(Key{}, noon(), userSigClaims()); !errors.Is(err, ErrEmptyKey) || token != "" {
		t.Errorf("MintUserSig returns %q, %v, want ErrEmptyKey", token, err)
	}
}

func TestMint_TimeRange(t *testing.T) {
	t.Parallel()
	last := time.Unix(math.MaxUint32, 0)
	for name, c := range map[string]struct {
		now     time.Time
		refused bool
	}{
		"the zero time":           {time.Time{}, true},
		"1970":                    {time.Unix(0, 0), true},
		"just after":              {time.Unix(1, 0), false},
		"expires at the last":     {last.Add(-time.Hour), false},
		"expires one second late": {last.Add(-time.Hour + time.Second), true},
		"end of Go's time":        {time.Unix(math.MaxInt64, 0), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, userSigErr := MintUserSig(keyOf(t, "a"), c.now, userSigClaims())
			token, mapKeyErr := MintPrivateMapKey(keyOf(t, "a"), c.now, privateMapKeyClaims())
			for _, err := range []error{userSigErr, mapKeyErr} {
				if errors.Is(err, ErrTimeRange) != c.refused || (err != nil) != c.refused {
					t.Errorf("error is %v, want refused %t", err, c.refused)
				}
			}
			if c.refused {
				return
			}
			if got, want := must(Decode(token))(t).ExpiresAt, c.now.Add(time.Hour); !got.Equal(want) {
				t.Errorf("the ticket expires at %v, want %v", got, want)
			}
		})
	}
}

func TestTicket_IsExpired(t *testing.T) {
	t.Parallel()
	end := noon().Add(time.Hour)
	ticket := must(Decode(must(MintUserSig(keyOf(t, "a"), noon(), userSigClaims()))(t)))(t)
	for now, want := range map[time.Time]bool{
		noon().Add(-24 * time.Hour): false, noon(): false, end.Add(-1): false,
		end: true, end.In(time.FixedZone("east", 8*3600)): true, end.Add(time.Second): true,
	} {
		if got := ticket.IsExpired(now); got != want {
			t.Errorf("at %v: expired %t, want %t", now, got, want)
		}
	}
}

// TestDecode_EarlierExpiry checks both expiry times of a PrivateMapKey. Official
// libraries read the clock once for each.
func TestDecode_EarlierExpiry(t *testing.T) {
	t.Parallel()
	const end uint32 = 1772370000 // noon and an hour
	for inner, want := range map[uint32]uint32{end - 1: end - 1, end: end, end + 1: end} {
		content := userBuf{userID: "robot-1", sdkAppID: 1400000001, room: Room{number: 7}, expiresAt: inner}
		ticket := must(Decode(must(withUserBuf(content.encode()).token(keyOf(t, "a")))(t)))(t)
		if got := ticket.ExpiresAt.Unix(); got != int64(want) {
			t.Errorf("userbuf expires at %d: the ticket expires at %d, want %d", inner, got, want)
		}
	}
}

// withUserBuf returns an unsigned document for userSigClaims, issued at noon,
// with a userbuf of these bytes.
func withUserBuf(packed []byte) document {
	d := newDocument(noon(), userSigClaims())
	encoded := base64.StdEncoding.EncodeToString(packed)
	d.UserBuf = &encoded
	return d
}

// TestDecode_ForeignContent reads tickets whose content this package would not
// mint: the caller compares it with what it expects.
func TestDecode_ForeignContent(t *testing.T) {
	t.Parallel()
	content := userBuf{
		userID: "käse@example", sdkAppID: 1, room: Room{name: "a/b"}, expiresAt: math.MaxUint32, privileges: 0x80000002,
	}
	d := withUserBuf(content.encode())
	d.UserID, d.SdkAppID, d.IssuedAt, d.Expire = content.userID, 1, maxSeconds, maxSeconds
	want := Ticket{
		Kind: KindPrivateMapKey, SdkAppID: 1, UserID: content.userID, RoomUserID: content.userID, RoomSdkAppID: 1,
		Room: content.room, Privileges: content.privileges,
		IssuedAt: time.Unix(maxSeconds, 0).UTC(), ExpiresAt: time.Unix(math.MaxUint32, 0).UTC(),
	}
	if got := must(Decode(documentToken(t, d)))(t); got != want {
		t.Errorf("ticket\n got %+v\nwant %+v", got, want)
	}
	d = newDocument(noon(), userSigClaims())
	d.SdkAppID = math.MaxUint32 + 1
	if got := must(Decode(documentToken(t, d)))(t); got.SdkAppID != math.MaxUint32+1 {
		t.Errorf("ticket %+v", got)
	}
	other := userBuf{userID: "robot-2", sdkAppID: 1400000002, room: Room{number: 7}, expiresAt: 1772370000, privileges: 42}
	got := must(Decode(documentToken(t, withUserBuf(other.encode()))))(t)
	if got.UserID != "robot-1" || got.SdkAppID != 1400000001 || got.RoomUserID != other.userID || got.RoomSdkAppID != 1400000002 {
		t.Errorf("ticket %+v, want both users and applications", got)
	}
}

func TestDecode_InvalidClaims(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*document)
		reason Reason
	}{
		"another version":    {func(d *document) { d.Version = "2.1" }, ReasonVersion},
		"no user":            {func(d *document) { d.UserID = "" }, ReasonClaims},
		"no application":     {func(d *document) { d.SdkAppID = 0 }, ReasonClaims},
		"no issue time":      {func(d *document) { d.IssuedAt = 0 }, ReasonClaims},
		"year 10000":         {func(d *document) { d.IssuedAt = maxSeconds + 1 }, ReasonClaims},
		"negative lifetime":  {func(d *document) { d.Expire = math.MinInt64 }, ReasonClaims},
		"lifetime overflows": {func(d *document) { d.Expire = math.MaxInt64 }, ReasonClaims},
		"empty userbuf":      {func(d *document) { *d = withUserBuf(nil) }, ReasonUserBuf},
		"userbuf not base64": {func(d *document) { text := "*"; d.UserBuf = &text }, ReasonUserBuf},
		"damaged userbuf":    {func(d *document) { *d = withUserBuf(unhex(t, packedIntRoom+"00")) }, ReasonUserBuf},
		"userbuf and more": {func(d *document) {
			text := base64.StdEncoding.EncodeToString(unhex(t, packedIntRoom)) + "!!!!"
			d.UserBuf = &text
		}, ReasonUserBuf},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDocument(noon(), userSigClaims())
			c.change(&d)
			_, err := Decode(documentToken(t, d))
			expectReason(t, err, c.reason)
		})
	}
}

func TestDecode_InvalidTokens(t *testing.T) {
	t.Parallel()
	damaged := compress(t, []byte("{}"))
	damaged[len(damaged)-1] ^= 0xff
	var dictionary bytes.Buffer
	writer := must(zlib.NewWriterLevelDict(&dictionary, zlib.BestCompression, []byte("TLS.")))(t)
	must(writer.Write([]byte(`{"TLS.ver":"2.0"}`)))(t)
	must(0, writer.Close())(t)
	// ReasonSize shows that the data was not decompressed to its end, where the
	// checksum is damaged.
	bomb := compress(t, make([]byte, 8<<20))
	bomb[len(bomb)-1] ^= 0xff
	if encoded := tokenEncoding().EncodedLen(len(bomb)); encoded > maxLength {
		t.Fatalf("the bomb has %d bytes and would be refused for that", encoded)
	}
	for name, c := range map[string]struct {
		token  string
		reason Reason
	}{
		"empty":                  {"", ReasonCompression},
		"not base64":             {"käse", ReasonText},
		"stray bits at the end":  {"eAF_", ReasonText},
		"not zlib":               {"AAAA", ReasonCompression},
		"damaged":                {tokenEncoding().EncodeToString(damaged), ReasonCompression},
		"preset dictionary":      {tokenEncoding().EncodeToString(dictionary.Bytes()), ReasonCompression},
		"longer than any ticket": {strings.Repeat("A", maxLength+1), ReasonSize},
		"as long as allowed":     {strings.Repeat("A", maxLength), ReasonCompression},
		"document too large":     {pack(t, make([]byte, maxLength+1)), ReasonSize},
		"bomb":                   {tokenEncoding().EncodeToString(bomb), ReasonSize},
		"empty document":         {pack(t, nil), ReasonDocument},
		"not JSON":               {pack(t, []byte("ticket")), ReasonDocument},
		"secret in no JSON":      {pack(t, []byte(`{"TLS.sig":`+canary)), ReasonDocument},
		"two documents":          {pack(t, []byte("{}{}")), ReasonDocument},
		"deep nesting":           {pack(t, bytes.Repeat([]byte("["), maxLength)), ReasonDocument},
		"beyond 64 bits":         {pack(t, []byte(`{"TLS.time":9223372036854775808}`)), ReasonDocument},
		"null":                   {pack(t, []byte("null")), ReasonVersion},
		"signed by a key pair":   {pack(t, []byte(`{"TLS.version":"201512300000","TLS.identifier":"u","TLS.sig":"MEUC"}`)), ReasonVersion},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Decode(c.token)
			expectReason(t, err, c.reason)
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("the error quotes the token: %v", err)
			}
		})
	}
}
