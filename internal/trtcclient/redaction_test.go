package trtcclient_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func TestHoldersOfSecretsShowNone(t *testing.T) {
	t.Parallel()
	start, update, client := startInput(), updateInput(), newService(t, success()).client()
	if _, err := client.Start(t.Context(), region, start); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]any{
		"start": start, "pointer to start": &start, "update": update, "pointer to update": &update, "client": client,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var text strings.Builder
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
				fmt.Fprintf(&text, verb+"\n", value)
			}
			if encoded, err := json.Marshal(value); err == nil {
				text.Write(encoded)
			}
			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, nil)).Info("m", "value", value)
			slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "value", value)
			text.Write(log.Bytes())
			for _, hidden := range []string{"canary", fmt.Sprintf("%x", "canary")} {
				if strings.Contains(text.String(), hidden) {
					t.Errorf("a secret is shown:\n%s", text.String())
				}
			}
		})
	}
}

// TestMessagesQuoteNoSecret lets the service quote what a start or update
// carries, as a whole or in parts.
func TestMessagesQuoteNoSecret(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ address, quoted, want string }{
		"login ticket":      {address: "https://example.com", quoted: "The UserSig " + canaryUserSig + " has expired.", want: "The UserSig (redacted) has expired."},
		"entry ticket":      {address: "https://example.com", quoted: canaryMapKey, want: "(redacted)"},
		"password":          {address: "https://user:canary@example.com/a", quoted: "user canary", want: "user (redacted)"},
		"escaped password":  {address: "https://user:%2Fcanary@example.com/a", quoted: "/canary %2Fcanary", want: "(redacted) (redacted)"},
		"user alone":        {address: "https://canary@example.com/a", quoted: "user canary", want: "user (redacted)"},
		"query":             {address: "https://example.com/a?sign=canary", quoted: "at sign=canary", want: "at (redacted)"},
		"value":             {address: "https://example.com/a?n=1&sign=canary", quoted: "1 sign, canary", want: "1 sign, (redacted)"},
		"escaped value":     {address: "https://example.com/a?sign=%2Fcanary", quoted: "/canary %2Fcanary", want: "(redacted) (redacted)"},
		"value not escaped": {address: "https://example.com/a?sign=%zzcanary", quoted: "%zzcanary", want: "(redacted)"},
		"path":              {address: "rtmp://example.com/canary-stream-key", quoted: "not rtmp://example.com/canary-stream-key.", want: "not (redacted)."},
		"part of the path":  {address: "rtmp://example.com/canary-stream-key", quoted: "key canary-stream-key is old", want: "key (redacted) is old"},
		"what is no URL":    {address: "rtmp://a/%zz canary", quoted: "rtmp://a/%zz canary", want: "(redacted)"},
		"escaped for JSON":  {address: "https://example.com/a?b=1&c=canary", quoted: `https://example.com/a?b=1\u0026c=canary`, want: `(redacted)\u0026c=(redacted)`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			encoded, err := json.Marshal(c.quoted)
			if err != nil {
				t.Fatal(err)
			}
			answer := `{"Response":{"Error":{"Code":"InvalidParameter","Message":` + string(encoded) + `},"RequestId":"request"}}`
			client := newService(t, body(200, answer)).client()
			start, update := startInput(), updateInput()
			start.StreamURL, update.StreamURL = secret.New(c.address), secret.New(c.address)
			_, err = client.Start(t.Context(), region, start)
			expectClean(t, err)
			if want := startAction + ": InvalidParameter: " + c.want; err == nil || err.Error() != want {
				t.Errorf("error = %v, want %s", err, want)
			}
			if strings.HasSuffix(name, "ticket") {
				return // An update carries none.
			}
			_, err = client.Update(t.Context(), task(), update)
			if want := updateAction + ": InvalidParameter: " + c.want; err == nil || err.Error() != want {
				t.Errorf("error = %v, want %s", err, want)
			}
		})
	}
}
