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

// refusedWith returns the error of a call that is refused with a message and
// a code, and that had a ticket and a short password in it.
func refusedWith(t *testing.T, code, message string) error {
	t.Helper()
	body, err := json.Marshal(map[string]any{"Response": map[string]any{"Error": map[string]string{"Code": code, "Message": message}}})
	if err != nil {
		t.Fatal(err)
	}
	request := start()
	request.Secrets = []secret.Text{{}, secret.New(canaryTicket), secret.New("canary")}
	var kept journal
	_, err = inMemory(answering(t, &kept, http.StatusOK, string(body))).Call(t.Context(), temporaryKey(), request, &taskAnswer{})
	return err
}

func TestMessageIsPresentable(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ message, want string }{
		"plain":          {message: "The room is wrong.", want: "The room is wrong."},
		"control":        {message: "a\x1b[31mb\r\nc\u202ed\te", want: "a [31mb  c d e"},
		"other language": {message: "参数错误：房间。", want: "参数错误：房间。"},
		"white space":    {message: "\n denied \n", want: "denied"},
		"limit":          {message: strings.Repeat(".", 512), want: strings.Repeat(".", 512)},
		"over the limit": {message: strings.Repeat(".", 513), want: strings.Repeat(".", 509) + "…"},
		"cut in a rune":  {message: strings.Repeat(".", 508) + "房间", want: strings.Repeat(".", 508) + "…"},
		"key ID":         {message: "SecretId " + canaryID + " is gone", want: "SecretId (redacted) is gone"},
		"key":            {message: canaryKey, want: "(redacted)"},
		"token":          {message: "token '" + canaryToken + "'", want: "token '(redacted)'"},
		"ticket":         {message: "UserSig " + canaryTicket + " expired", want: "UserSig (redacted) expired"},
		"two in a row":   {message: canaryKey + canaryTicket, want: "(redacted)"},
		"escaped":        {message: url.QueryEscape(canaryTicket), want: "(redacted)"},
		"short":          {message: "it is canary, and canary again", want: "it is (redacted), and (redacted) again"},
		"URL": {
			message: "cannot pull https://u:p@example.com:80/a/b@c?d=x#e, sorry",
			want:    "cannot pull https://(redacted)@example.com:80/a/b@c?(redacted) sorry",
		},
		"more URLs":    {message: "'RTMP://a/b#x' <http://x@c> file:///d", want: "'RTMP://a/b#(redacted)' <http://(redacted)@c> file:///d"},
		"escaped URL":  {message: "url=https%3A%2F%2Fu%3Ap%40example.com%3Fd, and", want: "url=(redacted)"},
		"much of them": {message: strings.Repeat(canaryKey, 1<<12) + "the end", want: "(redacted)"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := refusedWith(t, "X.Y", c.message)
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

// TestMessageIsCutAtAnEncodedSecret lets the service quote the request in other
// encodings.
func TestMessageIsCutAtAnEncodedSecret(t *testing.T) {
	t.Parallel()
	body := `{"UserSig":"` + canaryTicket + `"}`
	var escaped strings.Builder
	for _, b := range []byte(canaryKey) {
		fmt.Fprintf(&escaped, "%%%02x", b)
	}
	for name, encoded := range map[string]string{
		"base64 of the body": base64.StdEncoding.EncodeToString([]byte(body)),
		"base64url":          base64.RawURLEncoding.EncodeToString([]byte(canaryTicket)),
		"hexadecimal":        hex.EncodeToString([]byte(canaryKey)),
		"percent":            escaped.String(),
		"upper case":         strings.ToUpper(canaryTicket),
		"signature":          strings.Repeat("0123456789abcdef", 4),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var refused *cloudapi.APIError
			if err := refusedWith(t, "X.Y", "The value "+encoded+" of "+encoded[:20]); !errors.As(err, &refused) || refused.Message != "The value (redacted)" {
				t.Errorf("error = %v, want the message cut at the value", err)
			}
			if err := refusedWith(t, "InvalidParameter."+encoded, "no"); failure(t, err).Reason != cloudapi.Unreadable {
				t.Errorf("error = %v, want the code unreadable", err)
			}
		})
	}
}

// TestMessageNamesTheCall checks that identifiers of the call are no secrets.
func TestMessageNamesTheCall(t *testing.T) {
	t.Parallel()
	const room, task, id = "the-room-of-a-long-name-1234", "0123456789abcdef0123456789abcdef", "6c924bfe-1e6b-4bc3-9b93-000000000003"
	message := "Task " + task + " plays in room=" + room + " (" + id + "). "
	var kept journal
	request := start()
	request.Parameters = map[string]string{"RoomId": room, "TaskId": task}
	answer := `{"Response":{"Error":{"Code":"X","Message":"` + message + strings.Repeat("z", 24) + ` hidden"},"RequestId":"` + id + `"}}`
	_, err := inMemory(answering(t, &kept, http.StatusOK, answer)).Call(t.Context(), temporaryKey(), request, &taskAnswer{})
	var refused *cloudapi.APIError
	if !errors.As(err, &refused) || refused.Message != message+"(redacted)" || refused.RequestID != id {
		t.Errorf("error = %v, want the message %q", err, message+"(redacted)")
	}
}

// TestCutShowsNoPartOfASecret moves a secret over the places where a message
// is cut.
func TestCutShowsNoPartOfASecret(t *testing.T) {
	t.Parallel()
	for _, around := range []int{512, 4 << 10} {
		for before := around - 40; before < around+10; before++ {
			// What shrinks before the cut lets what follows it be shown.
			filling := strings.Repeat(canaryKey, before/len(canaryKey)+1)[:before-before%len(canaryKey)] + strings.Repeat(".", before%len(canaryKey))
			for _, message := range []string{strings.Repeat(".", before) + canaryKey, filling + "#" + canaryToken} {
				err := refusedWith(t, "X.Y", message)
				for length := 3; length <= len("canary"); length++ {
					if strings.Contains(err.Error(), "canary"[:length]) {
						t.Fatalf("with %d bytes before it the secret shows: %.600s", before, err)
					}
				}
			}
		}
	}
}

// TestCodeQuotesNoSecret lets the service put a secret where a code belongs.
func TestCodeQuotesNoSecret(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		canaryID, "InvalidParameter." + canaryID, "Key=" + canaryKey, canaryTicket, "a b", "a\nb", "ä",
	} {
		err := refusedWith(t, code, "no")
		if failed := failure(t, err); failed.Reason != cloudapi.Unreadable || failed.Outcome != cloudapi.Ambiguous {
			t.Errorf("error for code %q = %+v, want ambiguous, unreadable", code, failed)
		}
		expectNoCanary(t, err)
	}
	// A password can be part of a word.
	var refused *cloudapi.APIError
	if err := refusedWith(t, "A.canary", "no"); !errors.As(err, &refused) || refused.Code != "A.canary" {
		t.Errorf("error = %v, want the code as it is", err)
	}
}

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
	client := inMemory(answering(t, &kept, http.StatusOK, goodAnswer))
	if _, err := client.Call(t.Context(), credential, start(), &taskAnswer{}); err != nil {
		t.Fatal(err)
	}
	request := start()
	request.Parameters = map[string]string{"UserSig": "canary-user-sig"}
	request.Secrets = []secret.Text{secret.New("canary-user-sig")}
	for name, value := range map[string]any{
		"credential":            credential,
		"pointer to credential": &credential,
		"credential in a field": holder{Name: "n", Credential: credential},
		"list of credentials":   []cloudapi.Credential{credential},
		"credential as a key":   map[cloudapi.Credential]int{credential: 1},
		"client":                client,
		"request":               request,
		"pointer to request":    &request,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectNoCanary(t, value)
		})
	}
}

func TestRequestPrintsWhereItGoes(t *testing.T) {
	t.Parallel()
	const want = `StartStreamIngest in region "ap-singapore" at https://trtc.intl.tencentcloudapi.com`
	if got := fmt.Sprintf("%+v", start()); got != want {
		t.Errorf("a request prints as %q, want %q", got, want)
	}
}
