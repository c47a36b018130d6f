package trtcclient_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

func TestHoldersOfSecretsShowNone(t *testing.T) {
	t.Parallel()
	start, update, client := startInput(), updateInput(), newService(t, success()).client()
	if _, err := client.StartStreamIngest(t.Context(), region, start); err != nil {
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
	for name, c := range map[string]struct{ address, quoted string }{
		"login ticket":     {address: "https://example.com", quoted: "The UserSig " + canaryUserSig + " has expired."},
		"entry ticket":     {address: "https://example.com", quoted: canaryMapKey},
		"password":         {address: "https://user:canary@example.com/a", quoted: "user canary"},
		"query":            {address: "https://example.com/a?sign=canary", quoted: "sign=canary"},
		"path":             {address: "rtmp://example.com/canary-stream-key", quoted: "no stream at rtmp://example.com/canary-stream-key."},
		"what is no URL":   {address: "rtmp://a/%zz canary", quoted: "rtmp://a/%zz canary"},
		"query of several": {address: "https://example.com/a?b=1&c=canary", quoted: "https://example.com/a?b=1&c=canary"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			encoded, err := json.Marshal(c.quoted)
			if err != nil {
				t.Fatal(err)
			}
			answer := `{"Response":{"Error":{"Code":"InvalidParameter","Message":` + string(encoded) + `},"RequestId":"r"}}`
			client := newService(t, body(200, answer)).client()
			start, update := startInput(), updateInput()
			start.StreamURL, update.StreamURL = secret.New(c.address), secret.New(c.address)
			_, err = client.StartStreamIngest(t.Context(), region, start)
			expectClean(t, err)
			if !trtcclient.IsError(err, "InvalidParameter") || !strings.Contains(err.Error(), secret.Redacted) {
				t.Errorf("error = %v, want InvalidParameter with something redacted", err)
			}
			if strings.HasSuffix(name, "ticket") {
				return
			}
			_, err = client.UpdateStreamIngest(t.Context(), region, update)
			expectClean(t, err)
		})
	}
}
