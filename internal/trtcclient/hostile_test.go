package trtcclient_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// lostRepeats is how many times a call that may run twice is sent again when
// its answers are lost.
const lostRepeats = 7

// TestHostileAnswers gives each action each answer, each time it asks.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	for name, hostile := range hostileAnswers {
		for action, run := range actions {
			t.Run(name+"/"+action, func(t *testing.T) {
				t.Parallel()
				var requests, elsewhere atomic.Int32
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
					if r.URL.Path != "/" {
						elsewhere.Add(1)
						return
					}
					requests.Add(1)
					hostile.serve(t, w)
				}))
				t.Cleanup(server.Close)
				var attempts []trtcclient.Attempt
				client := clientOf(t, server.URL, watch(&attempts))

				err := run(t.Context(), client)
				expectVerdict(t, err, action, hostile.want)
				want := 1
				if hostile.want.repeated && action != startAction {
					want += lostRepeats
				}
				if got := int(requests.Load()); got != want || len(attempts) != want {
					t.Errorf("%d requests arrived in %d attempts, want %d", got, len(attempts), want)
				}
				if elsewhere.Load() != 0 {
					t.Errorf("%d requests followed a redirect", elsewhere.Load())
				}
				expectClean(t, err)
				expectClean(t, attempts)
			})
		}
	}
}

// clientOf returns a client of the server at url, on a clock of its own.
func clientOf(t *testing.T, url string, changes ...func(*trtcclient.Config)) *trtcclient.Client {
	t.Helper()
	endpoint, err := cloudapi.ParseEndpoint(url)
	if err != nil {
		t.Fatal(err)
	}
	transport := cloudapi.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	config := trtcclient.Config{Endpoint: endpoint, Credentials: canaryKeys(), Transport: transport, Clock: clocktest.New(fakeStart)}
	for _, change := range changes {
		change(&config)
	}
	return trtcclient.New(config)
}

func expectVerdict(t *testing.T, err error, action string, want verdict) {
	t.Helper()
	if got := cloudapi.OutcomeOf(err); got != want.outcome || errors.Is(err, errWrongAnswer) {
		t.Fatalf("outcome = %v, want %v: %v", got, want.outcome, err)
	}
	var start *trtcclient.AmbiguousStartError
	if suspect := action == startAction && want.outcome == cloudapi.Ambiguous; errors.As(err, &start) != suspect {
		t.Errorf("error = %T, want it to be ambiguous: %v", err, suspect)
	}
	var failed *cloudapi.ExchangeError
	// A reset can overtake the head before it: then there is no status.
	if errors.As(err, &failed) && want.status >= 0 && (failed.Reason != want.reason || failed.Status != want.status) {
		t.Errorf("error = %+v, want reason %v and status %d", failed, want.reason, want.status)
	}
	if want.code != "" && !trtcclient.IsError(err, want.code) {
		t.Errorf("error = %v, want code %s", err, want.code)
	}
}

// expectClean checks that no form of value, or of an error that it wraps,
// holds a part of a body or a secret, and that errors are short.
func expectClean(t *testing.T, value any) {
	t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		if shown := fmt.Sprintf(verb, value); strings.Contains(shown, "canary") {
			t.Errorf("%T in %s shows what it must not: %.400s", value, verb, shown)
		}
	}
	err, ok := value.(error)
	if !ok {
		return
	}
	if len(err.Error()) >= 1<<10 {
		t.Errorf("%T has a text of %d bytes: %.200s", err, len(err.Error()), err)
	}
	switch wrapping := value.(type) {
	case interface{ Unwrap() error }:
		expectClean(t, wrapping.Unwrap())
	case interface{ Unwrap() []error }:
		for _, wrapped := range wrapping.Unwrap() {
			expectClean(t, wrapped)
		}
	}
}

// TestBodyThatNeverEnds lets the deadline of each attempt pass in the body.
func TestBodyThatNeverEnds(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := newService(t, trickle)
				err := run(t.Context(), service.client())
				expectVerdict(t, err, action, lost(cloudapi.TimedOut, http.StatusOK))
				want := 1 + lostRepeats
				if action == startAction {
					want = 1
				}
				if got := len(service.requests()); got != want {
					t.Errorf("%d requests were sent, want %d", got, want)
				}
				expectClean(t, err)
			})
		})
	}
}

// trickle answers with a body whose end does not come.
func trickle(request *http.Request) (*http.Response, error) {
	write(request)
	body := io.MultiReader(strings.NewReader(goodAnswer[:40]), stuck{request.Context()})
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body), Request: request}, nil
}

// stuck is a reader that waits for the end of its context.
type stuck struct{ context.Context }

func (s stuck) Read([]byte) (int, error) {
	<-s.Done()
	return 0, s.Err()
}
