package cloudapi_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// shown returns every form in which a value may reach a log or a terminal.
func shown(t *testing.T, value any) map[string]string {
	t.Helper()
	forms := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
		forms[verb] = fmt.Sprintf(verb, value)
	}
	if encoded, err := json.Marshal(value); err == nil {
		forms["json"] = string(encoded)
	}
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var log bytes.Buffer
		slog.New(handler(&log)).Info("m", "value", value)
		forms[name] = log.String()
	}
	return forms
}

func expectNoCanary(t *testing.T, value any) {
	t.Helper()
	for form, text := range shown(t, value) {
		for _, hidden := range []string{"canary", fmt.Sprintf("%x", "canary"), fmt.Sprintf("%X", "canary")} {
			if strings.Contains(text, hidden) {
				t.Errorf("%s shows a secret: %s", form, text)
			}
		}
	}
}

func TestHoldersOfKeysShowNone(t *testing.T) {
	t.Parallel()
	type holder struct {
		Name       string
		Credential cloudapi.Credential
		Pointer    *cloudapi.Credential
	}
	credential := temporaryKey()
	var kept journal
	caller := inMemory(answering(t, &kept, http.StatusOK, goodAnswer))
	if _, err := caller.Call(t.Context(), credential, start(), &taskAnswer{}); err != nil {
		t.Fatal(err)
	}
	request := start()
	request.Parameters = map[string]string{"UserSig": "canary-user-sig"}
	request.Confidential = []secret.Text{secret.New("canary-user-sig")}
	for name, value := range map[string]any{
		"credential":            credential,
		"pointer to credential": &credential,
		"credential in a field": holder{Name: "n", Credential: credential},
		"list of credentials":   []cloudapi.Credential{credential},
		"credential as a key":   map[cloudapi.Credential]int{credential: 1},
		"caller":                caller,
		"request":               request,
		"pointer to request":    &request,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectNoCanary(t, value)
		})
	}
	if text := credential.String() + credential.GoString(); strings.Contains(text, "canary") {
		t.Errorf("the credential shows itself: %s", text)
	}
	if id, key, token := credential.GetCredential(); id != canaryID || key != canaryKey || token != canaryToken {
		t.Error("GetCredential does not return the values")
	}
	if credential.GetSecretId() != canaryID || credential.GetSecretKey() != canaryKey || credential.GetToken() != canaryToken {
		t.Error("the getters do not return the values")
	}
}

func TestRequestPrintsWhereItGoes(t *testing.T) {
	t.Parallel()
	const want = `StartStreamIngest in region "ap-singapore" at https://trtc.intl.tencentcloudapi.com`
	if got := fmt.Sprintf("%+v", start()); got != want {
		t.Errorf("a request prints as %q, want %q", got, want)
	}
}

// TestMessageIsPresentable lets the service quote the secrets of the request.
func TestMessageIsPresentable(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ message, want string }{
		"plain":      {message: "The room is wrong.", want: "The room is wrong."},
		"key ID":     {message: "SecretId " + canaryID + " is gone", want: "SecretId (redacted) is gone"},
		"key":        {message: canaryKey + canaryKey, want: "(redacted)(redacted)"},
		"token":      {message: "token '" + canaryToken + "'", want: "token '(redacted)'"},
		"ticket":     {message: "UserSig canary-user-sig expired", want: "UserSig (redacted) expired"},
		"longer one": {message: "canary-user-sig-and-more", want: "(redacted)"},
		"URL": {
			message: "cannot pull https://u:p@example.com:80/a/b@c?d=canary#e, sorry",
			want:    "cannot pull https://(redacted)@example.com:80/a/b@c?(redacted) sorry",
		},
		"URLs":           {message: "'RTMP://a/b#canary' <http://canary@c> file:///d", want: "'RTMP://a/b#(redacted)' <http://(redacted)@c> file:///d"},
		"control":        {message: "a\x1b[31mb\r\nc\u202ed\te", want: "a [31mb  c d e"},
		"other language": {message: "参数错误：房间。", want: "参数错误：房间。"},
		"white space":    {message: "\n denied \n", want: "denied"},
		"limit":          {message: strings.Repeat("a", 512), want: strings.Repeat("a", 512)},
		"over the limit": {message: strings.Repeat("a", 513), want: strings.Repeat("a", 509) + "…"},
		"cut in a rune":  {message: strings.Repeat("a", 508) + "房间", want: strings.Repeat("a", 508) + "…"},
		"cut in a key":   {message: strings.Repeat("a", 505) + canaryKey, want: strings.Repeat("a", 505) + "(red…"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := json.Marshal(map[string]any{"Response": map[string]any{"Error": map[string]string{"Code": "X.Y", "Message": c.message}}})
			if err != nil {
				t.Fatal(err)
			}
			request := start()
			request.Confidential = []secret.Text{{}, secret.New("canary-user-sig"), secret.New("canary-user-sig-and-more")}
			var kept journal
			_, err = inMemory(answering(t, &kept, http.StatusOK, string(body))).Call(t.Context(), temporaryKey(), request, &taskAnswer{})
			var refused *cloudapi.APIError
			if !errors.As(err, &refused) || refused.Message != c.want {
				t.Fatalf("error = %v, want the message %q", err, c.want)
			}
			expectNoCanary(t, err)
			if len(err.Error()) > 1<<10 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
		})
	}
}
