package trtcclient_test

import (
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// BenchmarkStart measures a whole call: pacing, signing, sending, parsing.
func BenchmarkStart(b *testing.B) {
	client := trtcclient.New(trtcclient.Config{
		Endpoint: international, Credentials: canaryKeys(), API: over(success()), RequestsPerSecond: 1_000_000_000,
	})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := startTask(b.Context(), client, startInput()); err != nil {
			b.Fatal(err)
		}
	}
}
