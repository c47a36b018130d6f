package cloudapi_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const canaryTicket = "canary-user-sig/with+more"

// Identifiers of the call that refuse makes, which a message may quote.
const room, taskID = "the-room-of-a-long-name-1234", "0123456789abcdef0123456789abcdef"

// refuse returns the error of a call that is refused with a code and a message. Its
// secrets are a key, a ticket, and the passwords "canary" and "x".
func refuse(t *testing.T, code, message string) error {
	t.Helper()
	body, err := json.Marshal(map[string]any{"Response": map[string]any{"Error": map[string]string{"Code": code, "Message": message}, "RequestId": goodID}})
	if err != nil {
		t.Fatal(err)
	}
	request := start()
	request.Parameters = map[string]string{"RoomId": room, "TaskId": taskID, "UserSig": canaryTicket}
	request.Secrets = []secret.Text{{}, secret.New(canaryTicket), secret.New("canary"), secret.New("x")}
	return call(t, respond(http.StatusOK, string(body)), request)
}

func TestAPIError_Message(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"a\x1b[31mb\r\nc\u202ed\te":                                           "a [31mb  c d e",
		"参数错误：房间。":                                                            "参数错误：房间。",
		"\n denied \n":                                                        "denied",
		strings.Repeat(".", 512):                                              strings.Repeat(".", 512),
		strings.Repeat(".", 513):                                              strings.Repeat(".", 509) + "…",
		strings.Repeat(".", 508) + "房间":                                       strings.Repeat(".", 508) + "…",
		"SecretId " + canaryID + " is gone":                                   "SecretId (redacted) is gone",
		"key " + canaryKey:                                                    "key (redacted)",
		"token '" + canaryToken + "'":                                         "token '(redacted)'",
		"UserSig " + canaryTicket + " expired":                                "UserSig (redacted) expired",
		"two " + canaryKey + canaryTicket:                                     "two (redacted)(redacted)",
		"a word" + canaryKey + "s":                                            "a word(redacted)s",
		"escaped " + url.QueryEscape(canaryTicket):                            "escaped (redacted)",
		"it is canary, and canary again":                                      "it is (redacted), and (redacted) again",
		"The task exists: x, 'x', fox.":                                       "The task exists: (redacted), '(redacted)', fox.",
		"pull https://u:p@example.com:80/a/b@c?d=x#e, sorry":                  "pull https://(redacted)@example.com:80/a/b@c?(redacted) sorry",
		"'RTMP://a/b#x' <http://x@c> file:///d":                               "'RTMP://a/b#(redacted)' <http://(redacted)@c> file:///d",
		"url=https%3A%2F%2Fu%3Ap%40e.com%3Fd, and":                            "url=(redacted) and",
		"Task " + taskID + " plays in room=" + room + " (" + goodID + ") now": "Task " + taskID + " plays in room=" + room + " (" + goodID + ") now",
	} {
		err := refuse(t, "X.Y", message)
		if refused, ok := errors.AsType[*cloudapi.APIError](err); !ok || refused.Message != want || refused.RequestID != goodID {
			t.Errorf("error = %v, want the message %q", err, want)
		}
		expectNoCanary(t, err)
	}
}

// TestAPIError_EncodedSecret lets the service quote the request in other encodings,
// and a half of a secret.
func TestAPIError_EncodedSecret(t *testing.T) {
	t.Parallel()
	for name, encoded := range map[string]string{
		"base64 of the body": base64.StdEncoding.EncodeToString([]byte(`{"UserSig":"` + canaryTicket + `"}`)),
		"base64url":          base64.RawURLEncoding.EncodeToString([]byte(canaryTicket)),
		"hexadecimal":        hex.EncodeToString([]byte(canaryKey)),
		"upper case":         strings.ToUpper(canaryTicket),
		"part":               canaryTicket[:len(canaryTicket)-1],
		"signature":          strings.Repeat("0123456789abcdef", 4),
	} {
		err := refuse(t, "X.Y", "The value "+encoded+" of "+encoded[:20])
		if refused, ok := errors.AsType[*cloudapi.APIError](err); !ok || refused.Message != "The value (redacted)" {
			t.Errorf("%s: error = %v, want the message cut at the value", name, err)
		}
		if name != "part" {
			_ = expectFailure(t, refuse(t, "InvalidParameter."+encoded, "no"), cloudapi.Ambiguous, cloudapi.Unreadable, 200)
		}
	}
}

// TestAPIError_CutMessage moves a secret over the place where a message is cut.
func TestAPIError_CutMessage(t *testing.T) {
	t.Parallel()
	for before := 470; before < 520; before++ {
		for _, filling := range []string{strings.Repeat(".", before), strings.Repeat(canaryKey+" ", before)} {
			if err := refuse(t, "X.Y", filling+canaryToken); strings.Contains(err.Error(), canaryToken[:3]) {
				t.Fatalf("with %d bytes before it the secret shows: %.600s", before, err)
			}
		}
	}
}

// TestAPIError_Code lets the service put a secret where a code belongs.
func TestAPIError_Code(t *testing.T) {
	t.Parallel()
	for _, code := range []string{canaryID, "InvalidParameter." + canaryID, "Key=" + canaryKey, canaryTicket, "a b", "a\nb", "ä", ""} {
		_ = expectFailure(t, refuse(t, code, "no"), cloudapi.Ambiguous, cloudapi.Unreadable, 200)
	}
	// A password can be part of a word.
	if refused, ok := errors.AsType[*cloudapi.APIError](refuse(t, "A.canary", "no")); !ok || refused.Code != "A.canary" {
		t.Errorf("error = %v, want the code as it is", refused)
	}
}

// expectNoCanary checks that no form in which a value may reach a log or a terminal
// shows a canary.
func expectNoCanary(t *testing.T, value any) {
	t.Helper()
	var forms bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
		fmt.Fprintf(&forms, verb+"\n", value)
	}
	if encoded, err := json.Marshal(value); err == nil {
		forms.Write(encoded)
	}
	slog.New(slog.NewTextHandler(&forms, nil)).Info("m", "value", value)
	slog.New(slog.NewJSONHandler(&forms, nil)).Info("m", "value", value)
	for _, hidden := range []string{"canary", fmt.Sprintf("%x", "canary"), fmt.Sprintf("%X", "canary")} {
		if strings.Contains(forms.String(), hidden) {
			t.Errorf("%T shows a secret:\n%s", value, forms.String())
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	credential, client := temporaryKey(), newClient(respond(http.StatusOK, goodResponse).roundTrip)
	if _, err := client.Call(t.Context(), credential, start(), &taskOutput{}); err != nil {
		t.Fatal(err)
	}
	request := start()
	request.Parameters, request.Secrets = map[string]string{"UserSig": canaryTicket}, []secret.Text{secret.New(canaryTicket)}
	holders := []any{credential, &credential, []cloudapi.Credential{credential}, map[cloudapi.Credential]int{credential: 1}, client, request, &request}
	for _, value := range holders {
		expectNoCanary(t, value)
	}
	const want = `StartStreamIngest in region "ap-singapore" at https://trtc.intl.tencentcloudapi.com`
	if got := fmt.Sprintf("%+v", request); got != want {
		t.Errorf("a request prints as %q, want %q", got, want)
	}
}
