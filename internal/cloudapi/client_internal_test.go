package cloudapi

import (
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// TestRedactShortSecret checks that a short secret is removed as a word of its
// own only: it is part of many words that have nothing to do with it.
func TestRedactShortSecret(t *testing.T) {
	t.Parallel()
	secrets := newRedactor([]secret.Text{secret.New("x")})
	if got, want := secrets.redact("The task exists: x, 'x', fox."), "The task exists: (redacted), '(redacted)', fox."; got != want {
		t.Errorf("redact = %q, want %q", got, want)
	}
}
