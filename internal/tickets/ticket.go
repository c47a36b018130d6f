package tickets

import (
	"encoding/base64"
	"math"
	"time"
)

// Kind tells the two tickets apart.
type Kind string

// The kinds of tickets, named as the parameters of StartStreamIngest that
// take them.
const (
	KindUserSig       Kind = "UserSig"
	KindPrivateMapKey Kind = "PrivateMapKey"
)

// Ticket is what a token says. It holds neither the token nor its signature,
// so it is no secret.
type Ticket struct {
	// Kind is KindPrivateMapKey when UserBuf is there.
	Kind Kind
	// Version is the TLS.ver, always Version.
	Version string
	// SdkAppID is the application.
	SdkAppID uint64
	// UserID is the user.
	UserID string
	// IssuedAt is when the ticket was made, in UTC, in whole seconds.
	IssuedAt time.Time
	// Lifetime is the TLS.expire: how long it holds from IssuedAt on. Tickets
	// of others may hold longer than MaxLifetime.
	Lifetime time.Duration
	// ExpiresAt is the first second at which it no longer holds, in UTC:
	// IssuedAt + Lifetime, or the UserBuf's ExpiresAt when that is earlier.
	ExpiresAt time.Time
	// UserBuf is the room and the privileges of a PrivateMapKey; nil for a
	// UserSig.
	UserBuf *UserBuf
}

// IsExpired tells whether the ticket no longer holds at now: it holds up to
// ExpiresAt, and at ExpiresAt it does not.
func (t Ticket) IsExpired(now time.Time) bool { return !now.Before(t.ExpiresAt) }

// The bounds on times of foreign tickets keep sums and durations from
// overflowing: the year 9999, and the most seconds that a Duration holds.
const (
	maxIssuedAt        = 253402300799
	maxForeignLifetime = math.MaxInt64 / int64(time.Second)
)

// newTicket checks the content of a payload, but not its signature. The error
// is ErrVersion or a *MalformedError.
func newTicket(p payload) (Ticket, error) {
	if p.Version != Version {
		return Ticket{}, ErrVersion
	}
	if err := validateContent(p); err != nil {
		return Ticket{}, err
	}
	ticket := Ticket{
		Kind:     KindUserSig,
		Version:  p.Version,
		SdkAppID: p.SdkAppID,
		UserID:   p.UserID,
		IssuedAt: time.Unix(p.IssuedAt, 0).UTC(),
		Lifetime: time.Duration(p.Lifetime) * time.Second,
	}
	ticket.ExpiresAt = ticket.IssuedAt.Add(ticket.Lifetime)
	if p.UserBuf == nil {
		return ticket, nil
	}
	return withUserBuf(ticket, *p.UserBuf)
}

func validateContent(p payload) error {
	if err := ValidateUserID(p.UserID); err != nil {
		return &MalformedError{Part: PartUserID, Err: err}
	}
	if err := ValidateSdkAppID(p.SdkAppID); err != nil {
		return &MalformedError{Part: PartSdkAppID, Err: err}
	}
	if p.IssuedAt < 1 || p.IssuedAt > maxIssuedAt {
		return &MalformedError{Part: PartIssuedAt}
	}
	if p.Lifetime < 1 || p.Lifetime > maxForeignLifetime {
		return &MalformedError{Part: PartLifetime}
	}
	return nil
}

func withUserBuf(ticket Ticket, encoded string) (Ticket, error) {
	packed, ok := decodeBase64(base64.StdEncoding, encoded)
	if !ok {
		return Ticket{}, &MalformedError{Part: PartUserBuf}
	}
	fields, err := decodeUserBuf(packed)
	if err != nil {
		return Ticket{}, err
	}
	if fields.userID != ticket.UserID || uint64(fields.sdkAppID) != ticket.SdkAppID {
		return Ticket{}, &MalformedError{Part: PartUserBuf}
	}
	ticket.Kind = KindPrivateMapKey
	ticket.UserBuf = &UserBuf{
		SdkAppID:    ticket.SdkAppID,
		UserID:      ticket.UserID,
		Room:        fields.room,
		ExpiresAt:   time.Unix(int64(fields.expiresAt), 0).UTC(),
		Privileges:  fields.privileges,
		AccountType: fields.accountType,
	}
	if ticket.UserBuf.ExpiresAt.Before(ticket.ExpiresAt) {
		ticket.ExpiresAt = ticket.UserBuf.ExpiresAt
	}
	return ticket, nil
}
