package cloudapi_test

import (
	"bytes"
	"compress/gzip"
	"context"
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
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
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
			client, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) {
				here.Add(1)
				w.Header().Set("Location", other.URL)
				w.WriteHeader(status)
			})
			_, err := client.Call(t.Context(), temporaryKey(), request, &taskAnswer{})
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

// TestSwitchedProtocolIsRefused keeps a connection open after an answer with
// status 101: a client that reads from it waits without end.
func TestSwitchedProtocolIsRefused(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	client, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) {
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
	_, err := client.Call(t.Context(), permanentKey(), request, &taskAnswer{})
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
		client, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(pack(body))
		})
		_, err := client.Call(t.Context(), permanentKey(), request, &taskAnswer{})
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
	client, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Padding", strings.Repeat(canaryBody, 20<<10))
		_, _ = io.WriteString(w, goodAnswer)
	})
	_, err := client.Call(t.Context(), permanentKey(), request, &taskAnswer{})
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
			client, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) { raw(t, w, answer) })
			_, err := client.Call(t.Context(), permanentKey(), request, &taskAnswer{})
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
	if failed.Outcome != cloudapi.NotSent || failed.Reason != cloudapi.NoConnection {
		t.Errorf("error = %+v, want not sent, no connection", failed)
	}
	// The error number and its text depend on the system.
	cause, ok := errors.AsType[*net.OpError](err)
	if !ok || cause.Op != "dial" || !strings.HasSuffix(err.Error(), cause.Error()) {
		t.Errorf("error = %q, want the cause named", err)
	}
}

// broken is a body that breaks off with an error.
type broken struct {
	io.Reader

	err error
}

func (b broken) Read(into []byte) (int, error) {
	if n, err := b.Reader.Read(into); err == nil {
		return n, nil
	}
	return 0, b.err
}

func TestConnectionLostOnTheWay(t *testing.T) {
	t.Parallel()
	unknown := &net.DNSError{Err: "no such host", IsNotFound: true}
	reset := &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	quoting := errors.New("malformed " + canaryBody)
	for name, c := range map[string]struct {
		connect bool  // the request is written
		answer  bool  // the head of an answer comes back
		err     error // what the transport or the body then says
		outcome cloudapi.Outcome
		reason  cloudapi.Reason
		want    error // what remains of err; nil is none of it
	}{
		"while dialling":          {err: reset, outcome: cloudapi.NotSent, reason: cloudapi.NoConnection, want: reset},
		"no such host":            {err: unknown, outcome: cloudapi.NotSent, reason: cloudapi.NoConnection, want: unknown},
		"reset before the head":   {connect: true, err: reset, outcome: cloudapi.Ambiguous, reason: cloudapi.ConnectionLost, want: reset},
		"closed before the head":  {connect: true, err: io.EOF, outcome: cloudapi.Ambiguous, reason: cloudapi.ConnectionLost, want: io.EOF},
		"not HTTP":                {connect: true, err: quoting, outcome: cloudapi.Ambiguous, reason: cloudapi.ConnectionLost},
		"reset after the head":    {answer: true, err: reset, outcome: cloudapi.Ambiguous, reason: cloudapi.Unreadable, want: reset},
		"closed after the head":   {answer: true, err: io.ErrUnexpectedEOF, outcome: cloudapi.Ambiguous, reason: cloudapi.Unreadable, want: io.ErrUnexpectedEOF},
		"not HTTP after the head": {answer: true, err: quoting, outcome: cloudapi.Ambiguous, reason: cloudapi.Unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := inMemory(roundTrip(func(r *http.Request) (*http.Response, error) {
				if c.connect {
					connected(r)
				}
				if !c.answer {
					return nil, c.err
				}
				body := broken{Reader: strings.NewReader(goodAnswer[:20]), err: c.err}
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
			}))
			_, err := client.Call(t.Context(), permanentKey(), start(), &taskAnswer{})
			failed := failure(t, err)
			if failed.Outcome != c.outcome || failed.Reason != c.reason {
				t.Errorf("error = %+v, want %v, %v", failed, c.outcome, c.reason)
			}
			if c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error = %v, want it to hold %v", err, c.want)
			}
			if strings.Contains(err.Error(), canaryBody) {
				t.Errorf("the error quotes the answer: %v", err)
			}
		})
	}
}

func TestEncodingThatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"deflate", "br", "canary"} {
		t.Run(encoding, func(t *testing.T) {
			t.Parallel()
			client, request := onServer(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", encoding)
				_, _ = io.WriteString(w, goodAnswer)
			})
			_, err := client.Call(t.Context(), permanentKey(), request, &taskAnswer{})
			if failed := failure(t, err); failed.Outcome != cloudapi.Ambiguous || failed.Reason != cloudapi.Unreadable {
				t.Errorf("error = %+v, want ambiguous, unreadable", failed)
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error quotes the answer: %v", err)
			}
		})
	}
}

// endings are the two ways in which a context of one minute ends.
var endings = map[string]struct {
	end    func(*clocktest.Clock, context.CancelFunc)
	cause  error
	reason cloudapi.Reason
}{
	"deadline": {
		end:   func(fake *clocktest.Clock, _ context.CancelFunc) { fake.Advance(time.Minute) },
		cause: context.DeadlineExceeded, reason: cloudapi.TimedOut,
	},
	"cancellation": {
		end:   func(_ *clocktest.Clock, cancel context.CancelFunc) { cancel() },
		cause: context.Canceled, reason: cloudapi.Canceled,
	},
}

// minute returns a context of one minute on a clock of its own, and a child of
// it, which knows only the cause of its end.
func minute(t *testing.T) (*clocktest.Clock, context.Context, context.CancelFunc) {
	t.Helper()
	fake := clocktest.New(startOfTime)
	parent, cancel := fake.WithTimeout(t.Context(), time.Minute)
	child, cancelChild := context.WithCancel(parent)
	t.Cleanup(cancelChild)
	t.Cleanup(cancel)
	return fake, child, cancel
}

func TestContextEndsTheWaitForAnAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, ctx, cancel := minute(t)
			client, request := onServer(t, func(_ http.ResponseWriter, r *http.Request) {
				c.end(fake, cancel)
				<-r.Context().Done()
			})
			_, err := client.Call(ctx, permanentKey(), request, &taskAnswer{})
			if failed := failure(t, err); failed.Outcome != cloudapi.Ambiguous || failed.Reason != c.reason || failed.Status != 0 {
				t.Errorf("error = %+v, want ambiguous, %v, no status", failed, c.reason)
			}
		})
	}
}

// interrupted is a body whose second part never comes.
type interrupted struct {
	io.Reader

	ctx context.Context
	end func()
}

func (b interrupted) Read(into []byte) (int, error) {
	if n, err := b.Reader.Read(into); err == nil {
		return n, nil
	}
	b.end()
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

func TestContextEndsASlowBody(t *testing.T) {
	t.Parallel()
	for name, c := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, ctx, cancel := minute(t)
			client := inMemory(roundTrip(func(r *http.Request) (*http.Response, error) {
				body := interrupted{Reader: strings.NewReader(goodAnswer[:20]), ctx: r.Context(), end: func() { c.end(fake, cancel) }}
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
			}))
			_, err := client.Call(ctx, permanentKey(), start(), &taskAnswer{})
			if failed := failure(t, err); failed.Outcome != cloudapi.Ambiguous || failed.Reason != c.reason || failed.Status != http.StatusOK {
				t.Errorf("error = %+v, want ambiguous, %v, status 200", failed, c.reason)
			}
		})
	}
}

func TestContextThatEndedSendsNothing(t *testing.T) {
	t.Parallel()
	for name, c := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(c.cause)
			client, request := onServer(t, func(http.ResponseWriter, *http.Request) { t.Error("a request arrived") })
			_, err := client.Call(ctx, permanentKey(), request, &taskAnswer{})
			if failed := failure(t, err); failed.Outcome != cloudapi.NotSent || failed.Reason != c.reason || failed.Status != 0 {
				t.Errorf("error = %+v, want not sent, %v", failed, c.reason)
			}
		})
	}
}

// closable is a body that notes that it was closed.
type closable struct {
	io.Reader

	closed bool
}

func (b *closable) Close() error {
	b.closed = true
	return nil
}

// TestEveryBodyIsClosed covers the answers that are not read to the end, too:
// an open body holds its connection.
func TestEveryBodyIsClosed(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.Response{
		"read":       {StatusCode: http.StatusOK},
		"redirect":   {StatusCode: http.StatusFound},
		"switched":   {StatusCode: http.StatusSwitchingProtocols},
		"encoded":    {StatusCode: http.StatusOK, Header: http.Header{"Content-Encoding": {"br"}}},
		"bad status": {StatusCode: http.StatusBadGateway},
	} {
		for size, text := range map[string]string{"small": goodAnswer, "large": strings.Repeat(" ", 2*cloudapi.MaxBodyBytes)} {
			t.Run(name+" "+size, func(t *testing.T) {
				t.Parallel()
				body := &closable{Reader: strings.NewReader(text)}
				client := inMemory(roundTrip(func(request *http.Request) (*http.Response, error) {
					answer := answer
					answer.Body, answer.Request = body, request
					return &answer, nil
				}))
				_, _ = client.Call(t.Context(), permanentKey(), start(), &taskAnswer{})
				if !body.closed {
					t.Error("the body was not closed")
				}
			})
		}
	}
}
