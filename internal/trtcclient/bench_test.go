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
		Endpoint: international, Credentials: canaryKeys(), Transport: echo{}, RequestsPerSecond: 1e9,
	})
}

// benchStart and benchDescribe return whole calls: pacing, signing, sending,
// parsing.
func benchStart(tb testing.TB) func() {
	tb.Helper()
	client := benchClient()
	return func() {
		if _, err := client.Start(tb.Context(), region, startInput()); err != nil {
			tb.Fatal(err)
		}
	}
}

func benchDescribe(tb testing.TB) func() {
	tb.Helper()
	client := benchClient()
	return func() {
		if _, err := client.Describe(tb.Context(), task()); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkStart is what a creation costs.
func BenchmarkStart(b *testing.B) {
	start := benchStart(b)
	b.ReportAllocs()
	for b.Loop() {
		start()
	}
}

// BenchmarkDescribe is what a refresh costs.
func BenchmarkDescribe(b *testing.B) {
	describe := benchDescribe(b)
	b.ReportAllocs()
	for b.Loop() {
		describe()
	}
}

// BenchmarkDescribeInParallel shows what callers cost each other.
func BenchmarkDescribeInParallel(b *testing.B) {
	client := benchClient()
	b.ReportAllocs()
	b.RunParallel(func(loop *testing.PB) {
		for loop.Next() {
			if _, err := client.Describe(b.Context(), task()); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkExplain looks up the last entry and a code without one.
func BenchmarkExplain(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if trtcclient.Explain("NoSuchVersion").Code == "" || trtcclient.Explain("Surprise.OfTheYear").Code == "" {
			b.Fatal("no code")
		}
	}
}
