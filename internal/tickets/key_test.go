package tickets

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func keyOf(t testing.TB, digit string) Key {
	t.Helper()
	return must(NewKey(strings.Repeat(digit, KeyLength)))(t)
}

func TestNewKey(t *testing.T) {
	t.Parallel()
	const form = "must be 64 lower-case hexadecimal digits, as the TRTC console shows them; this value "
	for name, test := range map[string]struct{ text, want string }{
		"too short":        {strings.Repeat("a", 63), "is 63 bytes long"},
		"newline at end":   {strings.Repeat("a", 64) + "\n", "is 65 bytes long"},
		"secret of an API": {"Gu5t9xGARNpq86cd98joQYCN3Cozk1qA", "is 32 bytes long"},
		"upper case":       {strings.Repeat("A", 64), "contains other characters"},
		"not hexadecimal":  {strings.Repeat("a", 63) + "g", "contains other characters"},
		"not ASCII":        {strings.Repeat("é", 32), "contains other characters"},
	} {
		key, err := NewKey(test.text)
		expectRule(t, err, FieldKey, form+test.want)
		if !key.IsEmpty() {
			t.Errorf("%s: a key came with the error", name)
		}
	}
	if key, err := NewKey(canary); err != nil || key.Reveal() != canary {
		t.Errorf("a key is refused: %v", err)
	}
	if _, err := NewKey(""); !errors.Is(err, ErrEmptyKey) {
		t.Errorf("empty: error is %v, want ErrEmptyKey", err)
	}
}

// canary is a key that must not be shown.
const canary = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00"

// TestKey_Redacted checks that a key, which embeds a secret.Text, does not show
// itself in any place of a value.
func TestKey_Redacted(t *testing.T) {
	t.Parallel()
	key := must(NewKey(canary))(t)
	for _, value := range []any{key, &key, struct{ Key Key }{key}, struct{ key Key }{key}, map[string]Key{"k": key}} {
		var shown strings.Builder
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&shown, verb, value)
		}
		slog.New(slog.NewJSONHandler(&shown, nil)).Info("m", "value", value)
		shown.Write(must(json.Marshal(value))(t))
		for _, form := range []string{canary, fmt.Sprintf("%x", canary), strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]")} {
			if strings.Contains(shown.String(), form) {
				t.Errorf("%T shows the key: %s", value, shown.String())
			}
		}
	}
}
