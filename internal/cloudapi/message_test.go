package cloudapi_test

import (
	"encoding/json"
	"errors"
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
	request.Confidential = []secret.Text{{}, secret.New(canaryTicket), secret.New("canary")}
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
		"limit":          {message: strings.Repeat("a", 512), want: strings.Repeat("a", 512)},
		"over the limit": {message: strings.Repeat("a", 513), want: strings.Repeat("a", 509) + "…"},
		"cut in a rune":  {message: strings.Repeat("a", 508) + "房间", want: strings.Repeat("a", 508) + "…"},
		"key ID":         {message: "SecretId " + canaryID + " is gone", want: "SecretId (redacted) is gone"},
		"key":            {message: canaryKey, want: "(redacted)"},
		"token":          {message: "token '" + canaryToken + "'", want: "token '(redacted)'"},
		"ticket":         {message: "UserSig " + canaryTicket + " expired", want: "UserSig (redacted) expired"},
		"two in a row":   {message: canaryKey + canaryTicket, want: "(redacted)"},
		"first half":     {message: "ticket " + canaryTicket[:12] + "...", want: "ticket (redacted)..."},
		"second half":    {message: "ticket ..." + canaryTicket[13:], want: "ticket ...(redacted)"},
		"escaped":        {message: url.QueryEscape(canaryTicket), want: "(redacted)%2Fwith%2Bmore"},
		"short":          {message: "it is canary, and canary again", want: "it is (redacted), and (redacted) again"},
		"URL": {
			message: "cannot pull https://u:p@example.com:80/a/b@c?d=x#e, sorry",
			want:    "cannot pull https://(redacted)@example.com:80/a/b@c?(redacted) sorry",
		},
		"more URLs":    {message: "'RTMP://a/b#x' <http://x@c> file:///d", want: "'RTMP://a/b#(redacted)' <http://(redacted)@c> file:///d"},
		"escaped URL":  {message: "url=https%3A%2F%2Fu%3Ap%40example.com%3Fd, and", want: "url=(redacted) and"},
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
		canaryID, "InvalidParameter." + canaryID, "InvalidParameter." + canaryID[:12], "Key=" + canaryKey, canaryTicket, "a b", "a\nb", "ä",
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
