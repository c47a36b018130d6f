package trtcmock

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestDefaults(t *testing.T) {
	t.Parallel()
	one, other := Options{}.withDefaults(), Options{}.withDefaults()
	if one.RequestsPerSecond != 20 || time.Since(one.Now()).Abs() > time.Minute || one.Sleep(t.Context(), 0) != nil {
		t.Error("a default is wrong")
	}
	if one.Rand.Uint64() == other.Rand.Uint64() {
		t.Error("two servers have the same seed")
	}
	if unlimited := (Options{RequestsPerSecond: -1}).withDefaults(); unlimited.RequestsPerSecond != -1 {
		t.Errorf("rate %d", unlimited.RequestsPerSecond)
	}
}

func TestOptions_Format(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(o *Options) {
		o.AnyAppKey, o.CallbackKey = "canary-app-key", "canary-callback-key"
		o.AppKeys = map[uint64]string{7: "canary-app-key"}
		o.Tokens = map[string]string{testSecretID: "canary-token"}
	})
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		for _, value := range []any{s.options, &s.options, s.Server} {
			if text := fmt.Sprintf(format, value); !strings.Contains(text, "redacted") || strings.Contains(text, "canary") {
				t.Errorf("%s of %T prints %s", format, value, text)
			}
		}
	}
	if text := slog.AnyValue(s.options).Resolve().String(); strings.Contains(text, "canary") {
		t.Errorf("it logs %s", text)
	}
}
