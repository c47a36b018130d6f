package provider

import (
	"strings"
	"testing"
)

// TestTrustProxy checks that SSL_CERT_FILE is named only where Go reads it.
func TestTrustProxy(t *testing.T) {
	t.Parallel()
	for goos, want := range map[string]bool{"linux": true, "freebsd": true, "darwin": false, "windows": false} {
		text := trustProxy(goos)
		if got := strings.Contains(text, "SSL_CERT_FILE"); got != want || !strings.Contains(text, "trust store") {
			t.Errorf("%s: %q, want SSL_CERT_FILE named: %t", goos, text, want)
		}
	}
}
