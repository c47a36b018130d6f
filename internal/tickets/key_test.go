package tickets

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func keyOf(t failer, digit string) Key {
	t.Helper()
	return must(NewKey(strings.Repeat(digit, KeyLength)))(t)
}

func TestNewKey(t *testing.T) {
	t.Parallel()
	const form = "the SDKSecretKey must be 64 lower-case hexadecimal digits, as the console shows it; "
	for name, c := range map[string]struct {
		text   string
		length int
	}{
		"too short":        {strings.Repeat("a", 63), 63},
		"too long":         {strings.Repeat("a", 65), 65},
		"newline at end":   {strings.Repeat("a", 64) + "\n", 65},
		"upper case":       {strings.Repeat("A", 64), 64},
		"not hexadecimal":  {strings.Repeat("a", 63) + "g", 64},
		"slash":            {strings.Repeat("a", 63) + "/", 64},
		"colon":            {":" + strings.Repeat("a", 63), 64},
		"grave":            {strings.Repeat("a", 30) + "`" + strings.Repeat("a", 33), 64},
		"wide characters":  {strings.Repeat("é", 32), 64},
		"secret of an API": {"Gu5t9xGARNpq86cd98joQYCN3Cozk1qA", 32},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, err := NewKey(c.text)
			var wrong *KeyError
			if !errors.As(err, &wrong) || wrong.Length != c.length || !key.IsEmpty() {
				t.Fatalf("key %v, error %v, want a KeyError with length %d", key, err, c.length)
			}
			want := form + "this one holds other characters"
			if c.length != KeyLength {
				want = fmt.Sprintf("%sthis one is %d bytes long", form, c.length)
			}
			if err.Error() != want {
				t.Errorf("error is %v, want %s", err, want)
			}
		})
	}
	for _, text := range []string{strings.Repeat("0", 64), strings.Repeat("9af", 21) + "0"} {
		if key, err := NewKey(text); err != nil || key.Reveal() != text {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := NewKey(""); !errors.Is(err, ErrEmptyKey) {
		t.Errorf("empty: error is %v, want ErrEmptyKey", err)
	}
}

const canary = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00"

type exportedHolder struct {
	Name string
	Key  Key
}

type unexportedHolder struct {
	name string
	key  Key
}

// expectNoCanary fails when shown holds the canary, as it is or encoded.
func expectNoCanary(t *testing.T, how, shown string) {
	t.Helper()
	for _, form := range []string{
		canary,
		fmt.Sprintf("%x", canary),
		strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]"),
		base64.StdEncoding.EncodeToString([]byte(canary))[:80],
	} {
		if strings.Contains(strings.ToLower(shown), strings.ToLower(form)) {
			t.Errorf("%s shows the key: %s", how, shown)
		}
	}
}

func TestKeyIsNeverPrinted(t *testing.T) {
	t.Parallel()
	key := must(NewKey(canary))(t)
	for name, value := range map[string]any{
		"key":              key,
		"pointer":          &key,
		"exported field":   exportedHolder{"n", key},
		"unexported field": unexportedHolder{"n", key},
		"slice":            []Key{key},
		"map":              map[string]Key{"k": key},
		"nested":           &[]any{unexportedHolder{"n", key}},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%o", "%b", "%p", "%T %[1]v", "%10.80s"} {
			expectNoCanary(t, name+" "+verb, fmt.Sprintf(verb, value))
		}
	}
	if got := fmt.Sprintf("%s|%#v|%d|%v", key, key, key, exportedHolder{"n", key}); got != "(redacted)|(redacted)|(redacted)|{n (redacted)}" {
		t.Errorf("the key prints as %s", got)
	}
}

func TestKeyIsNeverEncodedOrLogged(t *testing.T) {
	t.Parallel()
	key := must(NewKey(canary))(t)
	holder := exportedHolder{"n", key}
	if encoded := must(json.Marshal(holder))(t); string(encoded) != `{"Name":"n","Key":"(redacted)"}` {
		t.Errorf("the key encodes as %s", encoded)
	}
	expectNoCanary(t, "json map", string(must(json.Marshal(map[string]any{"k": &key}))(t)))
	expectNoCanary(t, "xml", string(must(xml.Marshal(holder))(t)))
	var stream, log bytes.Buffer
	if err := gob.NewEncoder(&stream).Encode(holder); err == nil {
		expectNoCanary(t, "gob", stream.String())
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).With("with", key).Info("message",
			"key", key, "pointer", &key, "exported", holder, "unexported", unexportedHolder{"n", key}, slog.Group("group", "key", key))
	}
	expectNoCanary(t, "slog", log.String())
	if got := strings.Count(log.String(), secret.Redacted); got < 6 {
		t.Errorf("the log redacts %d keys: %s", got, log.String())
	}
}
