package trtcmock

import (
	"bytes"
	"compress/zlib"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// maxTicketBytes bounds what a ticket may unpack to; a real one has hundreds.
const maxTicketBytes = 64 << 10

var (
	errTicketForm    = errors.New("it is not a ticket of version 2.0")
	errTicketUser    = errors.New("it is for another user")
	errTicketApp     = errors.New("it is for another app")
	errTicketExpired = errors.New("it has expired")
	errTicketSigned  = errors.New("it is not signed with the key of the app")
)

// ticket is what a UserSig or PrivateMapKey says.
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
	if err != nil {
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

// check says whether the ticket lets the user into the app at the given time.
func (t ticket) check(sdkAppID uint64, userID, appKey string, at time.Time) error {
	switch {
	case t.Identifier != userID:
		return errTicketUser
	case t.SdkAppID != sdkAppID:
		return errTicketApp
	case !t.signedWith(appKey):
		return errTicketSigned
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
