package provider_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
)

// The secrets of the canary runs. What a text must not hold is the part in
// canaries, so that a half, escaped or decoded quotation counts too.
const (
	canarySecretKey = "canaryAPIkey7Qw2"
	canaryToken     = "canarySTStoken9Zx4"
	canaryAppKey    = "c0ffee0bad5eed0c0ffee0bad5eed0c0ffee0bad5eed0c0ffee0bad5eed0cafe"
	canaryPassword  = "canaryPASSword3Rt"
	canarySignature = "canarySIGNature5Yu"

	// canaryURL has what escaping changes: JSON writes & as \u0026.
	canaryURL = "https://viewer:" + canaryPassword + "@example.com/live.flv?expires=4102444800&sign=" + canarySignature + "&user=a%26b"
)

// inURL are the secrets that an ordinary stream_url, unlike stream_url_wo,
// takes into plan and state.
const inURL = "stream URL"

// inTicket is what an ordinary user_sig or private_map_key takes there.
const inTicket = "ticket"

func canaries() map[string][]string {
	return map[string][]string{
		"secret key":      {canarySecretKey[:12]},
		"security token":  {canaryToken[:12]},
		"application key": {canaryAppKey[:32], canaryAppKey[32:]},
		inURL:             {canaryPassword, canarySignature},
	}
}

// leaks names the secrets that a text holds.
func leaks(text string) []string {
	var found []string
	for name, parts := range canaries() {
		for _, part := range parts {
			if strings.Contains(text, part) {
				found = append(found, name)
				break
			}
		}
	}
	if holdsTicket(text) {
		found = append(found, inTicket)
	}
	return found
}

// holdsTicket finds every ticket, whoever minted it and when, and the first
// part of one: all of them are compressed in the same way.
func holdsTicket(text string) bool {
	const start = "eJ"
	for at := strings.Index(text, start); at >= 0; {
		if strings.Contains(unpacked(text[at:]), `"TLS.`) {
			return true
		}
		next := strings.Index(text[at+1:], start)
		if next < 0 {
			return false
		}
		at += 1 + next
	}
	return false
}

// unpacked is as much of a ticket as can be read.
func unpacked(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-", r)
	})
	if end < 0 {
		end = len(text)
	}
	packed, err := base64.RawStdEncoding.DecodeString(strings.NewReplacer("*", "+", "-", "/").Replace(text[:end/4*4]))
	if err != nil {
		return ""
	}
	reader, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return ""
	}
	// A ticket that is cut, or that something follows, ends in an error.
	document, _ := io.ReadAll(io.LimitReader(reader, 4096))
	return string(document)
}

// TestCanariesAreFound: a search that finds nothing proves nothing unless it
// finds what is there.
func TestCanariesAreFound(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	userSig := world.UserSig(t, acctest.UserID)
	world.Clock.Advance(time.Hour)
	for name, text := range map[string]string{
		"secret key":      "{\"k\":\"" + canarySecretKey + "\"}",
		"security token":  "X-TC-Token: " + canaryToken,
		"application key": "key is " + canaryAppKey[:32] + "…",
		inURL:             strings.ReplaceAll(canaryURL, "&", `\u0026`),
		inTicket:          "body " + userSig + "!",
		"ticket, cut":     "UserSig=" + userSig[:len(userSig)/2],
		"ticket, inside":  "\xd9\xb8" + userSig + "\xa5eJxy",
		"ticket, later":   "eJeJ " + world.PrivateMapKey(t, "somebody-else", 7),
	} {
		want, _, _ := strings.Cut(name, ",")
		if found := leaks(text); len(found) != 1 || found[0] != want {
			t.Errorf("%s: found %v in %q", name, found, text)
		}
	}
	for _, harmless := range []string{"", "eJ", "eJxy", acctest.SecretID, "https://example.com/live.flv", strings.Repeat("eJ", 100)} {
		if found := leaks(harmless); len(found) > 0 {
			t.Errorf("found %v in %q", found, harmless)
		}
	}
}
