// Package tickets mints and decodes the two tickets of a TRTC application: the
// UserSig, which authenticates a user, and the PrivateMapKey, which authorizes
// a user to enter one room. The application's SDKSecretKey signs both.
//
// A ticket is a JSON document, compressed with zlib, in a base64 alphabet of
// its own. The signature covers the claims, not the compressed bytes, so two
// different tokens can carry the same ticket: compare tickets, never tokens.
//
// No error of this package quotes a key or any part of a token.
package tickets

import (
	"bytes"
	"compress/zlib"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/adler32"
	"io"
	"math"
	"strings"
	"time"
)

// version is the TLS.ver of tickets that HMAC-SHA256 signs.
const version = "2.0"

// Bounds on foreign tickets. A real ticket has a few hundred bytes.
const (
	// maxLength bounds a token, and the document that it decompresses to, in
	// bytes.
	maxLength = 16 << 10
	// maxSeconds is the end of the year 9999: a sum of two such times does not
	// overflow.
	maxSeconds = 253402300799
)

// ErrTimeRange means that a ticket would be issued or expire at a time that the
// 4 bytes of UNIX seconds in a PrivateMapKey cannot hold.
var ErrTimeRange = errors.New("a ticket must be issued after 1970-01-01T00:00:00Z and expire by 2106-02-07T06:28:15Z; check the local clock")

// Kind is the kind of a ticket, named as the parameter of StartStreamIngest
// that takes it.
type Kind string

// The kinds of tickets.
const (
	KindUserSig       Kind = "UserSig"
	KindPrivateMapKey Kind = "PrivateMapKey"
)

// UserSigClaims are the claims of a UserSig. The rules of the fields are those of
// ValidateSdkAppID, ValidateUserID and ValidateLifetime.
type UserSigClaims struct {
	SdkAppID int64
	UserID   string
	// Lifetime is the time from issue to expiry in seconds.
	Lifetime int64
}

// Validate returns a *RuleError for each broken rule, joined, or nil.
func (c UserSigClaims) Validate() error {
	return errors.Join(ValidateSdkAppID(c.SdkAppID), ValidateUserID(c.UserID), ValidateLifetime(c.Lifetime))
}

// PrivateMapKeyClaims are the claims of a PrivateMapKey.
type PrivateMapKeyClaims struct {
	UserSigClaims

	// Room is the room that the user is allowed to enter; the zero Room is invalid.
	Room Room
	// Privileges has at least one privilege.
	Privileges Privileges
}

// Validate returns a *RuleError for each broken rule, joined, or nil.
func (c PrivateMapKeyClaims) Validate() error {
	return errors.Join(c.UserSigClaims.Validate(),
		check(FieldRoomID, "must be given", c.Room != Room{}),
		check(FieldPrivileges, privilegesRule, c.Privileges > 0 && c.Privileges <= AllPrivileges))
}

// MintUserSig returns the UserSig for claims, issued at now in whole seconds.
// The same arguments give the same token. Errors: one or more *RuleError,
// joined; ErrTimeRange; ErrEmptyKey.
func MintUserSig(key Key, now time.Time, claims UserSigClaims) (string, error) {
	if err := claims.Validate(); err != nil {
		return "", err
	}
	return newDocument(now, claims).token(key)
}

// MintPrivateMapKey returns the PrivateMapKey for claims, and otherwise does what
// MintUserSig does.
func MintPrivateMapKey(key Key, now time.Time, claims PrivateMapKeyClaims) (string, error) {
	if err := claims.Validate(); err != nil {
		return "", err
	}
	unsigned := newDocument(now, claims.UserSigClaims)
	packed := base64.StdEncoding.EncodeToString(userBuf{
		userID:     claims.UserID,
		sdkAppID:   uint32(claims.SdkAppID),                     // #nosec G115 -- validated
		expiresAt:  uint32(unsigned.IssuedAt + unsigned.Expire), // #nosec G115 -- token checks the range
		room:       claims.Room,
		privileges: claims.Privileges,
	}.encode())
	unsigned.UserBuf = &packed
	return unsigned.token(key)
}

// Ticket is the content of a UserSig or PrivateMapKey. It holds neither the
// token nor the signature, so it is not a secret.
type Ticket struct {
	// Kind is KindPrivateMapKey if the ticket has a userbuf.
	Kind Kind
	// SdkAppID is at least 1.
	SdkAppID int64
	// UserID is not empty, but may break the rule of ValidateUserID.
	UserID string
	// IssuedAt is in UTC and whole seconds.
	IssuedAt time.Time
	// ExpiresAt is the first second, in UTC, at which the ticket is not valid. A
	// PrivateMapKey has two expiry times; the earlier one counts.
	ExpiresAt time.Time
	// RoomUserID and RoomSdkAppID are the user and the application in the userbuf
	// of a PrivateMapKey. They are the same as UserID and SdkAppID in a valid one,
	// and empty for a UserSig.
	RoomUserID   string
	RoomSdkAppID int64
	// Room is zero for a UserSig. It may break the rules of ParseRoom.
	Room Room
	// Privileges is the privilege map of a PrivateMapKey, unknown bits included.
	Privileges Privileges
}

// IsExpired reports whether the ticket is no longer valid at now.
func (t Ticket) IsExpired(now time.Time) bool { return !now.Before(t.ExpiresAt) }

// Decode returns the content of a ticket of either kind. It checks neither the
// signature nor the expiry. The error is a *DecodeError.
func Decode(token string) (Ticket, error) {
	text, err := decompress(token)
	if err != nil {
		return Ticket{}, err
	}
	return decodeDocument(text)
}

// Reason is why a token cannot be decoded, as a text that follows "the ticket
// cannot be decoded: ".
type Reason string

// The reasons, from the outside of a token to its content.
const (
	ReasonSize        Reason = "it is too large"
	ReasonText        Reason = "it is not base64 text in the alphabet of tickets"
	ReasonCompression Reason = "it is not zlib data, or the data is damaged"
	// ReasonTruncated means that the token starts as a ticket does and its end
	// is missing.
	ReasonTruncated Reason = "its end is missing"
	ReasonDocument  Reason = "it does not contain the JSON document of a ticket"
	ReasonVersion   Reason = "it is not of version " + version + " (signed with HMAC-SHA256)"
	ReasonClaims    Reason = "its user, application, issue time or lifetime is missing or out of range"
	ReasonUserBuf   Reason = "its TLS.userbuf is damaged"
)

// DecodeError means that a token is not a ticket that this package can read.
// The service may still accept it. The error does not quote the token.
type DecodeError struct{ Reason Reason }

// Error returns a fixed text for the reason.
func (e *DecodeError) Error() string { return "the ticket cannot be decoded: " + string(e.Reason) }

// document is the JSON document inside a token.
type document struct {
	Version   string  `json:"TLS.ver"`
	UserID    string  `json:"TLS.identifier"`
	SdkAppID  int64   `json:"TLS.sdkappid"`
	Expire    int64   `json:"TLS.expire"` // seconds after IssuedAt
	IssuedAt  int64   `json:"TLS.time"`   // UNIX seconds
	UserBuf   *string `json:"TLS.userbuf,omitempty"`
	Signature string  `json:"TLS.sig"`
}

func newDocument(now time.Time, claims UserSigClaims) document {
	return document{
		Version: version, UserID: claims.UserID, SdkAppID: claims.SdkAppID,
		Expire: claims.Lifetime, IssuedAt: now.Unix(),
	}
}

// token signs the document and encodes it. Errors: ErrTimeRange, ErrEmptyKey.
func (d document) token(key Key) (string, error) {
	// Compared without a sum, which could overflow.
	if d.IssuedAt < 1 || d.IssuedAt > math.MaxUint32-d.Expire {
		return "", ErrTimeRange
	}
	var err error
	if d.Signature, err = d.sign(key); err != nil {
		return "", err
	}
	text, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	return tokenEncoding().EncodeToString(store(text)), nil
}

// sign returns the TLS.sig of the claims. The error is ErrEmptyKey.
func (d document) sign(key Key) (string, error) {
	if key.IsEmpty() {
		return "", ErrEmptyKey
	}
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	_, _ = fmt.Fprintf(mac, "TLS.identifier:%s\nTLS.sdkappid:%d\nTLS.time:%d\nTLS.expire:%d\n",
		d.UserID, d.SdkAppID, d.IssuedAt, d.Expire)
	if d.UserBuf != nil {
		_, _ = fmt.Fprintf(mac, "TLS.userbuf:%s\n", *d.UserBuf)
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// decodeDocument checks the content of a document except for its signature.
func decodeDocument(text []byte) (Ticket, error) {
	fail := func(reason Reason) (Ticket, error) { return Ticket{}, &DecodeError{reason} }
	var d document
	// The error of encoding/json quotes its input, so it is not returned.
	if json.Unmarshal(text, &d) != nil {
		return fail(ReasonDocument)
	}
	if d.Version != version {
		return fail(ReasonVersion)
	}
	if d.UserID == "" || min(d.SdkAppID, d.IssuedAt, d.Expire) < 1 || max(d.IssuedAt, d.Expire) > maxSeconds {
		return fail(ReasonClaims)
	}
	ticket := Ticket{
		Kind: KindUserSig, SdkAppID: d.SdkAppID, UserID: d.UserID,
		IssuedAt: time.Unix(d.IssuedAt, 0).UTC(), ExpiresAt: time.Unix(d.IssuedAt+d.Expire, 0).UTC(),
	}
	if d.UserBuf == nil {
		return ticket, nil
	}
	packed, err := base64.StdEncoding.Strict().DecodeString(*d.UserBuf)
	inner, ok := decodeUserBuf(packed)
	if err != nil || !ok {
		return fail(ReasonUserBuf)
	}
	ticket.Kind, ticket.RoomUserID, ticket.RoomSdkAppID = KindPrivateMapKey, inner.userID, int64(inner.sdkAppID)
	ticket.Room, ticket.Privileges = inner.room, inner.privileges
	if end := time.Unix(int64(inner.expiresAt), 0).UTC(); end.Before(ticket.ExpiresAt) {
		ticket.ExpiresAt = end
	}
	return ticket, nil
}

func tokenEncoding() *base64.Encoding {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-"
	return base64.NewEncoding(alphabet).WithPadding('_')
}

// store returns text, of at most 65535 bytes, as a zlib stream (RFC 1950) of
// one stored block. A writer of compress/zlib allocates at least 700 kB for a
// text of this size, at every level. The header is the one that official
// libraries write, so all tickets start with "eJ".
func store(text []byte) []byte {
	length := uint16(len(text)) // #nosec G115 -- documented
	stream := make([]byte, 0, len(text)+11)
	stream = append(stream, 0x78, 0x9c, 1)
	stream = binary.LittleEndian.AppendUint16(stream, length)
	stream = binary.LittleEndian.AppendUint16(stream, ^length)
	stream = append(stream, text...)
	return binary.BigEndian.AppendUint32(stream, adler32.Checksum(text))
}

// decompress returns the document inside a token. The error is a *DecodeError.
func decompress(token string) ([]byte, error) {
	if len(token) > maxLength {
		return nil, &DecodeError{ReasonSize}
	}
	// A token that was cut can end within a group of four characters.
	groups := token[:len(token)&^3]
	compressed, err := tokenEncoding().Strict().DecodeString(groups)
	if err != nil || strings.ContainsAny(groups, "\r\n") { // encoding/base64 skips line breaks
		return nil, &DecodeError{ReasonText}
	}
	source := bytes.NewReader(compressed)
	reader, err := zlib.NewReader(source)
	if err != nil {
		return nil, &DecodeError{ReasonCompression}
	}
	// One byte more than allowed shows that a document is too large.
	text, err := io.ReadAll(io.LimitReader(reader, maxLength+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, &DecodeError{ReasonTruncated}
	case err != nil:
		return nil, &DecodeError{ReasonCompression}
	case len(text) > maxLength:
		return nil, &DecodeError{ReasonSize}
	case source.Len() > 0:
		return nil, &DecodeError{ReasonCompression}
	case len(groups) < len(token):
		return nil, &DecodeError{ReasonText}
	}
	return text, nil
}
