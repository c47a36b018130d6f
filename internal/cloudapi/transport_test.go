package cloudapi_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// failure is the ExchangeError that err must be.
func failure(t testing.TB, err error) *cloudapi.ExchangeError {
	t.Helper()
	var failed *cloudapi.ExchangeError
	if !errors.As(err, &failed) {
		t.Fatalf("error = %T %v, want an ExchangeError", err, err)
	}
	return failed
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{300, 301, 302, 303, 304, 307, 308} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			var elsewhere, here atomic.Int32
			other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
			defer other.Close()
			caller, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) {
				here.Add(1)
				w.Header().Set("Location", other.URL)
				w.WriteHeader(status)
			})
			_, err := caller.Call(t.Context(), temporaryKey(), request, &taskAnswer{})
			failed := failure(t, err)
			if failed.Outcome != cloudapi.Ambiguous || failed.Reason != cloudapi.Redirected || failed.Status != status {
				t.Errorf("error = %+v, want ambiguous, redirected, %d", failed, status)
			}
			if here.Load() != 1 || elsewhere.Load() != 0 {
				t.Errorf("%d requests here and %d elsewhere, want 1 and none", here.Load(), elsewhere.Load())
			}
		})
	}
}

// TestSwitchedProtocolIsRefused holds a connection that 101 handed over open:
// whoever read from it would wait for ever.
func TestSwitchedProtocolIsRefused(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	caller, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = connection.Close() }()
		_, _ = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
		<-over
	})
	defer close(over)
	_, err := caller.Call(t.Context(), permanentKey(), request, &taskAnswer{})
	if failed := failure(t, err); failed.Reason != cloudapi.BadStatus || failed.Outcome != cloudapi.Ambiguous || failed.Status != 101 {
		t.Errorf("error = %+v, want ambiguous, bad status, 101", failed)
	}
}

func TestUnpackedAnswerIsBoundedToo(t *testing.T) {
	t.Parallel()
	pack := func(body string) []byte {
		var packed bytes.Buffer
		writer := gzip.NewWriter(&packed)
		_, _ = io.WriteString(writer, body)
		_ = writer.Close()
		return packed.Bytes()
	}
	answer := func(body string) error {
		caller, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(pack(body))
		})
		_, err := caller.Call(t.Context(), permanentKey(), request, &taskAnswer{})
		return err
	}
	if err := answer(goodAnswer); err != nil {
		t.Errorf("a packed answer is not read: %v", err)
	}
	if failed := failure(t, answer(strings.Repeat(" ", 4<<20))); failed.Reason != cloudapi.TooLarge {
		t.Errorf("reason = %v, want %v", failed.Reason, cloudapi.TooLarge)
	}
}

func TestHeadOfAnswerIsBounded(t *testing.T) {
	t.Parallel()
	caller, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Padding", strings.Repeat(canaryBody, 20<<10))
		_, _ = io.WriteString(w, goodAnswer)
	})
	_, err := caller.Call(t.Context(), permanentKey(), request, &taskAnswer{})
	if failed := failure(t, err); failed.Reason != cloudapi.ConnectionLost || failed.Outcome != cloudapi.Ambiguous {
		t.Errorf("error = %+v, want ambiguous, connection lost", failed)
	}
}

// TestCauseNeverQuotesTheAnswer makes net/http and its kin quote what the host
// sent.
func TestCauseNeverQuotesTheAnswer(t *testing.T) {
	t.Parallel()
	long := canaryBody + strings.Repeat("x", 8<<10)
	for name, answer := range map[string]string{
		"no HTTP at all":      long + "\r\n\r\n",
		"no status":           "HTTP/1.1 " + long + "\r\n\r\n",
		"no header":           "HTTP/1.1 200 OK\r\n" + long + "\r\n\r\n",
		"no content length":   "HTTP/1.1 200 OK\r\nContent-Length: " + long + "\r\n\r\n",
		"no transfer coding":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + long + "\r\n\r\n",
		"two content lengths": "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: " + long + "\r\n\r\n",
		"no chunk":            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + long + "\r\n\r\n",
		"no trailer":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n0\r\n" + long + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			caller, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) { raw(t, w, answer) })
			_, err := caller.Call(t.Context(), permanentKey(), request, &taskAnswer{})
			failed := failure(t, err)
			if failed.Outcome != cloudapi.Ambiguous || (failed.Reason != cloudapi.ConnectionLost && failed.Reason != cloudapi.Unreadable) {
				t.Errorf("error = %+v, want ambiguous, and connection lost or unreadable", failed)
			}
			for err := err; err != nil; err = errors.Unwrap(err) {
				if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, canaryBody) || len(err.Error()) > 1<<10 {
					t.Errorf("%T quotes the answer, or too much: %.300s", err, text)
				}
			}
		})
	}
}

func TestUnreachableHostGetsNothing(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	transport := cloudapi.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	request := start()
	request.Endpoint = cloudapi.Endpoint{Scheme: "http", Host: listener.Addr().String()}
	_, err = inMemory(transport).Call(t.Context(), permanentKey(), request, &taskAnswer{})
	failed := failure(t, err)
	if failed.Outcome != cloudapi.NotSent || failed.Reason != cloudapi.NoConnection || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("error = %+v, want not sent, no connection, refused", failed)
	}
	if !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("error = %q, want the cause named", err)
	}
}
