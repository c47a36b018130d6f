package cloudapi

import (
	"strconv"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

func TestSignersOfAnEarlierCredentialAreDropped(t *testing.T) {
	t.Parallel()
	client := NewClient(Config{})
	signer := func(generation int, region string) any {
		return client.signer(Credential{SecretID: "AKID", SecretKey: secret.New(strconv.Itoa(generation))}, region)
	}
	first := signer(1, "ap-singapore")
	if signer(1, "ap-singapore") != first {
		t.Error("the same credential and region give another signer")
	}
	if signer(1, "ap-mumbai") == first {
		t.Error("another region gives the same signer")
	}
	for generation := range 100 {
		signer(generation, "ap-singapore")
	}
	if len(client.signers) != 1 {
		t.Errorf("%d signers are kept after 100 credentials, want 1", len(client.signers))
	}
}

// TestRedactShortSecret checks that a short secret is removed as a word of its
// own only: it is part of many words that have nothing to do with it.
func TestRedactShortSecret(t *testing.T) {
	t.Parallel()
	secrets := newRedactor([]secret.Text{secret.New("x")})
	if got, want := secrets.redact("The task exists: x, 'x', fox."), "The task exists: (redacted), '(redacted)', fox."; got != want {
		t.Errorf("redact = %q, want %q", got, want)
	}
}
