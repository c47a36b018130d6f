package trtcmock

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strconv"
	"time"
)

var (
	errUserbufForm = errors.New("its userbuf is malformed")
	errUserbufRoom = errors.New("it is for another room")
)

// userbuf is the part of a PrivateMapKey that says which room may be entered.
type userbuf struct {
	version    byte // 0 integer room, 1 string room
	userID     string
	sdkAppID   uint32
	integer    uint32 // 0 for string rooms
	expires    uint32 // UNIX seconds
	privileges uint32
	account    uint32
	room       string // string rooms only
}

func decodeUserbuf(text string) (userbuf, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return userbuf{}, errUserbufForm
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
		return userbuf{}, errUserbufForm
	}
	return decoded, nil
}

// check says whether the userbuf opens the room to the user at the given time.
// The privileges are left alone: which of them a relay robot needs is not
// documented.
func (u userbuf) check(sdkAppID uint64, userID string, roomIDType uint64, roomID string, at time.Time) error {
	switch {
	case u.userID != userID:
		return errTicketUser
	case uint64(u.sdkAppID) != sdkAppID:
		return errTicketApp
	case !u.opens(roomIDType, roomID):
		return errUserbufRoom
	case at.Unix() >= int64(u.expires):
		return errTicketExpired
	}
	return nil
}

func (u userbuf) opens(roomIDType uint64, roomID string) bool {
	if roomIDType == roomIDTypeInteger {
		return u.version == 0 && strconv.FormatUint(uint64(u.integer), 10) == roomID
	}
	return u.version == 1 && u.integer == 0 && u.room == roomID
}

// fieldReader takes big-endian fields off the front of raw. Once a field is cut
// short, ok is false and every further field is zero.
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
