package trtcclient_test

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// TestHostilePlaces sends each action to hosts that cannot be reached.
func TestHostilePlaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		place    func(*testing.T, *atomic.Int32) string
		reason   cloudapi.Reason
		attempts int
	}{
		"refused connection":         {refusing, cloudapi.NoConnection, 5},
		"certificate of nobody":      {untrusted, cloudapi.Untrusted, 1},
		"plain HTTP instead of TLS":  {plain, cloudapi.TLSRefused, 1},
		"nothing where TLS shall be": {mute, cloudapi.NoConnection, 5},
	} {
		for action, run := range actions {
			t.Run(name+"/"+action, func(t *testing.T) {
				t.Parallel()
				var requests atomic.Int32
				var attempts []trtcclient.Attempt
				err := run(t.Context(), clientOf(t, c.place(t, &requests), watch(&attempts)))
				expectVerdict(t, err, action, verdict{outcome: cloudapi.NotSent, reason: c.reason})
				if requests.Load() != 0 || len(attempts) != c.attempts {
					t.Errorf("%d requests arrived in %d attempts, want none in %d", requests.Load(), len(attempts), c.attempts)
				}
				expectClean(t, err)
			})
		}
	}
}

func counting(requests *atomic.Int32) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) })
}

func refusing(_ *testing.T, requests *atomic.Int32) string {
	server := httptest.NewServer(counting(requests))
	server.Close()
	return server.URL
}

func untrusted(t *testing.T, requests *atomic.Int32) string {
	t.Helper()
	server := httptest.NewUnstartedServer(counting(requests))
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

func plain(t *testing.T, requests *atomic.Int32) string {
	t.Helper()
	server := httptest.NewServer(counting(requests))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "http:", "https:", 1)
}

// mute closes every connection before a word is said.
func mute(t *testing.T, _ *atomic.Int32) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config.ConnState = hangUp
	server.Start()
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "http:", "https:", 1)
}

// TestHostThatDoesNotExist answers the look-up of the name itself.
func TestHostThatDoesNotExist(t *testing.T) {
	t.Parallel()
	for action, run := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			err := run(t.Context(), clientOf(t, "https://trtc.example.invalid", func(c *trtcclient.Config) { c.Transport = nameless() }))
			expectVerdict(t, err, action, verdict{outcome: cloudapi.NotSent, reason: cloudapi.NoConnection})
			if !strings.Contains(err.Error(), "no such host") {
				t.Errorf("error = %v, want the cause named", err)
			}
		})
	}
}

// nameless is a transport that finds no host.
func nameless() http.RoundTripper {
	transport := cloudapi.NewTransport()
	transport.Proxy = nil
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "trtc.example.invalid", IsNotFound: true}
	}
	return transport
}

// hangUp closes a connection as soon as it is there.
func hangUp(connection net.Conn, state http.ConnState) {
	if state == http.StateNew {
		_ = connection.Close()
	}
}

// quiet keeps what a server thinks of its clients out of the tests' output.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
