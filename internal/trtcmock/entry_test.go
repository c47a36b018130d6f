package trtcmock

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"testing"
)

// mintUserSig makes a UserSig the way the reference describes it.
func mintUserSig(t *testing.T, o officialTicket) string {
	t.Helper()
	const issued, expire = 1795425568, 60
	mac := hmac.New(sha256.New, []byte(o.SdkSecretKey))
	_, _ = fmt.Fprintf(mac, "TLS.identifier:%s\nTLS.sdkappid:%d\nTLS.time:%d\nTLS.expire:%d\n",
		o.UserID, o.SdkAppID, issued, expire)
	return packTicket(t, fmt.Sprintf(
		`{"TLS.ver":"2.0","TLS.identifier":%q,"TLS.sdkappid":%d,"TLS.expire":%d,"TLS.time":%d,"TLS.sig":%q}`,
		o.UserID, o.SdkAppID, expire, issued, base64.StdEncoding.EncodeToString(mac.Sum(nil))))
}

func TestStartWithBothTickets(t *testing.T) {
	t.Parallel()
	official := officialTickets(t)
	first := official[1] // a PrivateMapKey of an integer room
	start := changed(first.entering(), map[string]any{"UserSig": mintUserSig(t, first)})
	for name, test := range map[string]struct {
		changes map[string]any
		want    string
	}{
		"both right":                 {nil, ""},
		"no PrivateMapKey":           {map[string]any{"PrivateMapKey": nil}, codeMissingParameter},
		"PrivateMapKey of another":   {map[string]any{"PrivateMapKey": official[4].Token}, codeInvalidParameter},
		"PrivateMapKey is a UserSig": {map[string]any{"PrivateMapKey": start["UserSig"]}, codeInvalidParameter},
		"UserSig is a PrivateMapKey": {map[string]any{"UserSig": first.Token}, codeInvalidUserSig},
		"UserSig of another":         {map[string]any{"UserSig": official[0].Token}, codeInvalidUserSig},
		"other room":                 {map[string]any{"RoomId": "17"}, codeInvalidParameter},
		"other app":                  {map[string]any{"SdkAppId": first.SdkAppID + 1}, codeInvalidUserSig},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(o *Options) {
				o.AnyAppKey = first.SdkSecretKey
				o.PrivilegedApps = map[uint64]bool{first.SdkAppID: true}
			})
			b.wantCode(b.call("StartStreamIngest", changed(start, test.changes)), test.want)
		})
	}
}
