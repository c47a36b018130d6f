package tickets

import (
	"errors"
	"testing"
	"time"
)

func TestVerifyRefusesAnotherKey(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t) {
		if _, err := Verify(keyOf(t, "a"), v.issuedAt(), v.Token); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: error is %v, want ErrSignature", v.UserID, err)
		}
	}
}

func TestVerifyNeedsAKey(t *testing.T) {
	t.Parallel()
	token := must(MintUserSig(keyOf(t, "a"), noon(), userSigClaims()))(t)
	if _, err := Verify(Key{}, noon(), token); !errors.Is(err, ErrEmptyKey) {
		t.Errorf("error is %v, want ErrEmptyKey", err)
	}
}

func TestTicketHoldsUpToTheSecondBeforeItsEnd(t *testing.T) {
	t.Parallel()
	end := noon().Add(time.Hour)
	tokens := map[Kind]string{
		KindUserSig:       must(MintUserSig(keyOf(t, "a"), noon(), userSigClaims()))(t),
		KindPrivateMapKey: must(MintPrivateMapKey(keyOf(t, "a"), noon(), privateMapKeyClaims(t)))(t),
	}
	cases := map[string]struct {
		now     time.Time
		expired bool
	}{
		"issued in the future":     {noon().Add(-24 * time.Hour), false},
		"issued now":               {noon(), false},
		"one second before":        {end.Add(-time.Second), false},
		"one nanosecond before":    {end.Add(-1), false},
		"at the end":               {end, true},
		"at the end, another zone": {end.In(time.FixedZone("east", 8*3600)), true},
		"one second after":         {end.Add(time.Second), true},
	}
	for kind, token := range tokens {
		for name, c := range cases {
			t.Run(string(kind)+" "+name, func(t *testing.T) {
				t.Parallel()
				_, err := Verify(keyOf(t, "a"), c.now, token)
				var expired *ExpiredError
				if errors.As(err, &expired) != c.expired || (err != nil) != c.expired {
					t.Fatalf("error is %v, want expired %t", err, c.expired)
				}
				if expired != nil && !expired.ExpiredAt.Equal(end) {
					t.Errorf("ExpiredAt is %v, want %v", expired.ExpiredAt, end)
				}
			})
		}
	}
}

// The signature counts first: whether a forged ticket has expired is nobody's
// business.
func TestForgedAndExpiredIsForged(t *testing.T) {
	t.Parallel()
	token := must(MintUserSig(keyOf(t, "a"), noon(), userSigClaims()))(t)
	if _, err := Verify(keyOf(t, "b"), noon().Add(48*time.Hour), token); !errors.Is(err, ErrSignature) {
		t.Errorf("error is %v, want ErrSignature", err)
	}
}

func TestParseReadsWithoutKeyAndAfterTheEnd(t *testing.T) {
	t.Parallel()
	token := must(MintUserSig(keyOf(t, "a"), noon(), userSigClaims()))(t)
	ticket := must(ParseUserSig(token))(t)
	if ticket.UserID != "robot-1" || ticket.SdkAppID != 1400000001 || !ticket.IsExpired(noon().Add(time.Hour)) {
		t.Errorf("ticket is %+v", ticket)
	}
}

func TestKindsAreToldApart(t *testing.T) {
	t.Parallel()
	key := keyOf(t, "a")
	userSig := must(MintUserSig(key, noon(), userSigClaims()))(t)
	mapKey := must(MintPrivateMapKey(key, noon(), privateMapKeyClaims(t)))(t)
	reads := map[string]struct {
		want Kind
		read func(string) (Ticket, error)
	}{
		"ParseUserSig":       {KindUserSig, ParseUserSig},
		"ParsePrivateMapKey": {KindPrivateMapKey, ParsePrivateMapKey},
		"VerifyUserSig": {KindUserSig, func(token string) (Ticket, error) {
			return VerifyUserSig(key, noon(), token)
		}},
		"VerifyPrivateMapKey": {KindPrivateMapKey, func(token string) (Ticket, error) {
			return VerifyPrivateMapKey(key, noon(), token)
		}},
	}
	for name, c := range reads {
		for kind, token := range map[Kind]string{KindUserSig: userSig, KindPrivateMapKey: mapKey} {
			t.Run(name+" of a "+string(kind), func(t *testing.T) {
				t.Parallel()
				ticket, err := c.read(token)
				if kind == c.want {
					if err != nil || ticket.Kind != kind {
						t.Errorf("got %v, %v", ticket.Kind, err)
					}
					return
				}
				var other *KindError
				if !errors.As(err, &other) || *other != (KindError{Want: c.want, Got: kind}) {
					t.Errorf("error is %v, want a KindError", err)
				}
			})
		}
	}
}

func TestVerifyForAKindStillChecksTheSignature(t *testing.T) {
	t.Parallel()
	userSig := must(MintUserSig(keyOf(t, "a"), noon(), userSigClaims()))(t)
	if _, err := VerifyUserSig(keyOf(t, "b"), noon(), userSig); !errors.Is(err, ErrSignature) {
		t.Errorf("VerifyUserSig: error is %v, want ErrSignature", err)
	}
	mapKey := must(MintPrivateMapKey(keyOf(t, "a"), noon(), privateMapKeyClaims(t)))(t)
	if _, err := VerifyPrivateMapKey(keyOf(t, "b"), noon(), mapKey); !errors.Is(err, ErrSignature) {
		t.Errorf("VerifyPrivateMapKey: error is %v, want ErrSignature", err)
	}
}
