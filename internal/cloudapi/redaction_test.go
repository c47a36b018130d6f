package cloudapi_test

import (
	"bytes"
	"encoding/json"
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
