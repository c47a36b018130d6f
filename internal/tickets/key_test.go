package tickets

import (
	"errors"
	"strings"
	"testing"
)

func TestNewKey(t *testing.T) {
	t.Parallel()
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
			if !errors.As(err, &wrong) || wrong.Length != c.length {
				t.Fatalf("error is %v, want a KeyError with length %d", err, c.length)
			}
			if !key.IsZero() {
				t.Error("a key came with the error")
			}
			if tells := strings.Contains(err.Error(), "bytes long"); tells != (c.length != KeyLength) {
				t.Errorf("error is %v", err)
			}
		})
	}
	for _, text := range []string{strings.Repeat("0", 64), strings.Repeat("9af", 21) + "0"} {
		if key, err := NewKey(text); err != nil || key.IsZero() {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := NewKey(""); !errors.Is(err, ErrEmptyKey) {
		t.Errorf("empty: error is %v, want ErrEmptyKey", err)
	}
}
