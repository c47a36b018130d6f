package tickets

import (
	"encoding/base64"
	"errors"
	"math"
	"strings"
	"testing"
)

// A right signature does not excuse wrong content.
func TestSignedNonsenseIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*payload)
		part   Part
	}{
		"no user":               {func(p *payload) { p.UserID = "" }, PartUserID},
		"user with a line":      {func(p *payload) { p.UserID = "a\nTLS.sdkappid:2" }, PartUserID},
		"no application":        {func(p *payload) { p.SdkAppID = 0 }, PartSdkAppID},
		"application too large": {func(p *payload) { p.SdkAppID = math.MaxUint32 + 1 }, PartSdkAppID},
		"no issue time":         {func(p *payload) { p.IssuedAt = 0 }, PartIssuedAt},
		"before 1970":           {func(p *payload) { p.IssuedAt = -1 }, PartIssuedAt},
		"year 10000":            {func(p *payload) { p.IssuedAt = maxIssuedAt + 1 }, PartIssuedAt},
		"no lifetime":           {func(p *payload) { p.Lifetime = 0 }, PartLifetime},
		"negative lifetime":     {func(p *payload) { p.Lifetime = -1 }, PartLifetime},
		"lifetime overflows":    {func(p *payload) { p.Lifetime = maxForeignLifetime + 1 }, PartLifetime},
		"empty userbuf":         {func(p *payload) { *p = withPacked(*p, nil) }, PartUserBuf},
		"userbuf not base64":    {func(p *payload) { text := "*"; p.UserBuf = &text }, PartUserBuf},
		"userbuf and more": {func(p *payload) {
			text := base64.StdEncoding.EncodeToString(unhex(t, packedIntRoom)) + "!!!!"
			p.UserBuf = &text
		}, PartUserBuf},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := validPayload()
			c.change(&p)
			_, err := Verify(keyOf(t, "a"), noon(), signedToken(t, keyOf(t, "a"), p))
			wantMalformed(t, err, c.part)
		})
	}
}

func TestMalformedErrorCarriesTheBrokenRule(t *testing.T) {
	t.Parallel()
	p := validPayload()
	p.UserID = strings.Repeat("u", MaxUserIDLength+1)
	_, err := Parse(signedToken(t, keyOf(t, "a"), p))
	wantRule(t, err, FieldUserID, userIDRule)
	if err == nil || !strings.Contains(err.Error(), userIDRule) {
		t.Errorf("error is %v, want it to tell the rule", err)
	}
}

// Others mint tickets that live longer than ours, up to what a Duration holds.
func TestForeignTimesAreRead(t *testing.T) {
	t.Parallel()
	p := validPayload()
	p.IssuedAt, p.Lifetime = maxIssuedAt, maxForeignLifetime
	ticket := must(Verify(keyOf(t, "a"), noon(), signedToken(t, keyOf(t, "a"), p)))(t)
	if ticket.Lifetime <= 0 || ticket.ExpiresAt.Unix() != maxIssuedAt+maxForeignLifetime {
		t.Errorf("ticket is %+v", ticket)
	}
}

func TestSignatureMustBeWhatAnEncoderWrites(t *testing.T) {
	t.Parallel()
	signed := must(validPayload().sign(keyOf(t, "a")))(t)
	sum := must(base64.StdEncoding.DecodeString(signed.Signature))(t)
	for name, signature := range map[string]string{
		"missing":     "",
		"line break":  signed.Signature[:4] + "\n" + signed.Signature[4:],
		"no padding":  strings.TrimRight(signed.Signature, "="),
		"shortened":   base64.StdEncoding.EncodeToString(sum[:31]),
		"prolonged":   base64.StdEncoding.EncodeToString(append(sum, 0)),
		"URL base64":  base64.URLEncoding.EncodeToString(sum) + "-",
		"not base64":  "!",
		"another one": base64.StdEncoding.EncodeToString(make([]byte, 32)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := signed
			p.Signature = signature
			token := must(encodeToken(must(p.encode())(t)))(t)
			if _, err := Verify(keyOf(t, "a"), noon(), token); !errors.Is(err, ErrSignature) {
				t.Errorf("error is %v, want ErrSignature", err)
			}
		})
	}
}

// An official library reads the clock once for each of the two ends.
func TestTheEarlierEndCounts(t *testing.T) {
	t.Parallel()
	const ticketEnd uint32 = 1772370000 // noon and an hour
	for name, c := range map[string]struct{ userBufEnd, want uint32 }{
		"the userbuf's":  {ticketEnd - 1, ticketEnd - 1},
		"both":           {ticketEnd, ticketEnd},
		"the document's": {ticketEnd + 1, ticketEnd},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			packed := encodeUserBuf(userBufFields{
				userID: "robot-1", sdkAppID: 1400000001, room: must(IntRoom(7))(t),
				expiresAt: c.userBufEnd, privileges: AllPrivileges,
			})
			token := signedToken(t, keyOf(t, "a"), withPacked(validPayload(), packed))
			ticket := must(ParsePrivateMapKey(token))(t)
			if got := ticket.ExpiresAt.Unix(); got != int64(c.want) {
				t.Errorf("the ticket ends at %d, want %d", got, c.want)
			}
			if got := ticket.UserBuf.ExpiresAt.Unix(); got != int64(c.userBufEnd) {
				t.Errorf("the userbuf ends at %d, want %d", got, c.userBufEnd)
			}
		})
	}
}
