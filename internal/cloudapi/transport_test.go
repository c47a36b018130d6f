package cloudapi_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/trtc-community/terraform-provider-trtc/internal/clock/clocktest"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

// TestCall_ConnectionLost breaks an exchange before the request is written, before the
// response and within its body.
func TestCall_ConnectionLost(t *testing.T) {
	t.Parallel()
	unknown := &net.DNSError{Err: "no such host", IsNotFound: true}
	reset := &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	quoting := errors.New("malformed " + canaryBody)
	const dialing, writing, reading = 0, 1, 2
	for name, c := range map[string]struct {
		stage int
		err   error
		shown bool // err is the cause
	}{
		"reset while dialing":     {dialing, reset, true},
		"no such host":            {dialing, unknown, true},
		"reset before the head":   {writing, reset, true},
		"closed before the head":  {writing, io.EOF, true},
		"not HTTP":                {writing, quoting, false},
		"reset after the head":    {reading, reset, true},
		"closed after the head":   {reading, io.ErrUnexpectedEOF, true},
		"not HTTP after the head": {reading, quoting, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := call(t, roundTrip(func(request *http.Request) (*http.Response, error) {
				if c.stage == writing {
					connect(request)
				}
				if c.stage < reading {
					return nil, c.err
				}
				return response(request, http.StatusOK, io.MultiReader(strings.NewReader(goodResponse[:20]), iotest.ErrReader(c.err))), nil
			}), start())
			outcomes := []cloudapi.Outcome{cloudapi.NotSent, cloudapi.Ambiguous, cloudapi.Ambiguous}
			reasons := []cloudapi.Reason{cloudapi.NoConnection, cloudapi.ConnectionLost, cloudapi.Unreadable}
			_ = expectFailure(t, err, outcomes[c.stage], reasons[c.stage], []int{0, 0, 200}[c.stage])
			if errors.Is(err, c.err) != c.shown {
				t.Errorf("error = %v, want the cause %v shown: %t", err, c.err, c.shown)
			}
		})
	}
}

// blocking is a body that ends its context when it is read, and then blocks.
type blocking struct {
	end func()
	ctx context.Context
}

func (b blocking) Read([]byte) (int, error) {
	b.end()
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

// TestCall_ContextEnds ends the context of a call by its deadline and by cancellation,
// before it, while it waits for a response, and within the body.
func TestCall_ContextEnds(t *testing.T) {
	t.Parallel()
	for reason, timedOut := range map[cloudapi.Reason]bool{cloudapi.TimedOut: true, cloudapi.Canceled: false} {
		// begin returns a context that knows only the cause of its end, and what ends it.
		begin := func(t *testing.T) (context.Context, func()) {
			t.Helper()
			fake := clocktest.New(clockStart)
			parent, cancel := fake.WithTimeout(t.Context(), time.Minute)
			child, cancelChild := context.WithCancel(parent)
			t.Cleanup(cancelChild)
			t.Cleanup(cancel)
			if timedOut {
				return child, func() { fake.Advance(time.Minute) }
			}
			return child, cancel
		}
		send := func(ctx context.Context, transport http.RoundTripper, request cloudapi.Request) error {
			_, err := newClient(transport).Call(ctx, permanentKey(), request, &taskOutput{})
			return err
		}
		t.Run(string(reason)+"/before", func(t *testing.T) {
			t.Parallel()
			ctx, end := begin(t)
			end()
			request := newServer(t, func(http.ResponseWriter, *http.Request) { t.Error("a request arrived") })
			_ = expectFailure(t, send(ctx, newTransport(t), request), cloudapi.NotSent, reason, 0)
		})
		t.Run(string(reason)+"/response", func(t *testing.T) {
			t.Parallel()
			ctx, end := begin(t)
			request := newServer(t, func(_ http.ResponseWriter, r *http.Request) {
				end()
				<-r.Context().Done()
			})
			_ = expectFailure(t, send(ctx, newTransport(t), request), cloudapi.Ambiguous, reason, 0)
		})
		t.Run(string(reason)+"/body", func(t *testing.T) {
			t.Parallel()
			ctx, end := begin(t)
			body := roundTrip(func(request *http.Request) (*http.Response, error) {
				return response(request, http.StatusOK, io.MultiReader(strings.NewReader(goodResponse[:20]), blocking{end, request.Context()})), nil
			})
			_ = expectFailure(t, send(ctx, body, start()), cloudapi.Ambiguous, reason, http.StatusOK)
		})
	}
}

// closeFunc is a function as a closer.
type closeFunc func() error

func (f closeFunc) Close() error { return f() }

// TestCall_ClosesBody checks that even a body that is not read to its end is closed:
// an open body holds its connection.
func TestCall_ClosesBody(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusFound, http.StatusSwitchingProtocols, http.StatusBadGateway} {
		for _, text := range []string{goodResponse, strings.Repeat(" ", 2*cloudapi.MaxBodyBytes)} {
			closed := false
			_ = call(t, roundTrip(func(request *http.Request) (*http.Response, error) {
				body := response(request, status, strings.NewReader(text))
				body.Body = struct {
					io.Reader
					io.Closer
				}{body.Body, closeFunc(func() error { closed = true; return nil })}
				return body, nil
			}), start())
			if !closed {
				t.Errorf("the body of %d bytes with status %d was not closed", len(text), status)
			}
		}
	}
}
