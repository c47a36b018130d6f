package trtcclient_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// echo is a transport in memory that drains the request and answers.
type echo struct{}

func (echo) RoundTrip(request *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, request.Body); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(goodAnswer)), Request: request}, nil
}

func benchClient() *trtcclient.Client {
	return trtcclient.New(trtcclient.Config{
		Endpoint: international, Credentials: canaryKeys(), Transport: echo{}, RequestsPerSecond: 1_000_000_000,
	})
}

// BenchmarkStart measures a whole call: pacing, signing, sending, parsing.
func BenchmarkStart(b *testing.B) {
	client := benchClient()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := startTask(b.Context(), client, startInput()); err != nil {
			b.Fatal(err)
		}
	}
}
