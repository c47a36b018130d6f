package tickets

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

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
	mapKey := must(MintPrivateMapKey(key, noon(), privateMapKeyClaims(t)))(t)
	if again := must(MintPrivateMapKey(key, noon(), privateMapKeyClaims(t)))(t); again != mapKey {
		t.Error("the same second gives another PrivateMapKey")
	}
}

func TestTokensSurviveURLsAndHeaders(t *testing.T) {
	t.Parallel()
	token := must(MintPrivateMapKey(keyOf(t, "a"), noon(), privateMapKeyClaims(t)))(t)
	if strings.Trim(token, tokenAlphabet+"_") != "" || strings.Contains(strings.TrimRight(token, "_"), "_") {
		t.Errorf("token %s leaves the alphabet", token)
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
		"no lifetime":     {func(c *PrivateMapKeyClaims) { c.Lifetime = 0 }, FieldLifetime, lifetimeRule, true},
		"half a second":   {func(c *PrivateMapKeyClaims) { c.Lifetime += 5e8 }, FieldLifetime, lifetimeRule, true},
		"no room":         {func(c *PrivateMapKeyClaims) { c.Room = Room{} }, FieldRoomID, "must be given", false},
		"no privilege":    {func(c *PrivateMapKeyClaims) { c.Privileges = 0 }, FieldPrivileges, privilegesRule, false},
		"a ninth bit":     {func(c *PrivateMapKeyClaims) { c.Privileges = 256 }, FieldPrivileges, privilegesRule, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims := privateMapKeyClaims(t)
			c.change(&claims)
			token, err := MintPrivateMapKey(keyOf(t, "a"), noon(), claims)
			wantRule(t, err, c.field, c.rule)
			if token != "" {
				t.Error("a PrivateMapKey came with the error")
			}
			if !c.both {
				return
			}
			user := UserSigClaims{SdkAppID: claims.SdkAppID, UserID: claims.UserID, Lifetime: claims.Lifetime}
			token, err = MintUserSig(keyOf(t, "a"), noon(), user)
			wantRule(t, err, c.field, c.rule)
			if token != "" {
				t.Error("a UserSig came with the error")
			}
		})
	}
}

func TestEveryBrokenRuleIsTold(t *testing.T) {
	t.Parallel()
	err := PrivateMapKeyClaims{}.Validate()
	for _, rule := range []string{SdkAppIDRule, userIDRule, lifetimeRule, privilegesRule, "RoomId must be given"} {
		if err == nil || !strings.Contains(err.Error(), rule) {
			t.Errorf("error %v does not tell: %s", err, rule)
		}
	}
	if err := privateMapKeyClaims(t).Validate(); err != nil {
		t.Errorf("good claims: %v", err)
	}
}

func TestMintNeedsAKey(t *testing.T) {
	t.Parallel()
	if token, err := MintUserSig(Key{}, noon(), userSigClaims()); !errors.Is(err, ErrEmptyKey) || token != "" {
		t.Errorf("MintUserSig gives %q, %v, want ErrEmptyKey", token, err)
	}
	if token, err := MintPrivateMapKey(Key{}, noon(), privateMapKeyClaims(t)); !errors.Is(err, ErrEmptyKey) || token != "" {
		t.Errorf("MintPrivateMapKey gives %q, %v, want ErrEmptyKey", token, err)
	}
}

func TestMintKeepsToThirtyTwoBitsOfTime(t *testing.T) {
	t.Parallel()
	last := time.Unix(math.MaxUint32, 0)
	for name, c := range map[string]struct {
		now     time.Time
		refused bool
	}{
		"the zero time":        {time.Time{}, true},
		"before 1970":          {time.Unix(-1, 0), true},
		"1970":                 {time.Unix(0, 0), true},
		"just after":           {time.Unix(1, 0), false},
		"ends at the last":     {last.Add(-time.Hour), false},
		"ends one second late": {last.Add(-time.Hour + time.Second), true},
		"2107":                 {time.Date(2107, 1, 1, 0, 0, 0, 0, time.UTC), true},
		"end of Go's time":     {time.Unix(math.MaxInt64, 0), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, userSigErr := MintUserSig(keyOf(t, "a"), c.now, userSigClaims())
			token, mapKeyErr := MintPrivateMapKey(keyOf(t, "a"), c.now, privateMapKeyClaims(t))
			for _, err := range []error{userSigErr, mapKeyErr} {
				var outside *TimeRangeError
				if errors.As(err, &outside) != c.refused || (err != nil) != c.refused {
					t.Errorf("error is %v, want refused %t", err, c.refused)
				}
			}
			if c.refused {
				return
			}
			end := c.now.Add(time.Hour)
			if got := must(ParsePrivateMapKey(token))(t); !got.UserBuf.ExpiresAt.Equal(end) {
				t.Errorf("the userbuf ends at %v, want %v", got.UserBuf.ExpiresAt, end)
			}
		})
	}
}
