package chaos

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

// Queries of stream_url, which is stored, and of stream_url_wo.
const (
	shownQuery  = "shown-canary-61f0"
	hiddenQuery = "hidden-canary-83ad"
)

const (
	ticketLifetime = 7 * 24 * time.Hour
	// renewal is the age at which a stored ticket is replaced.
	renewal = 6 * 24 * time.Hour
)

// secrets are texts that must not be shown.
type secrets struct {
	// masked texts must be in no diagnostic and no log, but may be stored.
	masked []string
	// writeOnly texts must not be stored or planned either.
	writeOnly []string

	stored map[string]storedUserSig // by user
}

type storedUserSig struct {
	text   string
	minted time.Time
}

func newSecrets() secrets {
	return secrets{
		masked:    []string{shownQuery},
		writeOnly: []string{hiddenQuery, acctest.SecretKey, acctest.SdkSecretKey},
		stored:    map[string]storedUserSig{},
	}
}

// writeOnlyTicket returns a new ticket for user_sig_wo.
func (s *secrets) writeOnlyTicket(user string, now time.Time) string {
	ticket := mint(user, now, ticketLifetime)
	s.writeOnly = append(s.writeOnly, ticket)
	return ticket
}

// storedTicket returns the ticket of user_sig in configurations.
func (s *secrets) storedTicket(user string, now time.Time) string {
	ticket, found := s.stored[user]
	if !found || now.Sub(ticket.minted) > renewal {
		// The shorter lifetime makes the ticket differ from every write-only ticket.
		ticket = storedUserSig{text: mint(user, now, ticketLifetime-time.Second), minted: now}
		s.stored[user] = ticket
		s.masked = append(s.masked, ticket.text)
	}
	return ticket.text
}

// mint returns an empty ticket on an error; the mock refuses it.
func mint(user string, now time.Time, lifetime time.Duration) string {
	key, err := tickets.NewKey(acctest.SdkSecretKey)
	if err != nil {
		return ""
	}
	ticket, err := tickets.MintUserSig(key, now, tickets.UserSigClaims{SdkAppID: acctest.SdkAppID, UserID: user, Lifetime: int64(lifetime / time.Second)})
	if err != nil {
		return ""
	}
	return ticket
}

// auditSecrets checks the diagnostics, the log, the start journal, the plan and the
// state of an operation for secrets.
func (sim *simulation) auditSecrets(r *rapid.T, op operation) {
	records, err := filepath.Glob(filepath.Join(sim.journal, "*.jsonl"))
	if err != nil {
		r.Fatal(err)
	}
	var journal strings.Builder
	for _, record := range records {
		text, err := os.ReadFile(record)
		if err != nil {
			r.Fatal(err)
		}
		journal.Write(text)
	}
	places := map[string]any{
		"a record": journal.String(), "a diagnostic": op.diags, "the log": sim.logs.String(), "a plan": op.planned, "the state": op.slot.session.State(),
	}
	for place, content := range places {
		forbidden := sim.secrets.writeOnly
		if place != "a plan" && place != "the state" {
			forbidden = append(sim.secrets.masked[:len(sim.secrets.masked):len(sim.secrets.masked)], forbidden...)
		}
		text := fmt.Sprint(content)
		for _, secret := range forbidden {
			if strings.Contains(text, secret) {
				sim.violated(r, leaks, "%s holds %q: %s", place, secret, text)
			}
		}
	}
}
