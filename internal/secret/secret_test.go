package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const canary = "canary-3f9c"

func TestText_IsRedacted(t *testing.T) {
	t.Parallel()
	type holder struct {
		Name   string
		Text   secret.Text
		hidden secret.Text
	}
	text := secret.New(canary)
	shown := map[string]string{"String": text.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T|%v"} {
		args := []any{text, text}[:strings.Count(verb, "%")]
		shown[verb] = fmt.Sprintf(verb, args...)
		shown["holder "+verb] = fmt.Sprintf(verb, []any{holder{"n", text, text}, text}[:strings.Count(verb, "%")]...)
	}
	encoded, err := json.Marshal(holder{"n", text, text})
	if err != nil {
		t.Fatal(err)
	}
	shown["json"] = string(encoded)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "text", text, "holder", holder{"n", text, text})
	shown["slog"] = log.String()
	for how, got := range shown {
		if strings.Contains(got, canary) || strings.Contains(got, fmt.Sprintf("%x", canary)) {
			t.Errorf("%s shows the secret: %s", how, got)
		}
	}
	if secret.New(canary) != text || secret.New("other") == text {
		t.Error("texts do not compare by value")
	}
	if text.Reveal() != canary || text.IsEmpty() {
		t.Error("Reveal does not return the value")
	}
	if !(secret.Text{}).IsEmpty() {
		t.Error("the zero Text is not empty")
	}
}

func TestText_Decoded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		encoded string
		want    secret.Text
		fails   bool
	}{
		"string":  {`{"text":"` + canary + `"}`, secret.New(canary), false},
		"empty":   {`{"text":""}`, secret.Text{}, false},
		"missing": {`{}`, secret.Text{}, false},
		"null":    {`{"text":null}`, secret.Text{}, false},
		"number":  {`{"text":39}`, secret.Text{}, true},
		"object":  {`{"text":{"text":"` + canary + `"}}`, secret.Text{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var decoded struct {
				Text secret.Text `json:"text"`
			}
			err := json.Unmarshal([]byte(test.encoded), &decoded)
			if (err != nil) != test.fails || decoded.Text != test.want {
				t.Errorf("decoded %q, %v", decoded.Text.Reveal(), err)
			}
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("the error quotes the secret: %v", err)
			}
		})
	}
}
