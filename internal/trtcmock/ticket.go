package trtcmock

import (
	"bytes"
	"compress/zlib"
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// maxTicketBytes is the largest decompressed ticket; a real one has hundreds of
// bytes.
const maxTicketBytes = 64 << 10

var (
	errTicketEmpty     = errors.New("it is empty")
	errTicketForm      = errors.New("it is not a ticket of version 2.0")
	errTicketUser      = errors.New("it is for another user")
	errTicketApp       = errors.New("it is for another app")
	errTicketRoom      = errors.New("it is for another room")
	errTicketExpired   = errors.New("it has expired")
	errTicketSignature = errors.New("it is not signed with the key of the app")
	errTicketUserbuf   = errors.New("its userbuf is malformed")
)

// checkTickets verifies UserSig and PrivateMapKey of a Start whose other
// parameters are valid.
//
// Assumption: probe 25.
func (s *Server) checkTickets(params values, at time.Time) error {
	if err := s.checkTicket(params, "UserSig", at); err != nil {
		return apiErrorf("InvalidParameter.UserSig", "UserSig is refused: %v.", err)
	}
	// Assumption: probe 42.
	if !params.has("PrivateMapKey") {
		if s.options.PrivilegedApps[valueOf[uint64](params, "SdkAppId", 0)] {
			return apiErrorf(codeMissingParameter, "The app has advanced permission control enabled: PrivateMapKey is missing.")
		}
		return nil
	}
	if err := s.checkTicket(params, "PrivateMapKey", at); err != nil {
		return apiErrorf(codeInvalidParameter, "PrivateMapKey is refused: %v.", err)
	}
	return nil
}

// checkTicket verifies one ticket of a Start. If the key of the app is not known,
// any ticket that is not empty is accepted.
func (s *Server) checkTicket(params values, name string, at time.Time) error {
	token, sdkAppID, userID := valueOf(params, name, ""), valueOf[uint64](params, "SdkAppId", 0), valueOf(params, "UserId", "")
	if token == "" {
		return errTicketEmpty
	}
	appKey := s.options.AppKeys[sdkAppID]
	if appKey == "" {
		appKey = s.options.AnyAppKey
	}
	if appKey == "" {
		return nil
	}
	decoded, err := decodeTicket(token)
	if err != nil {
		return err
	}
	// Only a PrivateMapKey has a userbuf.
	if isMapKey := decoded.Userbuf != ""; isMapKey != (name == "PrivateMapKey") {
		return errTicketForm
	}
	if err := decoded.check(sdkAppID, userID, appKey, at); err != nil || name != "PrivateMapKey" {
		return err
	}
	buffer, err := decodeUserbuf(decoded.Userbuf)
	if err != nil {
		return err
	}
	return buffer.check(sdkAppID, userID, valueOf[uint64](params, "RoomIdType", roomIDTypeInteger), valueOf(params, "RoomId", ""), at)
}

// ticket is the content of a UserSig or PrivateMapKey.
type ticket struct {
	Version    string `json:"TLS.ver"`
	Identifier string `json:"TLS.identifier"`
	SdkAppID   uint64 `json:"TLS.sdkappid"`
	Expire     int64  `json:"TLS.expire"` // seconds after Time
	Time       int64  `json:"TLS.time"`   // UNIX seconds
	Userbuf    string `json:"TLS.userbuf"`
	Sig        string `json:"TLS.sig"`
}

func decodeTicket(token string) (ticket, error) {
	packed, err := base64.StdEncoding.Strict().DecodeString(
		strings.NewReplacer("*", "+", "-", "/", "_", "=").Replace(token))
	if err != nil || strings.ContainsAny(token, "\r\n") { // The decoder ignores line breaks.
		return ticket{}, errTicketForm
	}
	unpacker, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return ticket{}, errTicketForm
	}
	text, err := io.ReadAll(io.LimitReader(unpacker, maxTicketBytes))
	if err != nil {
		return ticket{}, errTicketForm
	}
	var decoded ticket
	if json.Unmarshal(text, &decoded) != nil || decoded.Version != "2.0" {
		return ticket{}, errTicketForm
	}
	return decoded, nil
}

// check verifies the ticket for a user of an app at the given time.
func (t ticket) check(sdkAppID uint64, userID, appKey string, at time.Time) error {
	switch {
	case t.Identifier != userID:
		return errTicketUser
	case t.SdkAppID != sdkAppID:
		return errTicketApp
	case !t.signedWith(appKey):
		return errTicketSignature
	case t.Expire <= 0 || at.Unix()-t.Time >= t.Expire:
		return errTicketExpired
	}
	return nil
}

func (t ticket) signedWith(appKey string) bool {
	lines := fmt.Sprintf("TLS.identifier:%s\nTLS.sdkappid:%d\nTLS.time:%d\nTLS.expire:%d\n",
		t.Identifier, t.SdkAppID, t.Time, t.Expire)
	if t.Userbuf != "" {
		lines += "TLS.userbuf:" + t.Userbuf + "\n"
	}
	sig, err := base64.StdEncoding.DecodeString(t.Sig)
	return err == nil && hmac.Equal(sig, hmacSHA256([]byte(appKey), lines))
}

// userbuf is the part of a PrivateMapKey that names the room.
type userbuf struct {
	version    byte // 0 integer room, 1 string room
	userID     string
	sdkAppID   uint32
	integer    uint32 // 0 for string rooms
	expires    uint32 // UNIX seconds
	privileges uint32 // not checked: the privileges that a relay robot needs are not documented
	account    uint32
	room       string // string rooms only
}

func decodeUserbuf(text string) (userbuf, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return userbuf{}, errTicketUserbuf
	}
	rest := fieldReader{raw: raw, ok: true}
	decoded := userbuf{
		version:    rest.byte(),
		userID:     rest.text(),
		sdkAppID:   rest.number(),
		integer:    rest.number(),
		expires:    rest.number(),
		privileges: rest.number(),
		account:    rest.number(),
	}
	if decoded.version == 1 {
		decoded.room = rest.text()
	}
	if !rest.ok || len(rest.raw) > 0 || decoded.version > 1 || decoded.account != 0 {
		return userbuf{}, errTicketUserbuf
	}
	return decoded, nil
}

// check verifies the userbuf for a user of a room at the given time.
func (u userbuf) check(sdkAppID uint64, userID string, roomIDType uint64, roomID string, at time.Time) error {
	switch {
	case u.userID != userID:
		return errTicketUser
	case uint64(u.sdkAppID) != sdkAppID:
		return errTicketApp
	case !u.opens(roomIDType, roomID):
		return errTicketRoom
	case at.Unix() >= int64(u.expires):
		return errTicketExpired
	}
	return nil
}

// opens reports whether the userbuf is for the room.
func (u userbuf) opens(roomIDType uint64, roomID string) bool {
	if roomIDType == roomIDTypeInteger {
		return u.version == 0 && strconv.FormatUint(uint64(u.integer), 10) == roomID
	}
	return u.version == 1 && u.integer == 0 && u.room == roomID
}

// fieldReader reads big-endian fields from raw. After a truncated field, ok is
// false and every field is zero.
type fieldReader struct {
	raw []byte
	ok  bool
}

func (f *fieldReader) take(n int) []byte {
	if !f.ok || len(f.raw) < n {
		f.ok = false
		return make([]byte, n)
	}
	field := f.raw[:n]
	f.raw = f.raw[n:]
	return field
}

func (f *fieldReader) byte() byte     { return f.take(1)[0] }
func (f *fieldReader) number() uint32 { return binary.BigEndian.Uint32(f.take(4)) }
func (f *fieldReader) text() string   { return string(f.take(int(binary.BigEndian.Uint16(f.take(2))))) }
