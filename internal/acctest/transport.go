package acctest

import (
	"net/http"
	"testing"
)

// RoundTrip is a function as the transport of a provider.
type RoundTrip func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f RoundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// BeforeRequest calls a function before each request of the providers.
func (w *World) BeforeRequest(do func(*http.Request)) {
	next := w.Options.Transport
	w.Options.Transport = RoundTrip(func(request *http.Request) (*http.Response, error) {
		do(request)
		return next.RoundTrip(request)
	})
}

// AfterCall calls a function when the service has run a call of an action, before
// the provider receives the response.
func (w *World) AfterCall(action string, do func()) {
	next := w.Options.Transport
	w.Options.Transport = RoundTrip(func(request *http.Request) (*http.Response, error) {
		response, err := next.RoundTrip(request)
		if ActionOf(request) != action || err != nil {
			return response, err
		}
		do()
		if err := request.Context().Err(); err != nil { // Like a transport that is still waiting.
			_ = response.Body.Close()
			return nil, err
		}
		return response, nil
	})
}

// Offline fails the test when a provider sends a request.
func (w *World) Offline(t testing.TB) {
	t.Helper()
	w.Options.Transport = RoundTrip(func(request *http.Request) (*http.Response, error) {
		t.Errorf("a request went to %s", request.URL.Host)
		return nil, http.ErrServerClosed
	})
}

// ActionOf returns the action of a request.
func ActionOf(request *http.Request) string { return request.Header.Get("X-TC-Action") }
