package tickets

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"
)

// noon is when the tickets of the tests are issued.
func noon() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) }

// failer is what testing.TB and *rapid.T have in common here.
type failer interface {
	Helper()
	Fatal(args ...any)
}

// must returns the value of a call that may not fail.
func must[T any](value T, err error) func(failer) T {
	return func(t failer) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func userSigClaims() UserSigClaims {
	return UserSigClaims{SdkAppID: 1400000001, UserID: "robot-1", Lifetime: time.Hour}
}

func privateMapKeyClaims() PrivateMapKeyClaims {
	return PrivateMapKeyClaims{UserSigClaims: userSigClaims(), Room: Room{name: "lobby"}, Privileges: AllPrivileges}
}

// pack makes a token of any text, the way official libraries do.
func pack(t failer, text []byte) string {
	t.Helper()
	return tokenEncoding().EncodeToString(compress(t, text))
}

func compress(t failer, text []byte) []byte {
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

func TestMintingIsDeterministic(t *testing.T) {
	t.Parallel()
	key := keyOf(t, "a")
	first := must(MintUserSig(key, noon(), userSigClaims()))(t)
	withinTheSecond := noon().Add(time.Second - 1).In(time.FixedZone("east", 8*3600))
	if again := must(MintUserSig(key, withinTheSecond, userSigClaims()))(t); again != first {
		t.Error("the same second gives another UserSig")
	}
	if later := must(MintUserSig(key, noon().Add(time.Second), userSigClaims()))(t); later == first {
		t.Error("the next second gives the same UserSig")
	}
	mapKey := must(MintPrivateMapKey(key, noon(), privateMapKeyClaims()))(t)
	if again := must(MintPrivateMapKey(key, noon(), privateMapKeyClaims()))(t); again != mapKey {
		t.Error("the same second gives another PrivateMapKey")
	}
}

// TestLongestTicket mints the largest ticket there is, and reads it with a
// zlib reader and a base64 alphabet other than the package's own code.
func TestLongestTicket(t *testing.T) {
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

func TestMintRefusesBrokenClaims(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*PrivateMapKeyClaims)
		field  Field
		rule   string
		both   bool
	}{
		"no application":  {func(c *PrivateMapKeyClaims) { c.SdkAppID = 0 }, FieldSdkAppID, SdkAppIDRule, true},
		"application 33b": {func(c *PrivateMapKeyClaims) { c.SdkAppID = 1 << 32 }, FieldSdkAppID, SdkAppIDRule, true},
		"no user":         {func(c *PrivateMapKeyClaims) { c.UserID = "" }, FieldUserID, userIDRule, true},
		"user with space": {func(c *PrivateMapKeyClaims) { c.UserID = "a b" }, FieldUserID, userIDRule, true},
		"key as a user":   {func(c *PrivateMapKeyClaims) { c.UserID = canary }, FieldUserID, userIDRule, true},
		"no lifetime":     {func(c *PrivateMapKeyClaims) { c.Lifetime = 0 }, FieldLifetime, lifetimeRule, true},
		"half a second":   {func(c *PrivateMapKeyClaims) { c.Lifetime += 5e8 }, FieldLifetime, lifetimeRule, true},
		"no room":         {func(c *PrivateMapKeyClaims) { c.Room = Room{} }, FieldRoomID, "must be given", false},
		"no privilege":    {func(c *PrivateMapKeyClaims) { c.Privileges = 0 }, FieldPrivileges, privilegesRule, false},
		"a ninth bit":     {func(c *PrivateMapKeyClaims) { c.Privileges = 256 }, FieldPrivileges, privilegesRule, false},
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
			expectNoCanary(t, "the error", err.Error())
		})
	}
	err := PrivateMapKeyClaims{}.Validate()
	for _, rule := range []string{SdkAppIDRule, userIDRule, lifetimeRule, privilegesRule, "RoomId must be given"} {
		if err == nil || !strings.Contains(err.Error(), rule) {
			t.Errorf("error %v does not list: %s", err, rule)
		}
	}
}

func TestEmptyKey(t *testing.T) {
	t.Parallel()
	if token, err := MintUserSig(Key{}, noon(), userSigClaims()); !errors.Is(err, ErrEmptyKey) || token != "" {
		t.Errorf("MintUserSig returns %q, %v, want ErrEmptyKey", token, err)
	}
	if token, err := MintPrivateMapKey(Key{}, noon(), privateMapKeyClaims()); !errors.Is(err, ErrEmptyKey) || token != "" {
		t.Errorf("MintPrivateMapKey returns %q, %v, want ErrEmptyKey", token, err)
	}
}

func TestTimeRange(t *testing.T) {
	t.Parallel()
	last := time.Unix(math.MaxUint32, 0)
	for name, c := range map[string]struct {
		now     time.Time
		refused bool
	}{
		"the zero time":           {time.Time{}, true},
		"before 1970":             {time.Unix(-1, 0), true},
		"1970":                    {time.Unix(0, 0), true},
		"just after":              {time.Unix(1, 0), false},
		"expires at the last":     {last.Add(-time.Hour), false},
		"expires one second late": {last.Add(-time.Hour + time.Second), true},
		"2107":                    {time.Date(2107, 1, 1, 0, 0, 0, 0, time.UTC), true},
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

func TestIsExpired(t *testing.T) {
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

// TestTheEarlierExpiryCounts: official libraries read the clock once for each
// of the two expiry times of a PrivateMapKey.
func TestTheEarlierExpiryCounts(t *testing.T) {
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

// TestForeignContent reads tickets whose content this package would not mint:
// the caller compares it with what it expects.
func TestForeignContent(t *testing.T) {
	t.Parallel()
	content := userBuf{
		userID: "käse@example", sdkAppID: 1, room: Room{name: "a/b"}, expiresAt: math.MaxUint32, privileges: 0x80000002,
	}
	d := withUserBuf(content.encode())
	d.UserID, d.SdkAppID, d.IssuedAt, d.Expire = content.userID, 1, maxSeconds, maxSeconds
	var err error
	if d.Signature, err = d.sign(keyOf(t, "a")); err != nil {
		t.Fatal(err)
	}
	want := Ticket{
		Kind: KindPrivateMapKey, SdkAppID: 1, UserID: content.userID, RoomUserID: content.userID, RoomSdkAppID: 1,
		Room: content.room, Privileges: content.privileges,
		IssuedAt: time.Unix(maxSeconds, 0).UTC(), ExpiresAt: time.Unix(math.MaxUint32, 0).UTC(),
	}
	if got := must(verify(keyOf(t, "a"), documentToken(t, d)))(t); got != want {
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

func TestUndecodableClaims(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*document)
		reason Reason
	}{
		"another version":    {func(d *document) { d.Version = "2.1" }, ReasonVersion},
		"no user":            {func(d *document) { d.UserID = "" }, ReasonClaims},
		"no application":     {func(d *document) { d.SdkAppID = 0 }, ReasonClaims},
		"no issue time":      {func(d *document) { d.IssuedAt = 0 }, ReasonClaims},
		"before 1970":        {func(d *document) { d.IssuedAt = -1 }, ReasonClaims},
		"year 10000":         {func(d *document) { d.IssuedAt = maxSeconds + 1 }, ReasonClaims},
		"no lifetime":        {func(d *document) { d.Expire = 0 }, ReasonClaims},
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
			// A correct signature does not excuse wrong content.
			d.Signature = must(d.sign(keyOf(t, "a")))(t)
			_, err := verify(keyOf(t, "a"), documentToken(t, d))
			expectReason(t, err, c.reason)
		})
	}
}

func TestUndecodableTokens(t *testing.T) {
	t.Parallel()
	damaged := compress(t, []byte("{}"))
	damaged[len(damaged)-1] ^= 0xff
	var dictionary bytes.Buffer
	writer := must(zlib.NewWriterLevelDict(&dictionary, zlib.BestCompression, []byte("TLS.")))(t)
	must(writer.Write([]byte(`{"TLS.ver":"2.0"}`)))(t)
	must(0, writer.Close())(t)
	// Decompressing all of the data would find the damaged checksum
	// there: ReasonSize shows that nobody did.
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
		"too short":              {"x", ReasonCompression},
		"not base64":             {"käse", ReasonText},
		"stray bits at the end":  {"eAF_", ReasonText},
		"not zlib":               {"AAAA", ReasonCompression},
		"damaged":                {tokenEncoding().EncodeToString(damaged), ReasonCompression},
		"preset dictionary":      {tokenEncoding().EncodeToString(dictionary.Bytes()), ReasonCompression},
		"longer than any ticket": {strings.Repeat("A", maxLength+1), ReasonSize},
		"as long as allowed":     {strings.Repeat("A", maxLength), ReasonCompression},
		"document as large":      {pack(t, make([]byte, maxLength)), ReasonDocument},
		"document too large":     {pack(t, make([]byte, maxLength+1)), ReasonSize},
		"bomb":                   {tokenEncoding().EncodeToString(bomb), ReasonSize},
		"empty document":         {pack(t, nil), ReasonDocument},
		"not JSON":               {pack(t, []byte("ticket")), ReasonDocument},
		"secret in no JSON":      {pack(t, []byte(`{"TLS.sig":`+canary)), ReasonDocument},
		"two documents":          {pack(t, []byte("{}{}")), ReasonDocument},
		"an array":               {pack(t, []byte("[]")), ReasonDocument},
		"deep nesting":           {pack(t, bytes.Repeat([]byte("["), maxLength)), ReasonDocument},
		"number as text":         {pack(t, []byte(`{"TLS.sdkappid":"1"}`)), ReasonDocument},
		"fraction":               {pack(t, []byte(`{"TLS.expire":1.5}`)), ReasonDocument},
		"beyond 64 bits":         {pack(t, []byte(`{"TLS.time":9223372036854775808}`)), ReasonDocument},
		"empty object":           {pack(t, []byte("{}")), ReasonVersion},
		"null":                   {pack(t, []byte("null")), ReasonVersion},
		"signed by a key pair":   {pack(t, []byte(`{"TLS.version":"201512300000","TLS.identifier":"u","TLS.sig":"MEUC"}`)), ReasonVersion},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Decode(c.token)
			expectReason(t, err, c.reason)
			expectNoCanary(t, "the error", err.Error())
		})
	}
}

func BenchmarkMintUserSig(b *testing.B) {
	key := keyOf(b, "a")
	b.ReportAllocs()
	for b.Loop() {
		must(MintUserSig(key, noon(), userSigClaims()))(b)
	}
}

func BenchmarkDecode(b *testing.B) {
	token := must(MintPrivateMapKey(keyOf(b, "a"), noon(), privateMapKeyClaims()))(b)
	b.ReportAllocs()
	for b.Loop() {
		must(Decode(token))(b)
	}
}
