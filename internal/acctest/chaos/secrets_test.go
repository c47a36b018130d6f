package chaos

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// Queries of stream URLs: of stream_url, which is stored, and of the write-only
// one.
const (
	shownQuery  = "shown-canary-61f0"
	hiddenQuery = "hidden-canary-83ad"
)

const (
	ticketLifetime = 7 * 24 * time.Hour
	// renewal is when a lasting ticket is exchanged for a new one.
	renewal = 6 * 24 * time.Hour
)

// secrets are the texts that must not turn up.
type secrets struct {
	// untold must be in no diagnostic and no log, but may be stored.
	untold []string
	// unstored must be nowhere at all.
	unstored []string

	held map[string]heldTicket
}

type heldTicket struct {
	text   string
	minted time.Time
}

func newSecrets() secrets {
	return secrets{
		untold:   []string{shownQuery},
		unstored: []string{hiddenQuery, acctest.SecretKey, acctest.SdkSecretKey},
		held:     map[string]heldTicket{},
	}
}

// fleeting mints a ticket for a write-only argument.
func (s *secrets) fleeting(user string, now time.Time) string {
	ticket := mint(user, now, ticketLifetime)
	s.unstored = append(s.unstored, ticket)
	return ticket
}

// lasting returns the ticket that configurations hold for a user.
func (s *secrets) lasting(user string, now time.Time) string {
	held, found := s.held[user]
	if !found || now.Sub(held.minted) > renewal {
		// The odd second tells it from every fleeting one.
		held = heldTicket{text: mint(user, now, ticketLifetime-time.Second), minted: now}
		s.held[user] = held
		s.untold = append(s.untold, held.text)
	}
	return held.text
}

// mint returns an empty ticket when it cannot, which the mock refuses.
func mint(user string, now time.Time, lifetime time.Duration) string {
	key, err := tickets.NewKey(acctest.SdkSecretKey)
	if err != nil {
		return ""
	}
	ticket, err := tickets.MintUserSig(key, now, tickets.UserSigClaims{SdkAppID: acctest.SdkAppID, UserID: user, Lifetime: lifetime})
	if err != nil {
		return ""
	}
	return ticket
}

// auditSecrets looks for secrets in what an operation said, planned, stored and
// logged.
func (u *universe) auditSecrets(r *rapid.T, op operation) {
	places := map[string]any{
		"a diagnostic": op.said, "the log": u.logs.String(), "a plan": op.planned, "the state": op.slot.session.State(),
	}
	for place, content := range places {
		forbidden := u.secrets.unstored
		if place == "a diagnostic" || place == "the log" {
			forbidden = append(u.secrets.untold[:len(u.secrets.untold):len(u.secrets.untold)], forbidden...)
		}
		text := fmt.Sprint(content)
		for _, secret := range forbidden {
			if strings.Contains(text, secret) {
				u.violated(r, leaks, "%s holds %q: %s", place, secret, text)
			}
		}
	}
}
